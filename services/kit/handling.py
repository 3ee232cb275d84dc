"""The one imperative loop around every decision: load, decide, append.

A lost race is decided again from fresh history, a bounded number of times. A refusal is final only
when nothing newer was found and the command's id is unknown: an accepted id answers the same
for ever (design.md 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from events.contracts.base import Catalogue, Event, Recorded, Ref, StreamId, ident
from events.contracts.classes import marks
from events.contracts.streams import STREAM_KINDS
from events.log.port import Append, Appended, AppendLog, Claim, Conflict, Draft, Stored, Touch
from events.rules.access import Principal
from events.rules.directory import Directory
from events.runtime.ids import IdSource
from services.kit.decider import (
    FUTURE,
    Command,
    Context,
    DomainError,
    Fact,
    Ids,
    MissingError,
    Outcome,
    Reason,
    Release,
    Take,
    World,
)
from services.kit.keyring import Keyring
from services.kit.loading import Loader, LoopFacts
from services.kit.recorded import in_text
from services.kit.sealing import Place, canonical, dump, seal, subjects

ATTEMPTS = 3
GENERATED_ATTEMPTS = 8
STEPS = 200
AHEAD = timedelta(minutes=5)

LOST_RACE = Reason(
    "version_conflict",
    "",
    "他人刚刚办理了同一事项。",
    "Somebody else has just acted on this.",
    "请查看最新情况后再办。",
    "Look at the latest state and try again.",
    409,
)
TAKEN = Reason(
    "claim_taken",
    "",
    "该事项已被占用：{claim}。",
    "Already taken: {claim}.",
    "请先办结占用它的事项。",
    "Finish what holds it first.",
)
OTHER_BODY = Reason(
    "command_id_reused",
    "",
    "同一编号已用于另一内容的命令。",
    "This id was used for another command.",
    "请用新的编号重新提交。",
    "Send it again under a new id.",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as it arrived, authenticated. `raw` is what its fingerprint is taken of."""

    command: Command
    command_id: UUID
    principal: Principal
    raw: bytes
    expected: int | None = None
    correlation_id: str = ""
    causation_id: str = ""


