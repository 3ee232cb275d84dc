"""Reads of personal data: whom one may read now, tickets for full numbers, and the record (X14).

A read that cannot be recorded does not happen: the record comes first.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from events.contracts import registry, streams
from events.contracts.base import Body, Code, EventId, Recorded, StreamId, ident
from events.rules.access import Action, Decision, Principal, Resource, decide
from events.rules.emergencies import Emergencies, evolve, open_to
from events.rules.prints import printing
from events.runtime.ids import IdSource
from services.kit.answers import Sent
from services.kit.decider import FORBIDDEN, Command, DomainError, Fold, Reason
from services.kit.handling import LOST_RACE, Handler

READERS = frozenset({"readers"})
READING = Action("open", READERS, "query")
AUDITOR = "auditor"
AUDITING = Action("open.audit", READERS | {AUDITOR}, "query")
"""Opening with a stated purpose, which the audit may as well."""
RECORD, RECORD_PAGE = "registry.record_read", "registry.record_reads"
_PLACE = re.compile(r"\[\d+\]")

TICKET_UNKNOWN = Reason(
    "ticket_unknown", "", "没有这一显示申请，或它不属于您、此人或此号码。",
    "There is no such ticket, or it is not yours, this person's or this field's.",
    "请先申请显示完整号码。", "Ask to reveal the number first.", 403,
)  # fmt: skip
TICKET_USED = Reason(
    "ticket_used", "", "该显示申请已经使用过。", "The ticket was used already.",
    "如仍需查看，请重新申请并说明理由。", "Ask again, with the reason.", 409,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a person or household belongs, whom a read of it concerns, and what bars one."""

    office: str = ""
    persons: frozenset[str] = frozenset()
    restricted: bool = False
    shredded: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """A subject that may be read now: by which role, and under which emergency, if any."""

    subject: Subject
    role: str
    under: str | None = None

    @property
    def closed(self) -> bool:
        """Tell whether processing is restricted: its keys then serve the audit alone (A14)."""
        return self.subject.restricted and self.role != AUDITOR


def _subject(state: Subject, fact: Recorded[Any]) -> Subject:
    """Fold whose area answers for a person or household (R43), and who its members are."""
    match fact.event:
        case registry.PersonRegistered(residence=office):
            return Subject(office, frozenset({ident(fact.subject)}))
        case registry.TransferAccepted(to=office):
            return replace(state, office=office)
        case registry.ProcessingRestricted():
            return replace(state, restricted=True)
        case registry.SubjectShredded():
            return replace(state, shredded=True)
        case registry.HouseholdFormed() as formed:
            return Subject(formed.community, frozenset(m.person for m in formed.members))
        case registry.MemberAdded(person=person):
            return replace(state, persons=state.persons | {person})
        case registry.MemberLeft(person=person):
            return replace(state, persons=state.persons - {person})
        case registry.HouseholdSplit(leaving=leaving):
            return replace(state, persons=state.persons - {*leaving})
        case _:
            return state


SUBJECTS = {
    "person": Fold(streams.PERSON, Subject(), _subject),
    "household": Fold(streams.HOUSEHOLD, Subject(), _subject),
}
NONE_OPEN: Emergencies = MappingProxyType({})
ACCESS: Fold[Emergencies] = Fold(streams.ACCESS, NONE_OPEN, evolve)


class Shape(Body):
    """Where and how a read is shown; `ticket` is the event that revealed a number.

    An auditor opens personal data for a stated purpose only. Of a print `page` is the document.
    """

    page: Code = "open"
    mode: registry.ReadMode = "view"
    ticket: EventId | None = None
    purpose: Code | None = None

    @property
    def action(self) -> Action:
        """Return what is asked of the access decision: to print, to audit, or to read."""
        if self.mode == "print":
            return printing(self.page)
        return AUDITING if self.purpose else READING


@dataclass(frozen=True, slots=True)
class Read:
    """Fields of one person that are about to be shown, and what let them be."""

    fields: frozenset[str]
    under: str | None = None


