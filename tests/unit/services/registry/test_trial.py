"""Trials of rules: one hand asks, another lets it run, the system records what it came to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events.contracts import registry as ev
from events.contracts.base import ident
from services.kit.decider import Fact
from services.registry.trial import commands as cmd
from services.registry.trial.domain import TRIAL, Trial
from tests.support.scenario import FakeFacts, Scenario, events, some_id
from tests.unit.services.registry import facts as a

ASK = cmd.ProposeTrial(rule_set="2024", reason="比较新旧办法")
FIVE = cmd.ProposeTrial(key="text.refusals", value=5, reason="比较退出人数")
OWN = some_id("new/1")
PROPOSAL = some_id(f"trial-{OWN}/1")
APPROVE = cmd.ApproveTrial(trial=OWN, proposal=PROPOSAL)
REJECT = cmd.RejectTrial(trial=OWN, proposal=PROPOSAL, reason="没有必要")
DONE = cmd.CompleteTrial(
    trial=OWN, proposal=PROPOSAL, known=9, cases=3, differing=1, not_reproduced=0, sha256="a" * 64
)
HEAD = a.officer("county_head", a.COUNTY)
county = a.registry.by(a.officer("county_reviewer", a.COUNTY))
asked = county.after(ASK)


def by(scenario: Scenario, role: str, at: str) -> Scenario:
    return scenario.by(a.officer(role, at))


def state_of(scenario: Scenario) -> Trial:
    facts = FakeFacts()
    for fact in scenario.facts:
        facts.add(fact)
    return facts.state(TRIAL, TRIAL.kind.of(OWN))[2]


@pytest.mark.requirement("X17", "R2")
def test_a_trial_is_asked_for_with_a_reason_and_belongs_to_the_office() -> None:
    (fact,) = county.when(ASK)
    assert isinstance(fact, Fact)
    assert (ident(fact.stream), fact.subject) == (OWN, f"office-{a.COUNTY}")
    assert events(county.when(FIVE))
    assert events(by(county, "auditor", a.COUNTY).when(ASK))
    assert by(county, "operator", a.PROVINCE).refused(ASK) == "forbidden"


@pytest.mark.requirement("X17")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"key": "text.refusals", "value": 5}, "trial_of_one"),
        ({"rule_set": None}, "trial_of_one"),
        ({"rule_set": "1999"}, "rule_set_unknown"),
        ({"rule_set": None, "key": "text.refusals", "value": 0}, "not_supposable"),
        ({"rule_set": None, "key": "assistance.report_months", "value": 2}, "not_supposable"),
        ({"known": 10**9}, "not_known_yet"),
    ],
)
def test_a_trial_that_cannot_be_judged_is_refused(more: dict[str, object], code: str) -> None:
    assert county.refused(ASK.model_copy(update=more)) == code


@pytest.mark.requirement("X17")
def test_another_hand_lets_it_run_once() -> None:
    assert events(asked.by(HEAD).when(APPROVE)) == (ev.TrialApproved(proposal=PROPOSAL),)
    assert events(by(asked, "city_head", a.CITY).when(APPROVE))
    assert asked.by(HEAD).after(APPROVE).when(APPROVE) == ()
    own = replace(HEAD, user=some_id("county_reviewer"))
    assert asked.by(own).refused(APPROVE) == "same_person"
    assert asked.refused(APPROVE) == "forbidden"
    assert by(asked, "province_head", a.PROVINCE).refused(APPROVE) == "forbidden"
    other = APPROVE.model_copy(update={"proposal": some_id("other")})
    assert asked.by(HEAD).refused(other) == "not_found"


@pytest.mark.requirement("X17")
def test_a_decision_stands() -> None:
    rejected, approved = asked.by(HEAD).after(REJECT), asked.by(HEAD).after(APPROVE)
    assert rejected.when(REJECT) == ()
    assert rejected.refused(APPROVE) == "proposal_closed"
    assert approved.refused(REJECT) == "proposal_closed"


@pytest.mark.requirement("X17")
def test_the_system_records_what_an_approved_trial_came_to_and_no_other() -> None:
    assert asked.by(a.SYSTEM).refused(DONE) == "trial_not_approved"
    approved = asked.by(HEAD).after(APPROVE)
    assert approved.refused(DONE) == "forbidden"
    done = approved.by(a.SYSTEM)
    assert events(done.when(DONE))
    assert done.after(DONE).when(DONE) == ()


@pytest.mark.requirement("X17", "R2")
def test_a_trial_remembers_what_is_supposed_and_how_far_it_came() -> None:
    assert state_of(asked).supposition.rule_set == "2024"
    assert state_of(county.after(FIVE)).supposition.values == {"text.refusals": 5}
    done = asked.by(HEAD).after(APPROVE).by(a.SYSTEM).after(DONE)
    assert state_of(done).standing == "completed"
    assert state_of(asked.by(HEAD).after(REJECT)).standing == "rejected"