@dataclass(frozen=True, slots=True)
class Caused:
    """One event that a command caused."""

    type: str
    event_id: str
    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A durable answer; `after` is the token that a query waits for."""

    command_id: str
    events: tuple[Caused, ...]
    after: str
    duplicate: bool = False


@dataclass(slots=True)
class _Run:
    """One decision with everything it looked at."""

    world: World
    facts: LoopFacts
    outcome: Outcome = ()
    drafts: dict[StreamId, list[tuple[Fact, Draft, dict[str, str]]]] = field(default_factory=dict)


class StaleError(Exception):
    """The form was built on an older version: says who acted since, what and when."""

    def __init__(self, stream: str, expected: int, actual: int, newer: list[Recorded[Any]]) -> None:
        super().__init__("version_conflict")
        self.stream, self.expected, self.actual, self.newer = stream, expected, actual, newer


class _FreshIds:
    """The same ids for every run of one decision."""

    def __init__(self, source: IdSource) -> None:
        self._source, self._made, self._at = source, list[str](), 0

    def rewind(self, *, forget: bool = False) -> None:
        """Start over; `forget` the ids too, where a generated key was lost."""
        self._at = 0
        if forget:
            self._made.clear()

    def next(self) -> str:
        """Return the next id."""
        if self._at == len(self._made):
            self._made.append(str(self._source.new()))
        self._at += 1
        return self._made[self._at - 1]


class Handler:
    """Carries out commands of every context against one log."""

    def __init__(
        self,
        log: AppendLog,
        contexts: Iterable[Context],
        catalogue: Catalogue[Event],
        keyring: Keyring,
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
        ids: IdSource,
    ) -> None:
        self._log, self._catalogue, self._keyring = log, catalogue, keyring
        self._directory, self._now, self._ids = directory, now, ids
        self.loader = Loader(log, catalogue, keyring)
        self._decide = {k: d for c in contexts for k, d in c.deciders.by_command.items()}

    async def handle(self, sent: Sent) -> Accepted:
        """Carry out one command.

        Raises DomainError (refused by a rule), StaleError, KeysUnavailableError,
        SubjectShreddedError, LogClosedError.
        """
        ids, lost, generated = _FreshIds(self._ids), 0, 0
        facts = LoopFacts(self.loader)
        while True:
            run = await self._decided(sent, facts, ids)
            if isinstance(run, Accepted):
                return run
            answer = await self._append(sent, run)
            if isinstance(answer, Accepted):
                return answer
            lost, generated = self._lost(run, answer, lost, generated)
            ids.rewind(forget=True)
            await facts.renew()

    async def _decided(self, sent: Sent, facts: LoopFacts, ids: _FreshIds) -> _Run | Accepted:
        fresh = False
        for _ in range(STEPS):
            ids.rewind()
            run = _Run(self._world(sent, facts, ids), facts)
            try:
                run.outcome = self._judge(sent.command, run.world)
            except MissingError:
                await facts.fetch()
                continue
            except DomainError:
                if (known := await self._known(sent)) is not None:
                    return known
                if not fresh and await facts.renew():
                    fresh = True
                    continue
                if run.world.authorised:
                    await self._check_expected(sent, run)
                raise
            if not run.world.authorised:
                raise RuntimeError(f"{sent.command.type} decides without authorising")
            return run
        raise RuntimeError(f"{sent.command.type} never finds all it asks for")

    def _world(self, sent: Sent, facts: LoopFacts, ids: Ids) -> World:
        now = self._now()
        return World(
            facts=facts,
            principal=sent.principal,
            directory=self._directory(),
            now=now,
            at=sent.command.occurred_at or now,
            ids=ids,
            secret=self._keyring.keyed,
            command=type(sent.command),
            command_id=str(sent.command_id),
        )

    def _judge(self, command: Command, world: World) -> Outcome:
        latest = max(world.at, command.reported_at or world.at)
        if latest > world.now + AHEAD:
            raise DomainError(FUTURE)
        return self._decide[type(command)](command, world)

    async def _known(self, sent: Sent) -> Accepted | None:
        kept = await self._log.fingerprint(sent.command_id)
        if kept is None:
            return None
        if kept != self._fingerprint(sent):
            raise DomainError(OTHER_BODY)
        stored = await self._log.command(sent.command_id) or []
        return self._answer(sent, stored, duplicate=True)

    def _fingerprint(self, sent: Sent) -> bytes:
        who = sent.principal.user.encode()
        return self._keyring.keyed_bytes("fingerprint", sent.raw + b"\n" + who)

    async def _append(self, sent: Sent, run: _Run) -> Accepted | Conflict:
        fingerprint = self._fingerprint(sent)
        touches = await self._touches(sent, run, fingerprint)
        await self._check_expected(sent, run)
        append = Append(sent.command_id, fingerprint, touches, _claims(run))
        answer = await self._log.append(append, run.world.now)
        if isinstance(answer, Conflict):
            if answer.why == "command_id":
                raise DomainError(OTHER_BODY)
            return answer
        if answer.duplicate:
            return self._answer(
                sent, await self._log.command(sent.command_id) or [], duplicate=True
            )
        return self._appended(sent, run, answer)

    async def _touches(self, sent: Sent, run: _Run, fingerprint: bytes) -> tuple[Touch, ...]:
        facts = [part for part in run.outcome if isinstance(part, Fact)]
        bodies = [dump(fact.event) for fact in facts]
        owners: set[str] = set()
        for fact, body in zip(facts, bodies, strict=True):
            owners |= subjects(type(fact.event), body, fact.subject)
        keys = await self._keyring.of(owners) if owners else {}
        written = {fact.stream: fact.subject for fact in facts}
        base = {s: self._expected(run, s) for s in dict.fromkeys([*written, *run.facts.asked])}
        for fact, body in zip(facts, bodies, strict=True):
            on_stream = run.drafts.setdefault(fact.stream, [])
            meta = self._meta(sent, run, fact, fingerprint, first=not on_stream)
            place = Place(fact.event.type, fact.stream, base[fact.stream] + len(on_stream) + 1)
            data = seal(type(fact.event), body, fact.subject, place, keys, self._nonce)
            salt = self._keyring.random(16)
            event_id = self._ids.new()
            draft = Draft(event_id, fact.event.type, canonical(dict(meta)), data, salt)
            on_stream.append((fact, draft, meta))
        touches: list[Touch] = []
        for stream, expected in base.items():
            drafts = tuple(d for _, d, _ in run.drafts.get(stream, ()))
            subject = written.get(stream) or run.facts.subject(stream)
            if subject is not None:
                touches.append(Touch(stream, subject, expected, drafts))
        return tuple(touches)

    def _nonce(self) -> bytes:
        return self._keyring.random(12)

    @staticmethod
    def _expected(run: _Run, stream: StreamId) -> int:
        return run.facts.version(stream) if stream in run.facts.asked else 0

    def _meta(
        self, sent: Sent, run: _Run, fact: Fact, fingerprint: bytes, *, first: bool
    ) -> dict[str, str]:
        who, world = sent.principal, run.world
        meta = {
            "actor": who.user,
            "role": world.role,
            "office": who.office,
            "area": who.path,
            "auth": world.authorised or "",
            "occurred_at": in_text(world.at),
            "directory": str(world.directory.seq),
            "rule_set": world.rule_set,
        }
        if first:
            meta["fingerprint"] = fingerprint.hex()
            if claims := _claims_text(run, fact.stream):
                meta["claims"] = claims
        optional = {
            "on_behalf_of": who.on_behalf_of,
            "reported_at": sent.command.reported_at and in_text(sent.command.reported_at),
            "correlation_id": sent.correlation_id,
            "causation_id": sent.causation_id,
        }
        return meta | {k: v for k, v in optional.items() if v}

    async def _check_expected(self, sent: Sent, run: _Run) -> None:
        """Compare the version that a form was shown with the stream that it addresses."""
        if sent.expected is None:
            return
        addressed = _addressed(sent.command, [*run.drafts, *run.facts.asked])
        if addressed is None:
            return
        actual = self._expected(run, addressed)
        if actual != sent.expected:
            newer = (await self.loader.stored({addressed: sent.expected}))[addressed]
            facts = await self.loader.facts(newer, opens=False)
            raise StaleError(addressed, sent.expected, actual, facts)

    def _appended(self, sent: Sent, run: _Run, answer: Appended) -> Accepted:
        caused: list[Caused] = []
        positions = _positions(answer, sum(map(len, run.drafts.values())))
        marks: dict[int, int] = {}
        for stream, entries in run.drafts.items():
            expected = self._expected(run, stream)
            facts = [
                _as_recorded(
                    self._log.source,
                    fact,
                    draft,
                    meta,
                    expected + i,
                    next(positions),
                    answer.at,
                    sent,
                )
                for i, (fact, draft, meta) in enumerate(entries, 1)
            ]
            caused += [Caused(f.type, f.event_id, f.stream, f.version) for f in facts]
            marks |= {f.slice: f.position for f in facts}
            self.loader.note(stream, expected, facts)
        return Accepted(str(sent.command_id), tuple(caused), self._token(marks))

    def _answer(self, sent: Sent, stored: list[Stored], *, duplicate: bool) -> Accepted:
        caused = tuple(Caused(e.type, str(e.event_id), e.stream, e.version) for e in stored)
        marks = {e.slice: e.position for e in sorted(stored, key=lambda e: e.position)}
        return Accepted(str(sent.command_id), caused, self._token(marks), duplicate)

    def _token(self, marks: Mapping[int, int]) -> str:
        """Write the token a query waits for: the node, the last position, each slice's own."""
        if not marks:
            return ""
        last = max(marks.values())
        slices = ",".join(f"{s}@{p}" if p != last else str(s) for s, p in sorted(marks.items()))
        return f"{self._log.source}:{last}:{slices}"

    def _lost(self, run: _Run, conflict: Conflict, lost: int, generated: int) -> tuple[int, int]:
        """Count a lost race; raise when it is final."""
        if conflict.why == "claim":
            key = conflict.what.split(" ", 1)[0]
            take = next((p for p in run.outcome if isinstance(p, Take) and p.key == key), None)
            if take is None or not take.generated or generated >= GENERATED_ATTEMPTS:
                raise DomainError(take.refusal if take and take.refusal else TAKEN, claim=key)
            return lost, generated + 1
        if lost + 1 >= ATTEMPTS or conflict.why == "subject":
            raise DomainError(LOST_RACE, stream=conflict.what)
        return lost + 1, generated