class Reads:
    """Decides reads and records them, each as a command of the system in the reader's name."""

    def __init__(
        self,
        handler: Handler,
        commands: Mapping[str, type[Command]],
        path: Callable[[str], str],
        now: Callable[[], datetime],
        ids: IdSource,
    ) -> None:
        self._handler, self._loader = handler, handler.loader
        self._commands, self._path, self._now, self._ids = commands, path, now, ids

    def need(self, principal: Principal, action: Action) -> None:
        """Decide by role and level before anything is read. Raises DomainError (forbidden)."""
        verdict = decide(principal, action, Resource(principal.areas, "personal"))
        if not verdict.allow:
            raise refusal(action, verdict)

    async def allowed(
        self, principal: Principal, subjects: Iterable[str], action: Action = READING
    ) -> dict[str, Granted]:
        """Return the subjects that lie in the reader's area or are open to him in an emergency."""
        folds = {StreamId(s): f for s in subjects if (f := SUBJECTS.get(s.partition("-")[0]))}
        known = {
            str(s): found for s, found in (await self._loader.states(folds)).items() if found.office
        }
        near = {s: g for s, f in known.items() if (g := self._granted(principal, f, action))}
        logs = {
            s: streams.ACCESS.of(ident(s))
            for s in known.keys() - near.keys()
            if s.startswith("person-")
        }
        states = await self._loader.states(dict.fromkeys(logs.values(), ACCESS))
        far = {
            s: g
            for s, log in logs.items()
            if (g := self._granted(principal, known[s], action, states[log]))
        }
        return near | far

    def _granted(
        self,
        principal: Principal,
        found: Subject,
        action: Action,
        emergencies: Emergencies = NONE_OPEN,
    ) -> Granted | None:
        """Ask the one access decision, with the emergencies that run.

        Raises DomainError (forbidden) where an emergency would let one look and not print.
        """
        running = open_to(emergencies, self._now())
        resource = Resource((self._path(found.office),), "personal", emergency=running)
        verdict = decide(principal, action, resource)
        if verdict.rule_id == "deny.paper":
            raise refusal(action, verdict)
        if not verdict.allow or verdict.role is None:
            return None
        urgent = verdict.rule_id == "allow.emergency"
        under = emergencies[principal.user].event if urgent else None
        return Granted(found, verdict.role, under)

    async def revealed(
        self, principal: Principal, ticket: str | None, subjects: set[str]
    ) -> frozenset[str]:
        """Return the fields that a ticket for one person shows. Raises DomainError (ticket_*)."""
        if ticket is None:
            return frozenset()
        if len(subjects) != 1:
            raise DomainError(TICKET_UNKNOWN)
        stream = streams.ACCESS.of(ident(min(subjects)))
        stored = (await self._loader.stored({stream: 0}))[stream]
        for fact in await self._loader.facts(stored, opens=False):
            if (fact.event_id, fact.actor) != (ticket, principal.user):
                continue
            if isinstance(fact.event, registry.FieldsRevealed):
                return frozenset(fact.event.fields)
        raise DomainError(TICKET_UNKNOWN)

    async def record(self, principal: Principal, read: Mapping[str, Read], shape: Shape) -> None:
        """Record which fields of which persons are about to be shown, by one append.

        Raises what the loop raises, and DomainError (ticket_used) for a ticket shown before.
        """
        if shape.ticket is None and len(read) > 1:
            try:
                return await self._page(principal, read, shape)
            except DomainError as error:
                if error.reason is not LOST_RACE:
                    raise
        await asyncio.gather(
            *(self._one(principal, person, one, shape) for person, one in sorted(read.items()))
        )
        return None

    async def _page(self, principal: Principal, read: Mapping[str, Read], shape: Shape) -> None:
        """Record a page at once; streams that are not at hand are looked at in one go."""
        logs = [streams.ACCESS.of(person) for person in read]
        if new := {log: ACCESS for log in logs if self._loader.cached(ACCESS, log) is None}:
            await self._loader.states(new)
        body = {
            "reads": tuple(
                {"person": p, "fields": tuple(sorted(one.fields)), "under": one.under}
                for p, one in sorted(read.items())
            ),
            "page": shape.page,
            "mode": shape.mode,
            "purpose": shape.purpose,
        }
        page = self._commands[RECORD_PAGE].model_validate(body)
        await self._send(principal, page, self._ids.new())

    async def _send(self, principal: Principal, command: Command, own: UUID) -> bool:
        """Send a command of the system in the reader's name; tell whether it was known."""
        reader = replace(principal, system=True, roles=frozenset({"system"}))
        return (await self._handler.handle(Sent(command, own, reader, own.bytes))).duplicate

    async def _one(self, principal: Principal, person: str, read: Read, shape: Shape) -> None:
        ticket = shape.ticket
        body = {
            "person": person,
            "page": shape.page,
            "fields": tuple(sorted(read.fields)),
            "mode": shape.mode,
            "purpose": shape.purpose,
            "under": read.under,
        }
        command = self._commands[RECORD].model_validate(body)
        own = uuid5(UUID(ticket), "shown") if ticket else self._ids.new()
        if await self._send(principal, command, own) and ticket:
            raise DomainError(TICKET_USED)


def refusal(action: Action, verdict: Decision) -> DomainError:
    """Return a refusal that names the rule and the roles that would do."""
    return DomainError(
        FORBIDDEN, rule=verdict.rule_id, wanted=",".join(sorted(action.roles)),
        why_zh=verdict.reason_zh, why_en=verdict.reason_en,
    )  # fmt: skip


def field_name(place: str) -> str:
    """Return the bare name of a field from its place, as in `members[0].relation`."""
    return _PLACE.sub("", place.rsplit(".", 1)[-1])
