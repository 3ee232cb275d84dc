"""A page offers a command only in the states of C3.8 and to the roles of C7."""

from __future__ import annotations

import pytest

from services.console.offers import CERTIFIED, OFFERS, is_for_people, judge, may_send, offer_of
from services.console.wishes import wishes
from services.kit.decider import Command

EVERY = sorted(wishes().values(), key=lambda c: c.type)
CERTIFIER = frozenset({"county_certifier"})


@pytest.mark.parametrize("command", EVERY, ids=lambda c: c.type)
def test_every_command_that_people_send_has_its_place(command: type[Command]) -> None:
    assert offer_of(command.type) is not None or not is_for_people(command)


@pytest.mark.parametrize(
    ("name", "state", "legal"),
    [
        ("certification.register_at_community", "filed", True),
        ("certification.register_at_community", "registered", False),
        ("certification.post_notice", "registered", True),
        ("certification.street_review", "notice_closed", True),
        ("certification.street_review", "on_notice", False),
        ("certification.certify", "at_county", True),
        ("certification.certify", "street_reviewed", False),
        ("certification.resubmit", "returned", True),
        ("certification.return_application", "on_notice", False),
        ("certification.file_application", "exited", True),
        ("certification.file_application", "certified", False),
        ("certification.request_review", "refused", True),
        ("certification.request_review", "lapsed", False),
    ],
)
def test_a_case_is_acted_on_only_in_its_state(name: str, state: str, legal: bool) -> None:
    command = wishes()[name]
    roles = frozenset({"community_officer", "street_signer", "county_certifier", "county_reviewer"})
    assert judge(command, {"certification": state, "person": "known"}, roles).legal is legal


def test_an_exit_is_confirmed_only_where_one_is_proposed() -> None:
    command = wishes()["certification.confirm_exit"]
    without = judge(command, {"certification": "certified"}, CERTIFIER)
    proposed = judge(command, {"certification": "certified", "exit_proposal": "open"}, CERTIFIER)
    assert (without.legal, without.against) == (False, "exit_proposal")
    assert proposed.legal


@pytest.mark.requirement("R23")
def test_a_role_that_may_not_send_is_told_so_first() -> None:
    command = wishes()["certification.certify"]
    told = judge(command, {"certification": "at_county"}, frozenset({"community_officer"}))
    assert (told.legal, told.against) == (False, "role")


def test_groups_of_roles_are_expanded() -> None:
    assert may_send(wishes()["registry.end_dibao"], frozenset({"street_signer"}))


@pytest.mark.requirement("R92")
def test_follow_up_ends_only_for_a_person_at_work() -> None:
    command = wishes()["assistance.end_follow_up"]
    roles = frozenset({"community_head"})
    state = {"certification": "certified", "tracking": "active", "work": "unemployed"}
    assert judge(command, state, roles).against == "work"
    assert judge(command, state | {"work": "employed"}, roles).legal


def test_one_of_several_offers_at_the_step_is_enough() -> None:
    command = wishes()["posts.judge_refusal"]
    state = {"offer": "taken_up refused"}
    assert judge(command, state, frozenset({"street_signer"})).legal


def test_the_table_names_the_states_of_the_tables_alone() -> None:
    known = {
        "filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county",
        "county_reviewed", "returned", "certified", "exited", "lapsed", "revoked", "refused",
        "withdrawn", "", "none",
    }  # fmt: skip
    named = {s for o in OFFERS.values() for s in o.when.get("certification", ())}
    assert named <= known
    assert CERTIFIED["certification"] == ("certified",)
