"""Opens what a replay reads from, and answers: a person, an office, its ledger, a figure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg

from events.contracts.catalogue import ALL
from events.log.history import History, KnownPoint
from events.log.postgres import PostgresLog
from events.rules.directory import Directory, Office
from events.rules.time import shanghai_day
from events.runtime.settings import Settings
from projections.api.lines import grouped, household_line, summary
from projections.cube.figures import Period, figure
from projections.cube.metric import Metric
from projections.cube.metrics import METRICS
from projections.engine.database import connect
from projections.engine.reference import Reference
from projections.replay import diff
from projections.replay.answering import Answer, NoSuchSubjectError, answered
from projections.replay.figure import Tell, numbers, replay_figure
from projections.replay.rows import KINDS, PAGE, LogIndex, TrailIndex, reaches, row_of, within


class ReadModelsNeededError(RuntimeError):
    """An office's ledger needs the read models to name its persons."""

    code = "read_models_needed"
    zh = "单位台账的回放需要读模型所在的数据库（BANGFU_READ_URL），且审计索引已到该时点。"
    en = "An office's ledger needs the read database (BANGFU_READ_URL), known up to that point."


@dataclass(slots=True)
class Replay:
    """Answers as of a point of knowledge. `connection` reads the read models, where there are any.

    Nothing of what it reads is kept: an answer is a pure function of the log up to the point.
    """

    history: History
    reference: Reference
    connection: asyncpg.Connection | None = None

    def as_of(self, seq: int) -> Directory:
        """Return the directory as of a seq."""
        return self.reference.at(seq)

    async def point(self, text: str) -> KnownPoint:
        """Read a point of knowledge and make the directory ready for it."""
        point = await self.history.point(text)
        await self.reference.upto(point.seq)
        return point

    async def person(self, person: str, valid: date | None, known_: str) -> Answer:
        """Answer a person's row: its groups of cells, cases, moves, corrections."""
        point = await self.point(known_)
        subject = f"person-{person}"
        index = await self._index(point.seq)
        facts = (await index.facts([subject], point.seq))[subject]
        row = row_of(facts, self.as_of, point.seq, valid)
        if row is None:
            raise NoSuchSubjectError(subject)
        case = row["cases"].get(row.get("case"), {})
        kept = ("cases", "moves", "corrections", "versions")
        answer = {**summary(row, case), "groups": grouped(row), **{k: row.get(k) for k in kept}}
        return answered({"person": person}, point, valid, answer)

    async def _index(self, seq: int) -> LogIndex | TrailIndex:
        trail = await self._trail(seq)
        return trail or LogIndex(self.history)

    async def _trail(self, seq: int) -> TrailIndex | None:
        found, source = self.connection, self.history.source
        if found is None or not await reaches(found, "audit_trail", source, seq):
            return None
        return TrailIndex(self.history, found)

    def _office(self, office: str, seq: int) -> Office:
        found = self.as_of(seq).office(office)
        if found is None:
            raise NoSuchSubjectError(f"office {office}")
        return found

    async def office(self, office: str, valid: date | None, known_: str) -> Answer:
        """Answer an office itself: name, place, leader, and the settings made for its area."""
        point = await self.point(known_)
        found, directory = self._office(office, point.seq), self.as_of(point.seq)
        day = valid or await self.day_of(point)
        leader = found.led_by(day)
        settings = [
            {"key": s.key, "path": s.path, "value": s.value, "from": s.from_day, "until": s.until}
            for of in directory.settings.values()
            for s in of
            if found.path.startswith(s.path)
        ]
        answer = {
            "office": found.id, "name": found.name_on(day), "path": found.path,
            "level": found.level, "parent": found.parent, "open": found.is_open(day),
            "mining_area": found.is_mining_area(day), "leader": leader.user if leader else None,
            "below": sorted(o.id for o in directory.below(office) if o.is_open(day)),
            "settings": sorted(settings, key=lambda s: (s["key"], s["path"], s["from"])),
        }  # fmt: skip
        return answered({"office": office}, point, valid, answer)

    async def day_of(self, point: KnownPoint) -> date:
        """Return the day of a point: the one asked for, or that of its event."""
        at: datetime | None = await self.history.recorded_at(point.seq)
        return point.day or (shanghai_day(at) if at else date.min)

    async def ledger(
        self, office: str, valid: date | None, known_: str, tell: Tell | None = None
    ) -> Answer:
        """Answer the ledger of an area: every person and household that belonged to it then."""
        point = await self.point(known_)
        path = self._office(office, point.seq).path
        lines: dict[str, list[Answer]] = {"person": [], "household": []}
        async for subject, facts in self._everyone(path, point.seq, tell):
            row = row_of(facts, self.as_of, point.seq, valid)
            if row is not None and within(row, path):
                lines[subject.partition("-")[0]].append(_line(row))
        answer = {"persons": lines["person"], "households": lines["household"]}
        return answered({"office": office, "ledger": True}, point, valid, answer)

    async def _everyone(
        self, path: str, seq: int, tell: Tell | None
    ) -> AsyncIterator[tuple[str, Any]]:
        """Yield the subjects of an area with their facts, a bounded page at a time."""
        trail = await self._trail(seq)
        if trail is None:
            raise ReadModelsNeededError
        read = 0
        for number, (kind, _) in enumerate(KINDS, 1):
            after = ""
            while page := await trail.once_in(path, kind, after):
                found = await trail.facts(page, seq)
                read += sum(map(len, found.values()))
                if tell:
                    tell(number, len(KINDS), read)
                for subject, facts in found.items():
                    yield subject, facts
                if len(page) < PAGE:
                    break
                after = page[-1]

    async def figure(
        self, asked: Figured, known_: str, tell: Tell | None = None, *, fold: bool = False
    ) -> Answer:
        """Answer a figure: at a day's end from the cube, else (or when told to fold) by replay."""
        point = await self.point(known_)
        path = self._office(asked.office, point.seq).path
        period = Period(asked.start, asked.finish, point.day)
        cube = await self._cube(point.seq) if point.day and not fold else None
        if cube is not None:
            found = await figure(cube, asked.metric.code, path, period)
        else:
            found = (
                await replay_figure(
                    self.history, self.as_of, asked.metric, path, period, point.seq, tell=tell
                )
            ).figure
        return answered(asked.question, point, asked.finish, numbers(found))

    async def _cube(self, seq: int) -> asyncpg.Connection | None:
        """Return where the cube is read, where it is known that far."""
        found, source = self.connection, self.history.source
        return found if found is not None and await reaches(found, "cube", source, seq) else None

    async def person_diff(self, person: str, valid: date | None, known_: tuple[str, str]) -> Answer:
        """Answer what differs in a person's row between two points, and why."""
        first, last = await self._points(known_)
        subject = f"person-{person}"
        index = await self._index(last.seq)
        facts = (await index.facts([subject], last.seq))[subject]
        if not facts:
            raise NoSuchSubjectError(subject)
        points, plans = (first.seq, last.seq), self.reference.changes(first.seq, last.seq)
        found = diff.person_changes(facts, self.as_of, points, plans, valid)
        return answered({"person": person, "from_known": first.seq}, last, valid, found)

    async def ledger_diff(
        self, office: str, valid: date | None, known_: tuple[str, str], tell: Tell | None = None
    ) -> Answer:
        """Answer which lines of an area's ledger differ between two points."""
        first, last = await self._points(known_)
        path = self._office(office, last.seq).path
        points, lines = (first.seq, last.seq), []
        async for subject, facts in self._everyone(path, last.seq, tell):
            line = diff.line_changes(subject, facts, self.as_of, path, points, valid)
            if line is not None:
                lines.append(line)
        return answered({"office": office, "from_known": first.seq}, last, valid, lines)

    async def figure_diff(
        self, asked: Figured, known_: tuple[str, str], tell: Tell | None = None
    ) -> Answer:
        """Answer how a figure differs between two points, by cases and events."""
        first, last = await self._points(known_)
        path = self._office(asked.office, last.seq).path
        period = Period(asked.start, asked.finish)
        old, new = [
            await replay_figure(
                self.history, self.as_of, asked.metric, path, period, seq, cases=True, tell=tell
            )
            for seq in (first.seq, last.seq)
        ]
        found = diff.figure_changes(old, new)
        question = {**asked.question, "from_known": first.seq}
        return answered(question, last, asked.finish, found)

    async def _points(self, known_: tuple[str, str]) -> tuple[KnownPoint, KnownPoint]:
        """Read two points, the earlier one first."""
        one, other = [await self.point(text) for text in known_]
        return (one, other) if one.seq <= other.seq else (other, one)


