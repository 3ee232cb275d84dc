"""From a decision to what is appended: claims, envelopes, sealed bodies; and back to facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.contracts.base import Recorded, StreamId
from events.log.hashing import slice_of
from events.log.port import Appended, Claim, Draft, Touch
from events.rules.time import in_text
from events.runtime.ids import IdSource
from services.kit.answers import Sent
from services.kit.decider import Fact, Outcome, Release, Take, World
from services.kit.keyring import Keyring
from services.kit.loading import LoopFacts
from services.kit.sealing import Place, canonical, dump, seal, subjects


@dataclass(slots=True)
class Run:
    """One decision with everything it looked at."""

    world: World
    facts: LoopFacts
    outcome: Outcome = ()
    drafts: dict[StreamId, list[tuple[Fact, Draft, dict[str, str]]]] = field(default_factory=dict)

    def expected(self, stream: StreamId) -> int:
        """Return the version at which a stream was looked at; 0 for a new one."""
        return self.facts.version(stream) if stream in self.facts.asked else 0


class Drafter:
    """Drafts the events of a run: their envelopes, and their bodies sealed in place."""

    def __init__(self, keyring: Keyring, ids: IdSource) -> None:
        self._keyring, self._ids = keyring, ids

    def fingerprint(self, sent: Sent) -> bytes:
        """Return what a repeated id is compared by: who sent it and its body, keyed."""
        who = sent.principal.user.encode()
        return self._keyring.keyed_bytes("fingerprint", sent.raw + b"\n" + who)

    async def touches(self, sent: Sent, run: Run, fingerprint: bytes) -> tuple[Touch, ...]:
        """Return what a run writes, sealed, with its envelopes, and what it only looked at."""
        facts = [part for part in run.outcome if isinstance(part, Fact)]
        bodies = [dump(fact.event) for fact in facts]
        owners: set[str] = set()
        for fact, body in zip(facts, bodies, strict=True):
            owners |= subjects(type(fact.event), body, fact.subject)
        keys = await self._keyring.of(owners) if owners else {}
        written = {fact.stream: fact.subject for fact in facts}
        base = {s: run.expected(s) for s in dict.fromkeys([*written, *run.facts.asked])}
        for fact, body in zip(facts, bodies, strict=True):
            on_stream = run.drafts.setdefault(fact.stream, [])
            meta = _meta(sent, run, fact, fingerprint, first=not on_stream)
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


def _meta(sent: Sent, run: Run, fact: Fact, fingerprint: bytes, *, first: bool) -> dict[str, str]:
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


def claims_of(run: Run) -> tuple[Claim, ...]:
    """Return the claims that a run takes and gives back."""
    return tuple(
        Claim(part.key, part.stream, take=isinstance(part, Take))
        for part in run.outcome
        if isinstance(part, Take | Release)
    )


def _claims_text(run: Run, stream: StreamId) -> str:
    own = (claim for claim in claims_of(run) if claim.stream == stream)
    return " ".join(("+" if claim.take else "-") + claim.key for claim in own)


def appended(
    source: str, sent: Sent, run: Run, answer: Appended
) -> dict[StreamId, list[Recorded[Any]]]:
    """Return the facts that a run became, by stream, as the log now has them."""
    positions = _positions(answer, sum(map(len, run.drafts.values())))
    found: dict[StreamId, list[Recorded[Any]]] = {}
    for stream, entries in run.drafts.items():
        for version, entry in enumerate(entries, run.expected(stream) + 1):
            at = (run.world.at, answer.at)
            fact = _as_recorded(source, *entry, version, next(positions), at, sent)
            found.setdefault(stream, []).append(fact)
    return found


def _positions(answer: Appended, count: int) -> Iterator[int]:
    """Yield each event's position; the last one for all where other appends came in between."""
    first, last = answer.first or 0, answer.last or 0
    if last - first + 1 == count:
        yield from range(first, last + 1)
    while True:
        yield last


def _as_recorded(
    source: str, fact: Fact, draft: Draft, meta: dict[str, str], version: int,
    position: int, at: tuple[datetime, datetime], sent: Sent,
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
        occurred_at=at[0],
        recorded_at=at[1],
        actor=meta["actor"],
        role=meta["role"],
        office=meta["office"],
        area=meta["area"],
        meta=meta,
    )
