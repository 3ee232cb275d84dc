"""What posts does about other contexts' facts (domain.md C3.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from events.contracts import assistance
from events.contracts import certification as cert
from events.contracts import posts as ev
from events.contracts.base import Recorded, ident
from events.rules.time import day_start
from services.kit.decider import Command, Reactions
from services.posts.offer.commands import WithdrawOffer
from services.posts.work.commands import EndEmployment, PlaceInJob

react = Reactions()


@react(cert.Exited, cert.Lapsed, cert.CertificationRevoked)
def on_status_ended(
    fact: Recorded[cert.Exited | cert.Lapsed | cert.CertificationRevoked],
) -> Iterable[Command]:
    """Withdraw the open offers of a person whose status ended (R34)."""
    yield WithdrawOffer(
        person=ident(fact.subject), reason="status_ended", occurred_at=fact.occurred_at
    )


@react(assistance.FollowUpDone)
def on_follow_up_done(fact: Recorded[assistance.FollowUpDone]) -> Iterable[Command]:
    """Turn what a follow-up found into the fact itself (R90)."""
    found = fact.event.found
    if found is None:
        return
    person = ident(fact.subject)
    if found.place is not None:
        yield _place(person, ident(fact.stream), found.place)
    if found.end is not None:
        yield EndEmployment(
            person=person,
            reason=found.end.reason,
            then=found.end.then,
            proof=found.end.proof,
            occurred_at=day_start(found.end.day),
        )


def _place(person: str, case: str, found: ev.FoundPlacement) -> PlaceInJob:
    return PlaceInJob(
        person=person,
        case=found.case or case,
        channel=found.channel,
        flexible_kind=found.flexible_kind,
        employer=found.employer,
        post=found.post,
        offer=found.offer,
        batch=found.batch,
        contract=found.contract,
        proof=found.proof,
        wage=found.wage,
        work_division=found.work_division,
        occurred_at=day_start(found.day),
    )