def slice_of(subject: str) -> int:
    """Return a subject's slice: crc32 of its bytes modulo 256, fixed for ever."""
    return crc32(subject.encode()) % 256


def _addressed(command: Command, streams: Iterable[StreamId]) -> StreamId | None:
    """Return the stream that a command names first: its own context's, where two share an id."""
    context = command.type.partition(".")[0]
    for name, info in type(command).model_fields.items():
        if not any(isinstance(mark, Ref) for mark in marks(info)):
            continue
        named = [s for s in streams if ident(s) == getattr(command, name)]
        own = [s for s in named if STREAM_KINDS[s.partition("-")[0]].context == context]
        if own or named:
            return (own or named)[0]
    return None


def _positions(answer: Appended, count: int) -> Iterator[int]:
    """Yield each event's position; the last one for all where other appends came in between."""
    first, last = answer.first or 0, answer.last or 0
    if last - first + 1 == count:
        yield from range(first, last + 1)
    while True:
        yield last


def _claims(run: _Run) -> tuple[Claim, ...]:
    return tuple(
        Claim(part.key, part.stream, take=isinstance(part, Take))
        for part in run.outcome
        if isinstance(part, Take | Release)
    )


def _claims_text(run: _Run, stream: StreamId) -> str:
    return " ".join(
        ("+" if claim.take else "-") + claim.key for claim in _claims(run) if claim.stream == stream
    )


def _as_recorded(
    source: str, fact: Fact, draft: Draft, meta: Mapping[str, str], version: int,
    position: int, at: datetime, sent: Sent,
) -> Recorded[Any]:  # fmt: skip
    return Recorded(
        event=fact.event,
        event_id=str(draft.event_id),
        type=draft.type,
        source=source,
        stream=fact.stream,
        subject=fact.subject,
        version=version,
        position=position,
        slice=slice_of(fact.subject),
        command_id=str(sent.command_id),
        occurred_at=datetime.fromisoformat(meta["occurred_at"]),
        recorded_at=at,
        actor=meta["actor"],
        role=meta["role"],
        office=meta["office"],
        area=meta["area"],
        meta=dict(meta),
    )
