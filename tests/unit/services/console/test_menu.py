"""The menu shows each role what it may open, as the hand-written table of access has it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from events.rules.roles import ROLES
from services.console.menu import menu
from services.console.pages.login import home
from services.console.session import Session
from tests.access.expected import CASE_READERS, HEADS, OFFICE_READERS
from tests.unit.services.console.canned import ME, PROVINCE
from tests.unit.services.console.fake import Apis, browser

AT = datetime(2009, 3, 2, tzinfo=UTC)
PEOPLE = sorted(ROLES.keys() - {"system", "person"})


def session(*roles: str, level: str = "county") -> Session:
    """Return the session of somebody with roles in a county."""
    me = {"office": "140105000000", "level": level, "roles": list(roles)}
    return Session("token", AT, "id", AT, "login", me)


def sections(*roles: str) -> set[str]:
    """Name the sections that the menu shows."""
    return {key.removeprefix("nav.") for _, key in menu(session(*roles))}


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("role", PEOPLE)
def test_the_menu_has_the_sections_that_the_role_may_open_and_no_other(role: str) -> None:
    shown = sections(role)
    readers = {"tasks", "persons", "households", "audit"}
    assert shown & readers == (readers if role in CASE_READERS else set())
    assert ("figures" in shown) == (role in OFFICE_READERS)
    assert ("accounts" in shown) == (role in {*HEADS, "operator"})


@pytest.mark.requirement("R43")
def test_an_operator_sees_neither_persons_nor_the_ledger_but_accounts_and_figures() -> None:
    assert sections("operator") == {"accounts", "figures", "office"}
    assert "apply" in sections("community_officer")
    assert "apply" not in sections("county_certifier")


@pytest.mark.parametrize("level", ["province", "county", "street", "community"])
@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_begins_on_a_page_that_the_role_may_open(role: str, level: str) -> None:
    own = session(role, level=level)
    assert home(own) in {*(address for address, _ in menu(own)), "/me"}


async def test_the_pages_of_an_operator_lead_to_no_ledger() -> None:
    apis = Apis()
    apis.answers["/api/me"] = ME | {"roles": ["operator"]}
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get("/acts")).text
    assert 'href="/persons"' not in page
    assert 'href="/accounts"' in page


@pytest.mark.requirement("R43")
@pytest.mark.parametrize(("role", "opens"), [("operator", False), ("community_head", True)])
async def test_a_figure_opens_its_cases_for_those_who_read_cases_alone(
    role: str, opens: bool
) -> None:
    apis = Apis()
    apis.answers["/api/me"] = ME | {"roles": [role]}
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/o/{PROVINCE}")).text
    assert ("/figures/M2" in page) is opens
    assert "82.6%" in page
