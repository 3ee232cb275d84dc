"""The access decision: deny by default, role, level, area, separation of duties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.access import Action, ActionKind, Principal, Resource, ResourceKind, decide
from events.rules.divisions import LEVELS, Level, covers
from events.rules.roles import GROUPS, ROLES

PATHS: dict[Level, str] = {
    "province": "14",
    "city": "1401",
    "county": "140105",
    "street": "140105001",
    "community": "140105001001",
}
SIBLINGS: dict[Level, str] = {
    "province": "15",
    "city": "1402",
    "county": "140106",
    "street": "140105002",
    "community": "140105001002",
}
CASE = Resource((PATHS["community"],))
CERTIFY = Action("certification.certify", frozenset({"county_certifier"}))
READ = Action("ledger", frozenset({"office"}), "query")


def officer(level: Level, *roles: str, path: str | None = None) -> Principal:
    """Make a principal at home in Xiaodian or elsewhere."""
    at = path or PATHS[level]
    return Principal("user-1", at.ljust(12, "0"), level, at, frozenset(roles), (at,))


CERTIFIER = officer("county", "county_certifier")


def verdict(principal: Principal, action: Action, resource: Resource = CASE) -> str:
    """Give the rule that decided."""
    return decide(principal, action, resource).rule_id


@pytest.mark.requirement("R22")
def test_the_county_over_the_case_may_certify_and_the_role_is_named() -> None:
    found = decide(CERTIFIER, CERTIFY, CASE)
    assert found.allow
    assert (found.rule_id, found.role) == ("allow.area", "county_certifier")


@pytest.mark.requirement("R43")
def test_the_neighbouring_county_may_not() -> None:
    neighbour = officer("county", "county_certifier", path="140106")
    assert verdict(neighbour, CERTIFY) == "deny.area"


@pytest.mark.requirement("R22")
def test_a_role_out_of_its_level_is_worth_nothing() -> None:
    assert verdict(officer("street", "county_certifier"), CERTIFY) == "deny.level"
    assert verdict(officer("city", "county_certifier"), CERTIFY) == "deny.level"


def test_without_a_role_or_an_area_or_a_path_nothing_is_allowed() -> None:
    assert verdict(officer("county"), CERTIFY) == "deny.role"
    assert verdict(officer("county", "county_head"), CERTIFY) == "deny.role"
    assert verdict(replace(CERTIFIER, areas=()), CERTIFY) == "deny.area"
    assert verdict(replace(CERTIFIER, areas=("",)), CERTIFY) == "deny.area"
    assert verdict(CERTIFIER, CERTIFY, Resource(())) == "deny.area"
    assert verdict(CERTIFIER, CERTIFY, Resource(("?",))) == "deny.area"
    assert verdict(CERTIFIER, Action("nothing", frozenset())) == "deny.role"


def test_an_unknown_role_in_an_action_is_an_error_and_in_a_token_worth_nothing() -> None:
    with pytest.raises(ValueError, match="unknown roles"):
        Action("x", frozenset({"county_certifer"}))
    assert verdict(officer("county", "superuser"), READ) == "deny.role"


@pytest.mark.requirement("X8")
def test_every_path_of_a_resource_must_be_covered() -> None:
    both = Resource((PATHS["community"], SIBLINGS["county"]))
    assert verdict(CERTIFIER, CERTIFY, both) == "deny.area"


@pytest.mark.requirement("X6")
def test_an_open_transfer_opens_the_case_to_the_receiver_only() -> None:
    accept = Action("registry.accept_transfer", frozenset({"community"}))
    opened = Resource((PATHS["community"],), granted=(SIBLINGS["community"],))
    receiver = officer("community", "community_officer", path=SIBLINGS["community"])
    stranger = officer("community", "community_officer", path="140105001003")
    assert verdict(receiver, accept, opened) == "allow.granted"
    assert verdict(receiver, accept, CASE) == "deny.area"
    assert verdict(stranger, accept, opened) == "deny.area"


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("role", [r for r in ROLES.values() if r.kind in ("labour", "pes")])
@pytest.mark.parametrize("level", LEVELS)
def test_no_role_at_any_level_reads_its_sibling(role: object, level: Level) -> None:
    name = next(n for n, r in ROLES.items() if r is role)
    principal = officer(level, name)
    inside = decide(principal, READ, Resource((PATHS[level],)))
    assert inside.allow is (level in ROLES[name].levels)
    assert not decide(principal, READ, Resource((SIBLINGS[level],))).allow


@pytest.mark.requirement("X14")
def test_a_person_sees_only_the_own_record() -> None:
    action = Action("my-record", frozenset({"person"}), "page")
    me = Principal("user-9", "", None, "", frozenset({"person"}), (), subject="person-1")
    assert verdict(me, action, replace(CASE, subject="person-1")) == "allow.own"
    assert verdict(me, action, replace(CASE, subject="person-2")) == "deny.own"
    nobody = replace(me, subject=None)
    assert verdict(nobody, action, CASE) == "deny.own"


@pytest.mark.requirement("R23")
def test_an_officer_keeps_away_from_the_own_case() -> None:
    own = replace(CERTIFIER, subject="person-1")
    assert verdict(own, CERTIFY, replace(CASE, subject="person-1")) == "deny.avoid"
    assert verdict(own, CERTIFY, replace(CASE, subject="person-2")) == "allow.area"


@pytest.mark.requirement("X14")
def test_an_officer_may_still_do_for_himself_what_every_person_may() -> None:
    action = Action("certification.lodge_objection", frozenset({"community", "person"}))
    both = replace(officer("community", "community_officer", "person"), subject="person-1")
    assert verdict(both, action, replace(CASE, subject="person-1")) == "allow.own"


@pytest.mark.requirement("R102")
def test_an_outside_office_sees_its_referrals_only() -> None:
    action = Action("assistance.answer_referral", frozenset({"agency"}))
    agency = officer("county", "agency")
    assert verdict(agency, action, CASE) == "deny.referral"
    mine = replace(CASE, referred=frozenset({agency.office}))
    assert verdict(agency, action, mine) == "allow.referral"


@pytest.mark.requirement("X14")
def test_an_auditor_reads_the_area_and_changes_and_opens_nothing() -> None:
    auditor = officer("city", "auditor")
    assert verdict(auditor, READ) == "allow.audit"
    assert verdict(auditor, READ, Resource((SIBLINGS["city"],))) == "deny.area"
    assert verdict(auditor, CERTIFY) == "deny.role"
    assert verdict(auditor, READ, replace(CASE, kind="personal")) == "deny.personal"
    note = Action("accountability.write_note", frozenset({"auditor"}))
    assert verdict(auditor, note) == "allow.area"


@pytest.mark.requirement("X14")
@pytest.mark.parametrize(
    ("kind", "rule"),
    [("case", "deny.case"), ("personal", "deny.case"), ("account", "allow.operator"),
     ("system", "allow.operator"), ("office", "allow.operator")],
)  # fmt: skip
def test_an_operator_touches_no_case(kind: ResourceKind, rule: str) -> None:
    action = Action("registry.open_account", frozenset({"operator"}))
    assert verdict(officer("county", "operator"), action, replace(CASE, kind=kind)) == rule


@pytest.mark.requirement("R43")
def test_an_operator_keeps_the_accounts_of_his_own_area_only() -> None:
    action = Action("registry.open_account", frozenset({"operator"}))
    operator = officer("county", "operator")
    beside, above = (Resource((p,), "account") for p in (SIBLINGS["county"], PATHS["city"]))
    assert verdict(operator, action, Resource((PATHS["street"],), "account")) == "allow.operator"
    assert {verdict(operator, action, r) for r in (beside, above)} == {"deny.area"}
    assert verdict(operator, action, Resource((), "system")) == "allow.operator"


def test_the_system_does_only_what_names_it() -> None:
    system = Principal("system", "", None, "", frozenset({"system"}), (), system=True)
    named = Action("certification.close_notice", frozenset({"community_officer", "system"}))
    assert verdict(system, named) == "allow.system"
    assert verdict(system, CERTIFY) == "deny.role"
    pretender = replace(CERTIFIER, roles=frozenset({"system"}))
    assert verdict(pretender, named) == "deny.level"


@pytest.mark.requirement("R23")
def test_nobody_acts_at_two_levels_of_one_case() -> None:
    def acted(user: str, level: str) -> Resource:
        return replace(CASE, acted={user: frozenset({level})})

    assert verdict(CERTIFIER, CERTIFY, acted("user-1", "street")) == "deny.duty"
    assert verdict(CERTIFIER, CERTIFY, acted("user-1", "county")) == "allow.area"
    assert verdict(CERTIFIER, CERTIFY, acted("user-2", "street")) == "allow.area"
    assert verdict(CERTIFIER, READ, acted("user-1", "street")) == "allow.area"


@pytest.mark.requirement("X10")
def test_under_delegation_both_names_count() -> None:
    deputy = replace(CERTIFIER, on_behalf_of="user-2")
    for user in ("user-1", "user-2"):
        filed = replace(CASE, acted={user: frozenset({"community"})})
        assert verdict(deputy, CERTIFY, filed) == "deny.duty"


def test_every_answer_has_a_reason_in_both_languages() -> None:
    for principal in (CERTIFIER, officer("street")):
        found = decide(principal, CERTIFY, CASE)
        assert found.reason_zh
        assert found.reason_en


role_sets = st.frozensets(st.sampled_from(sorted(ROLES)), max_size=5)
group_sets = st.frozensets(st.sampled_from(sorted(ROLES) + sorted(GROUPS)), max_size=4)
paths = st.sampled_from([*PATHS.values(), *SIBLINGS.values()])
levels: st.SearchStrategy[Level] = st.sampled_from(LEVELS)
kinds: st.SearchStrategy[ActionKind] = st.sampled_from(
    ["command", "query", "page", "export", "stream"]
)
resources = st.builds(
    Resource,
    st.lists(paths, max_size=2).map(tuple),
    st.sampled_from(["case", "personal", "office", "account", "system", "public"]),
    st.sampled_from([None, "person-1"]),
    st.dictionaries(st.sampled_from(["user-1", "user-2"]), st.frozensets(levels, max_size=2)),
    st.lists(paths, max_size=1).map(tuple),
    st.sampled_from([frozenset(), frozenset({"office-1"})]),
)
principals = st.builds(
    Principal,
    st.just("user-1"),
    st.just("office-1"),
    levels,
    paths,
    role_sets,
    st.lists(paths, max_size=3).map(tuple),
    st.sampled_from([None, "user-2"]),
    st.just(False),
    st.sampled_from([None, "person-1"]),
)


@given(principals, group_sets, kinds, resources, st.data())
def test_taking_a_role_away_never_widens_access(
    principal: Principal,
    wanted: frozenset[str],
    kind: ActionKind,
    resource: Resource,
    data: st.DataObject,
) -> None:
    action = Action("any", wanted, kind)
    fewer = frozenset(r for r in principal.roles if data.draw(st.booleans()))
    if decide(replace(principal, roles=fewer), action, resource).allow:
        assert decide(principal, action, resource).allow


@given(principals, group_sets, kinds, resources, paths)
def test_what_is_allowed_on_a_path_is_allowed_beneath_and_under_a_wider_area(
    principal: Principal, wanted: frozenset[str], kind: ActionKind, resource: Resource, below: str
) -> None:
    action = Action("any", wanted, kind)
    if not decide(principal, action, resource).allow:
        return
    deeper = tuple(below if covers(path, below) else path for path in resource.paths)
    assert decide(principal, action, replace(resource, paths=deeper)).allow
    wider = tuple(area[:2] for area in principal.areas)
    assert decide(replace(principal, areas=wider), action, resource).allow


@given(principals, group_sets, kinds, paths)
def test_without_an_area_over_it_no_office_reaches_a_case(
    principal: Principal, wanted: frozenset[str], kind: ActionKind, path: str
) -> None:
    found = decide(principal, Action("any", wanted, kind), Resource((path,)))
    assert not found.allow or any(covers(area, path) for area in principal.areas)


@pytest.mark.requirement("X10")
def test_a_deputy_for_some_cases_acts_on_no_other_one() -> None:
    deputy = replace(CERTIFIER, on_behalf_of="user-2", cases=frozenset({"case-1"}))
    assert verdict(deputy, CERTIFY, replace(CASE, case="case-1")) == "allow.area"
    assert verdict(deputy, CERTIFY, replace(CASE, case="case-2")) == "deny.delegation"
    assert verdict(deputy, CERTIFY, CASE) == "deny.delegation"


@pytest.mark.requirement("X14")
def test_an_emergency_opens_a_person_elsewhere_to_one_user_and_to_nobody_else() -> None:
    elsewhere = Resource((SIBLINGS["community"],), "personal", emergency=frozenset({"user-1"}))
    clerk = officer("community", "community_officer")
    assert verdict(clerk, READ, elsewhere) == "allow.emergency"
    assert verdict(replace(clerk, user="user-2"), READ, elsewhere) == "deny.area"
    assert verdict(replace(clerk, roles=frozenset({"tax"})), CERTIFY, elsewhere) == "deny.role"
