"""Who prints what: each document has a decision, and what has none is printed by nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events.rules.access import Principal, Resource, decide
from events.rules.divisions import LEVELS
from events.rules.prints import DOCUMENTS, printing
from events.rules.roles import ROLES

HOME, NEIGHBOUR = "140105001001", "140105001002"
CLERK = Principal("u", HOME, "community", HOME, frozenset({"community_officer"}), (HOME,))
OWN, THEIRS = Resource((HOME,), "personal"), Resource((NEIGHBOUR,), "personal")


@pytest.mark.requirement("X20", "R43")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_clerk_prints_in_his_own_area_only(document: str) -> None:
    assert decide(CLERK, printing(document), OWN).rule_id == "allow.area"
    assert decide(CLERK, printing(document), THEIRS).rule_id == "deny.area"


@pytest.mark.requirement("X20", "X14")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_emergency_lets_one_look_and_not_print(document: str) -> None:
    urgent = replace(THEIRS, emergency=frozenset({"u"}))
    assert decide(CLERK, printing(document), urgent).rule_id == "deny.paper"


@pytest.mark.requirement("X20")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_auditor_and_an_operator_print_no_persons(document: str) -> None:
    for role, rule in (("auditor", "deny.personal"), ("operator", "deny.role")):
        asker = replace(CLERK, roles=frozenset({role}))
        assert decide(asker, printing(document), OWN).rule_id == rule


@pytest.mark.requirement("X20")
def test_a_document_without_a_decision_is_printed_by_nobody() -> None:
    for level in LEVELS:
        asker = replace(CLERK, level=level, roles=frozenset(ROLES))
        assert not decide(asker, printing("everything"), OWN).allow
