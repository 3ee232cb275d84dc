"""Invented persons fit what they apply for, and the cast has every kind."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from events.rules.idnumber import id_number_errors
from events.rules.time import full_years
from services.demo.cast import HOUSEHOLDS, KINDS, cast
from services.demo.offices import MINING_AREAS, communities, shanxi, waves
from services.demo.people import PROVINCE_AUDITOR, accounts, needed, shown, staff
from services.demo.persons import Fit, Identity, Register
from services.demo.plan import Plan

PLAN = Plan()
DAY = date(2008, 9, 1)


def people(fit: Fit, number: int = 200) -> list[Identity]:
    register, home = Register(), communities(PLAN)[0]
    return [
        register.invent(PLAN.dice(fit, i), fit, home, DAY, date(2009, 3, 1)) for i in range(number)
    ]


@pytest.mark.requirement("X8")
def test_every_number_is_valid_never_issued_and_one_persons_own() -> None:
    found = [p for fit in ("aged_4050", "long_term", "minor") for p in people(fit)]
    for person in found:
        assert (
            id_number_errors(person.number, on=DAY, sex=person.sex, birth_date=person.birth) == ()
        )
        assert person.number.startswith("149999")
    own = people("household", 2_000)
    assert len({p.number for p in own}) == len(own)


@pytest.mark.requirement("R12", "R13")
def test_the_aged_have_reached_their_age_and_worked_for_the_state_or_a_collective() -> None:
    for person in people("aged_4050"):
        assert full_years(person.birth, DAY) >= (40 if person.sex == "female" else 50)
        assert person.ownership in ("state", "collective")


@pytest.mark.requirement("R15")
def test_the_long_term_unemployed_are_younger_on_dibao_and_a_year_without_work() -> None:
    for person in people("long_term"):
        assert full_years(person.birth, DAY) < 40
        assert person.dibao_from is not None
        assert (DAY - person.registered_on).days > 366
        assert person.job_ended_on < person.registered_on


def test_a_plan_deals_all_its_persons_and_each_kind_where_there_are_enough() -> None:
    parts = cast(PLAN)
    assert sum(len(p.fits) for p in parts) == PLAN.persons
    assert {p.kind for p in parts} == {k.name for k in KINDS} | {name for name, _ in HOUSEHOLDS}


def test_who_needs_long_comes_early_enough() -> None:
    for part in cast(PLAN):
        needs = part.lives.needs if part.lives else 0
        assert PLAN.first <= part.comes
        assert (PLAN.last - part.comes).days + 1 >= needs


def test_communities_are_spread_over_all_streets_and_shared_evenly() -> None:
    used = communities(PLAN)
    assert len({c.code[:9] for c in used}) == 8
    lived = Counter(p.home.code for p in cast(PLAN))
    assert max(lived.values()) - min(lived.values()) <= 1


def test_the_whole_tree_is_opened_from_the_top_down() -> None:
    opened = [str(w.data["code"]) for wave in waves(PLAN) for w in wave]
    assert len(opened) == len(shanxi()) - 1 == 3_588
    assert [len(c) for c in opened] == sorted(len(c) for c in opened)
    assert set(MINING_AREAS) <= set(opened)


@pytest.mark.requirement("R23")
def test_each_role_is_approved_by_another_hand_one_level_up() -> None:
    team = staff(PLAN)
    level = {d.login: len(d.office.rstrip("0")) for d in team.desks}
    assert len(accounts(team.desks)) == len({d.login for d in team.desks})
    for desk in team.desks:
        assert desk.approved_by != desk.login
        assert desk.approved_by == "head" or desk.approved_by in level


def test_one_account_per_role_is_shown_and_can_sign_in() -> None:
    team = staff(PLAN)
    logins = shown(PLAN, team)
    assert {
        "community_officer",
        "street_signer",
        "county_certifier",
        "city_head",
        "pes_clerk",
    } <= set(logins)
    assert set(logins.values()) <= set(needed(PLAN, team))


@pytest.mark.requirement("X13")
def test_the_shown_accounts_hold_an_auditor_of_the_province_whom_its_head_approves() -> None:
    team = staff(PLAN)
    login = shown(PLAN, team)[PROVINCE_AUDITOR]
    (desk,) = (d for d in team.desks if d.login == login)
    assert login in needed(PLAN, team)
    assert (login, desk.office, desk.role) == ("auditor.14", "140000000000", "auditor")
    assert desk.approved_by == "head"
    assert shown(PLAN, team)["auditor"] == "auditor.140105"
