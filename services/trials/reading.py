"""Reads what a slice's cases were judged from: their persons, and whom their households name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from events.contracts import assistance, certification, posts, registry, streams
from events.contracts.base import Catalogue, Event, Recorded, union_members
from events.contracts.corrections import RESTATING
from events.log.history import History
from events.log.port import Stored
from services.kit.keyring import Keyring
from services.kit.lookback import Past
from services.kit.recorded import keys_needed, recorded

_JUDGED_FROM: tuple[type[Event], ...] = (
    *union_members(certification.CaseEvent, registry.PersonStreamEvent),
    posts.PlacedInJob,
    posts.EmploymentEnded,
    assistance.StatusReported,
)
TYPES = RESTATING | {event.type for event in _JUDGED_FROM}
"""What a certification and its end are judged from."""
_CASE = f"{streams.CERTIFICATION.name}-"
_PERSON = f"{streams.PERSON.name}-"
_WORK = f"{streams.EMPLOYMENT.name}-"


@dataclass(slots=True)
class Reader:
    """Reads history up to a seq; only a person's own stream is opened, and only in memory."""

    history: History
    catalogue: Catalogue[Event]
    keyring: Keyring
    until: int

    async def slice(self, slice_: int) -> tuple[Past, list[str]]:
        """Return what a slice's cases need, and their subjects in order."""
        by_subject = dict[str, list[Stored]]()
        async for page in self.history.line(slice_, self.until, TYPES):
            for event in page:
                by_subject.setdefault(event.subject, []).append(event)
        applied = {s: own for s, own in by_subject.items() if _has_case(own)}
        past = Past()
        past.add(await self._facts([e for own in applied.values() for e in own]))
        await self._households(past)
        return past, sorted(applied)

    async def _facts(self, stored: Sequence[Stored]) -> list[Recorded[Any]]:
        own = [e for e in stored if e.stream.startswith(_PERSON)]
        keys = await self.keyring.by_id(keys_needed(own, self.catalogue))
        source = self.history.source
        return [
            recorded(e, self.catalogue, source, keys if e.stream.startswith(_PERSON) else None)
            for e in stored
        ]

    async def _households(self, past: Past) -> None:
        """Read the households that were applied for, and what their members are judged from."""
        homes = {streams.HOUSEHOLD.of(h) for h in _households(past)}
        past.add(await self._facts(await self.history.streams(homes, self.until)))
        members = {f"person-{m}" for home in homes for m in _members(past.streams.get(home, ()))}
        missing = [m for m in sorted(members) if m not in past.of]
        cases = await self.history.streams_about(streams.CERTIFICATION.name, missing)
        own = [m.replace(_PERSON, kind, 1) for m in missing for kind in (_PERSON, _WORK)]
        past.add(await self._facts(await self.history.streams([*own, *cases], self.until)))


def _has_case(stored: Iterable[Stored]) -> bool:
    return any(e.stream.startswith(_CASE) for e in stored)


def _households(past: Past) -> Iterator[str]:
    for facts in past.streams.values():
        for fact in facts:
            match fact.event:
                case certification.ApplicationFiled(household=str(own)):
                    yield own
                case certification.ApplicationResubmitted(changes=changes) if changes is not None:
                    if changes.household is not None:
                        yield changes.household
                case _:
                    continue


def _members(facts: Iterable[Recorded[Any]]) -> Iterator[str]:
    for fact in facts:
        match fact.event:
            case registry.HouseholdFormed(members=members):
                yield from (m.person for m in members)
            case registry.MemberAdded(person=person):
                yield person
            case _:
                continue
