"""The one imperative loop around every decision: load, decide, append.

A lost race is decided again from fresh history, a bounded number of times. A refusal is final only
when nothing newer was found and the command's id is unknown: an accepted id answers the same
for ever (design.md 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from events.contracts.base import Catalogue, Event, Recorded, Ref, StreamId, ident
from events.contracts.classes import marks
from events.contracts.streams import STREAM_KINDS
from events.log.port import Append, Appended, AppendLog, Conflict
from events.rules.directory import Directory
from events.runtime.ids import IdSource
from services.kit.answers import Accepted, Caused, Sent, repeated, token
from services.kit.decider import (
    FUTURE,
    Command,
    Context,
    DomainError,
    Ids,
    MissingError,
    Outcome,
    Reason,
    Take,
    World,
)
from services.kit.drafting import Drafter, Run, appended, claims_of
from services.kit.keyring import Keyring
from services.kit.loading import Loader, LoopFacts

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
        self._drafter = Drafter(keyring, ids)
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

    async def _decided(self, sent: Sent, facts: LoopFacts, ids: _FreshIds) -> Run | Accepted:
        fresh = False
        for _ in range(STEPS):
            ids.rewind()
            run = Run(self._world(sent, facts, ids), facts)
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
        if kept != self._drafter.fingerprint(sent):
            raise DomainError(OTHER_BODY)
        return await self._repeated(sent)

    async def _repeated(self, sent: Sent) -> Accepted:
        stored = await self._log.command(sent.command_id) or []
        return repeated(self._log.source, sent.command_id, stored)

    async def _append(self, sent: Sent, run: Run) -> Accepted | Conflict:
        fingerprint = self._drafter.fingerprint(sent)
        touches = await self._drafter.touches(sent, run, fingerprint)
        await self._check_expected(sent, run)
        append = Append(sent.command_id, fingerprint, touches, claims_of(run))
        answer = await self._log.append(append, run.world.now)
        if isinstance(answer, Conflict):
            if answer.why == "command_id":
                raise DomainError(OTHER_BODY)
            return answer
        if answer.duplicate:
            return await self._repeated(sent)
        return self._appended(sent, run, answer)

    async def _check_expected(self, sent: Sent, run: Run) -> None:
        """Compare the version that a form was shown with the stream that it addresses."""
        if sent.expected is None:
            return
        addressed = _addressed(sent.command, [*run.drafts, *run.facts.asked])
        if addressed is None:
            return
        actual = run.expected(addressed)
        if actual != sent.expected:
            newer = (await self.loader.stored({addressed: sent.expected}))[addressed]
            facts = await self.loader.facts(newer, opens=False)
            raise StaleError(addressed, sent.expected, actual, facts)

    def _appended(self, sent: Sent, run: Run, answer: Appended) -> Accepted:
        caused: list[Caused] = []
        marks: dict[int, int] = {}
        source = self._log.source
        for stream, facts in appended(source, sent, run, answer).items():
            caused += [Caused(f.type, f.event_id, f.stream, f.version) for f in facts]
            marks |= {f.slice: f.position for f in facts}
            self.loader.note(stream, run.expected(stream), facts)
        return Accepted(str(sent.command_id), tuple(caused), token(source, marks))

    def _lost(self, run: Run, conflict: Conflict, lost: int, generated: int) -> tuple[int, int]:
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