@dataclass(frozen=True, slots=True)
class Figured:
    """Which figure of which office over which days."""

    metric: Metric
    office: str
    start: date
    finish: date

    @classmethod
    def of(cls, code: str, office: str, start: date, finish: date) -> Figured:
        """Name a figure. Raises NoSuchSubjectError for an unknown metric."""
        if code not in METRICS:
            raise NoSuchSubjectError(f"figure {code}")
        return cls(METRICS[code], office, start, finish)

    @property
    def question(self) -> Answer:
        """Return it as the answer states it."""
        return {
            "figure": self.metric.code, "office": self.office,
            "from": self.start.isoformat(), "to": self.finish.isoformat(),
        }  # fmt: skip


def _line(row: Any) -> Answer:  # noqa: ANN401
    if "person" in row:
        return summary(row, row["cases"].get(row.get("case"), {}))
    return household_line(row)


@asynccontextmanager
async def open_replay(settings: Settings) -> AsyncIterator[Replay]:
    """Open the log, and the read models where their address is given. Raises LogClosedError."""
    dsn = settings.secret("log_url")
    log = await PostgresLog.open(dsn, lanes=1, readers=1)
    history = await History.open(dsn)
    connection = None
    try:
        if settings.read_url is not None:
            connection = await connect(settings.secret("read_url"))
        yield Replay(history, Reference(log, log.source, ALL, log.epoch), connection)
    finally:
        if connection is not None:
            await connection.close()
        await history.close()
        await log.close()
