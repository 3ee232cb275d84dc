"""What certification does about other contexts' facts (C3.7), and its catalogue of commands."""

from __future__ import annotations

from typing import Any

import pytest

from events.contracts import assistance, posts, streams
from events.contracts import certification as ev
from events.contracts import registry as reg
from events.contracts.base import Event, StreamId
from events.contracts.classes import unclassified
from events.rules.access import Action
from services.certification import CONTEXT, reasons
from services.certification.exit.commands import CountRefusal, Lapse, WithdrawExitProposal
from services.certification.household.commands import ClearHousehold, RemoveHousehold
from services.certification.reassessment.commands import ProposeReassessment
from services.kit.decider import Command, Reason
from tests.support.scenario import FakeFacts, Happened, some_id
from tests.unit.services.certification import facts as a

OFFER = some_id("offer")


def reactions(event: Event, stream: StreamId, subject: str = f"person-{a.ANNA}") -> list[Command]:
    fact = FakeFacts().add(Happened(stream, subject, event))
    found: list[Command] = []
    for react in CONTEXT.reactions.by_event.get(event.type, []):
        found += react(fact)
    return [command.model_copy(update={"occurred_at": None}) for command in found]


def event_of(stream: StreamId) -> str:
    return a.event_at(1, stream)


@pytest.mark.requirement("R31")
@pytest.mark.parametrize("counts", [True, False])
def test_only_a_counting_judgement_is_counted(counts: bool) -> None:
    stream = streams.OFFER.of(OFFER)
    event = posts.RefusalJudged(
        judged="unjust", reason="none", text="无", heard_on=a.DAY, case=a.CASE, counts=counts
    )
    wish = CountRefusal(case=a.CASE, offer=OFFER, judged="unjust", judgement=event_of(stream))
    assert reactions(event, stream) == ([wish] if counts else [])


@pytest.mark.requirement("R87")
def test_a_placement_or_work_found_alone_clears_the_household() -> None:
    stream = streams.EMPLOYMENT.of(a.ANNA)
    placed = a.placed(a.FILED).event
    wish = ClearHousehold(member=a.ANNA, placement=event_of(stream))
    assert reactions(placed, stream) == [wish]
    own = streams.PERSON.of(a.ANNA)
    alone = reg.UnemploymentRegistrationCancelled(ground="employed")
    assert reactions(alone, own) == [ClearHousehold(member=a.ANNA, placement=event_of(own))]
    other = reg.UnemploymentRegistrationCancelled(ground="army")
    assert reactions(other, own) == []


@pytest.mark.requirement("R35")
def test_only_the_end_without_a_next_job_lets_lapse() -> None:
    stream = streams.EMPLOYMENT.of(a.ANNA)
    assert reactions(a.job_ended(a.FILED).event, stream) == [
        Lapse(person=a.ANNA, facts=(event_of(stream),))
    ]
    assert reactions(a.job_ended(a.FILED, "next_job").event, stream) == []


@pytest.mark.requirement("R32")
def test_every_report_may_take_a_proposal_back() -> None:
    stream = streams.ASSISTANCE.of(a.CASE)
    event = assistance.StatusReported(status="unemployed", since=a.DAY, in_person=True)
    assert reactions(event, stream) == [WithdrawExitProposal(case=a.CASE, because=event_of(stream))]


@pytest.mark.requirement("X5")
def test_a_lost_condition_looks_at_the_person_and_the_household() -> None:
    own = streams.PERSON.of(a.ANNA)
    because = (event_of(own),)
    again = ProposeReassessment(person=a.ANNA, cause="condition_lost", facts=because)
    out = RemoveHousehold(member=a.ANNA, reason="no_counted_member", facts=because)
    assert reactions(reg.ConditionLost(condition="pension"), own) == [again, out]
    assert reactions(reg.DibaoEnded(proof=a.paper("proof")), own) == [again]
    assert reactions(reg.PersonFactChanged(fact="hukou", value="140105 rural"), own) == [again]
    assert reactions(reg.PersonFactChanged(fact="phone", value="1"), own) == []


@pytest.mark.requirement("R87")
@pytest.mark.parametrize("cause", ["household_cleared", "household_left"])
def test_the_other_members_are_judged_again(cause: ev.ReassessmentCause) -> None:
    stream = streams.HOUSEHOLD.of(a.HOME)
    others = (some_id("x"), some_id("y"))
    event: Event = ev.HouseholdLeft(reason="moved", facts=(), others=others)
    if cause == "household_cleared":
        event = ev.HouseholdCleared(
            member=a.ANNA, placement=some_id("p"), in_time=True, days=3, others=others
        )
    assert reactions(event, stream, f"household-{a.HOME}") == [
        ProposeReassessment(case=case, cause=cause, facts=(event_of(stream),)) for case in others
    ]


@pytest.mark.requirement("R14")
def test_a_changed_household_is_looked_at() -> None:
    stream = streams.HOUSEHOLD.of(a.HOME)
    subject = f"household-{a.HOME}"
    joined = reg.MemberAdded(person=a.BEN, relation="child", counts_as="normal")
    left = reg.MemberLeft(person=a.BEN, reason="other")
    assert removals(joined, stream, subject) == {"working_member_joined"}
    assert removals(left, stream, subject) == {
        "dissolved",
        "no_counted_member",
        "working_member_joined",
    }


def removals(event: Event, stream: StreamId, subject: str) -> set[str]:
    wishes = reactions(event, stream, subject)
    return {wish.reason for wish in wishes if isinstance(wish, RemoveHousehold)}


COMMANDS = tuple(CONTEXT.deciders.by_command)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named_labelled_and_classified(command: type[Command]) -> None:
    assert command.type.startswith("certification.")
    assert command.zh
    assert command.en
    assert command.requirements
    assert Action(command.type, frozenset(command.actors)).wanted
    assert unclassified(command) == ()
    for name, field in command.model_fields.items():
        assert field.title, f"{command.type}.{name} has no Chinese label"
        assert field.description, f"{command.type}.{name} has no English label"


@pytest.mark.parametrize("event", ev.CERTIFICATION.classes.values())
def test_every_field_of_an_event_states_its_privacy(event: type[Any]) -> None:
    assert unclassified(event) == ()
    assert event.zh
    assert event.en


def test_every_reason_speaks_both_languages_and_names_the_next_step() -> None:
    found = [value for value in vars(reasons).values() if isinstance(value, Reason)]
    assert len({reason.code for reason in found}) == len(found)
    for reason in found:
        assert all((reason.clause, reason.zh, reason.en, reason.next_zh, reason.next_en))


def test_every_suggested_code_has_a_label() -> None:
    codes = {code for entries in ev.CODE_LISTS.values() for code in entries}
    assert codes <= ev.WORDS.keys()
