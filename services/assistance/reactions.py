"""What assistance does about certification's facts (domain.md C3.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from events.contracts import certification as cert
from events.contracts.base import Recorded, ident
from events.rules.time import shanghai_day
from services.assistance.file.commands import CloseFile, OpenFile, ReopenFile
from services.kit.decider import Command, Reactions

react = Reactions()


@react(cert.PersonCertified)
def on_person_certified(fact: Recorded[cert.PersonCertified]) -> Iterable[Command]:
    """Open a file for every certified person (R3)."""
    yield OpenFile(
        case=ident(fact.stream),
        person=ident(fact.subject),
        household=fact.event.member_of,
        from_day=shanghai_day(fact.occurred_at),
        occurred_at=fact.occurred_at,
    )


@react(cert.CertificationImported)
def on_certification_imported(fact: Recorded[cert.CertificationImported]) -> Iterable[Command]:
    """Open a file for a certification of the old stock, from the day it was taken over (X11)."""
    yield OpenFile(
        case=ident(fact.stream), person=fact.event.person, from_day=fact.event.imported_on
    )


@react(cert.Exited, cert.Lapsed, cert.CertificationRevoked)
def on_status_ended(
    fact: Recorded[cert.Exited | cert.Lapsed | cert.CertificationRevoked],
) -> Iterable[Command]:
    """Close the file of a person whose status ended (R34, R35, X4)."""
    yield CloseFile(case=ident(fact.stream), end=fact.event_id, occurred_at=fact.occurred_at)


@react(cert.ExitReversed)
def on_exit_reversed(fact: Recorded[cert.ExitReversed]) -> Iterable[Command]:
    """Open the file again when the exit was reversed (R30)."""
    yield ReopenFile(case=ident(fact.stream), because=fact.event_id, occurred_at=fact.occurred_at)


@react(cert.ReviewDecided)
def on_review_decided(fact: Recorded[cert.ReviewDecided]) -> Iterable[Command]:
    """Open the file again when a review set the exit aside (X3)."""
    if (fact.event.of, fact.event.outcome) == ("exit", "set_aside"):
        yield ReopenFile(
            case=ident(fact.stream), because=fact.event_id, occurred_at=fact.occurred_at
        )
