"""Exports: masked ones run at once, unmasked ones after a second signature (X15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.contracts import registry as ev
from events.contracts.base import ident
from services.kit.decider import Fact
from services.registry.export import commands as cmd
from tests.support.scenario import Scenario, events, some_id
from tests.unit.services.registry import facts as a

ASK = cmd.RequestExport(query={"kind": "ledger"}, masked=False, reason="年度核查", format="csv")
MASKED = ASK.model_copy(update={"masked": True})
OWN = some_id("new/1")
REQUEST = some_id(f"export-{OWN}/1")
APPROVE = cmd.ApproveExport(export=OWN, request=REQUEST)
REJECT = cmd.RejectExport(export=OWN, request=REQUEST, reason="范围过大")
DONE = cmd.CompleteExport(
    export=OWN, request=REQUEST, rows=3, sha256="a" * 64, known=9, expires_on=date(2008, 7, 1)
)
HEAD = a.officer("county_head", a.COUNTY)
county = a.registry.by(a.officer("county_reviewer", a.COUNTY))
asked = county.after(ASK)


def by(scenario: Scenario, role: str, at: str) -> Scenario:
    return scenario.by(a.officer(role, at))


@pytest.mark.requirement("X15")
def test_an_export_is_asked_for_with_a_reason_and_belongs_to_the_office() -> None:
    (fact,) = county.when(ASK)
    assert isinstance(fact, Fact)
    assert (ident(fact.stream), fact.subject) == (OWN, f"office-{a.COUNTY}")
    assert events(by(county, "auditor", a.COUNTY).when(MASKED))
    assert by(county, "operator", a.PROVINCE).refused(ASK) == "forbidden"


@pytest.mark.requirement("X15")
def test_another_hand_approves_an_unmasked_export_once() -> None:
    assert events(asked.by(HEAD).when(APPROVE)) == (ev.ExportApproved(request=REQUEST),)
    assert events(by(asked, "city_head", a.CITY).when(APPROVE))
    assert asked.by(HEAD).after(APPROVE).when(APPROVE) == ()
    assert asked.by(replace(HEAD, user=some_id("county_reviewer"))).refused(APPROVE) == (
        "same_person"
    )
    deputy = replace(HEAD, on_behalf_of=some_id("county_reviewer"))
    assert asked.by(deputy).refused(APPROVE) == "same_person"


@pytest.mark.requirement("X15")
def test_neither_a_clerk_nor_a_distant_head_decides_and_a_masked_one_needs_nobody() -> None:
    assert asked.refused(APPROVE) == "forbidden"
    assert by(asked, "province_head", a.PROVINCE).refused(APPROVE) == "forbidden"
    assert county.after(MASKED).by(HEAD).refused(APPROVE) == "export_masked"
    other = APPROVE.model_copy(update={"request": some_id("other")})
    assert asked.by(HEAD).refused(other) == "not_found"


@pytest.mark.requirement("X15")
def test_a_decision_stands() -> None:
    rejected, approved = asked.by(HEAD).after(REJECT), asked.by(HEAD).after(APPROVE)
    assert rejected.when(REJECT) == ()
    assert rejected.refused(APPROVE) == "proposal_closed"
    assert approved.refused(REJECT) == "proposal_closed"


@pytest.mark.requirement("X15")
def test_the_system_completes_what_is_masked_or_approved_and_nothing_else() -> None:
    assert county.after(MASKED).refused(DONE) == "forbidden"
    masked = county.after(MASKED).by(a.SYSTEM)
    assert events(masked.when(DONE))
    assert masked.after(DONE).when(DONE) == ()
    assert events(asked.by(HEAD).after(APPROVE).by(a.SYSTEM).when(DONE))
    assert asked.by(a.SYSTEM).refused(DONE) == "export_not_approved"
    assert asked.by(HEAD).after(REJECT).by(a.SYSTEM).refused(DONE) == "export_not_approved"
    assert masked.refused(DONE.model_copy(update={"expires_on": a.DAY})) == "date_order"
