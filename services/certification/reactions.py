"""What certification does about other contexts' facts, and its own on households (C3.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from events.contracts import assistance, posts, registry
from events.contracts import certification as cert
from events.contracts.base import Recorded, ident
from services.certification.exit.commands import CountRefusal, Lapse, WithdrawExitProposal
from services.certification.household.commands import ClearHousehold, RemoveHousehold
from services.certification.reassessment.commands import ProposeReassessment
from services.kit.decider import Command, Reactions

react = Reactions()


@react(posts.RefusalJudged, posts.RefusalRejudged)
def on_refusal_judged(
    fact: Recorded[posts.RefusalJudged | posts.RefusalRejudged],
) -> Iterable[Command]:
    """Count the judgement on an offer that counts (R29–R31)."""
    if fact.event.counts:
        yield CountRefusal(
            case=fact.event.case,
            offer=ident(fact.stream),
            judged=fact.event.judged,
            judgement=fact.event_id,
            occurred_at=fact.occurred_at,
        )


@react(posts.PlacedInJob)
def on_placed_in_job(fact: Recorded[posts.PlacedInJob]) -> Iterable[Command]:
    """Clear the household of a counted member who starts work (R87)."""
    yield ClearHousehold(
        household=fact.event.household,
        member=fact.event.person,
        placement=fact.event_id,
        occurred_at=fact.occurred_at,
    )


@react(registry.UnemploymentRegistrationCancelled)
def on_registration_cancelled(
    fact: Recorded[registry.UnemploymentRegistrationCancelled],
) -> Iterable[Command]:
    """Clear the household of a counted member who found work by himself (R87)."""
    if fact.event.ground == "employed":
        yield ClearHousehold(
            member=ident(fact.subject), placement=fact.event_id, occurred_at=fact.occurred_at
        )


@react(posts.EmploymentEnded)
def on_employment_ended(fact: Recorded[posts.EmploymentEnded]) -> Iterable[Command]:
    """Let the certification lapse of a person who is unemployed again (R35)."""
    if fact.event.then == "unemployed":
        yield Lapse(
            person=ident(fact.subject), facts=(fact.event_id,), occurred_at=fact.occurred_at
        )


@react(cert.HouseholdCleared)
def on_household_cleared(fact: Recorded[cert.HouseholdCleared]) -> Iterable[Command]:
    """Judge the other members again, other categories first (AS 29)."""
    for case in fact.event.others:
        yield ProposeReassessment(case=case, cause="household_cleared", facts=(fact.event_id,))


@react(cert.HouseholdLeft)
def on_household_left(fact: Recorded[cert.HouseholdLeft]) -> Iterable[Command]:
    """Judge the members again, other categories first (AS 29)."""
    for case in fact.event.others:
        yield ProposeReassessment(case=case, cause="household_left", facts=(fact.event_id,))


@react(registry.ConditionLost)
def on_condition_lost(fact: Recorded[registry.ConditionLost]) -> Iterable[Command]:
    """Judge the person again, and the household that the person counted in (X5, R14)."""
    person = ident(fact.subject)
    yield _reassess(person, fact.event_id)
    yield RemoveHousehold(member=person, reason="no_counted_member", facts=(fact.event_id,))


@react(registry.DibaoEnded)
def on_dibao_ended(fact: Recorded[registry.DibaoEnded]) -> Iterable[Command]:
    """Judge a person again whose allowance ended (R15, X5)."""
    yield _reassess(ident(fact.subject), fact.event_id)


@react(registry.PersonFactChanged)
def on_person_fact_changed(fact: Recorded[registry.PersonFactChanged]) -> Iterable[Command]:
    """Judge a person again whose hukou changed (R8, X5)."""
    if fact.event.fact == "hukou":
        yield _reassess(ident(fact.subject), fact.event_id)


def _reassess(person: str, fact: str) -> ProposeReassessment:
    return ProposeReassessment(person=person, cause="condition_lost", facts=(fact,))


@react(registry.MemberAdded)
def on_member_added(fact: Recorded[registry.MemberAdded]) -> Iterable[Command]:
    """Look at a household that somebody joined (R14)."""
    yield _remove(fact, "working_member_joined")


@react(registry.MemberLeft, registry.MemberStatusSet, registry.HouseholdSplit)
def on_members_changed(
    fact: Recorded[registry.MemberLeft | registry.MemberStatusSet | registry.HouseholdSplit],
) -> Iterable[Command]:
    """Look at a household whose members left or count otherwise (R14)."""
    yield _remove(fact, "dissolved")
    yield _remove(fact, "no_counted_member")
    yield _remove(fact, "working_member_joined")


def _remove(fact: Recorded[registry.HouseholdFact], reason: cert.LeftReason) -> RemoveHousehold:
    return RemoveHousehold(household=ident(fact.stream), reason=reason, facts=(fact.event_id,))


@react(assistance.StatusReported)
def on_status_reported(fact: Recorded[assistance.StatusReported]) -> Iterable[Command]:
    """Take back a proposal for want of a report when the report was in time (R32)."""
    yield WithdrawExitProposal(case=ident(fact.stream), because=fact.event_id)
