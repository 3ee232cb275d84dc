"""Employers, vacancies, public-welfare posts and batches of labour export."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from events.contracts import posts as ev
from events.contracts import streams
from events.rules.access import Principal
from services.posts.batch import commands as batch
from services.posts.post import commands as post
from services.posts.timers import POST_UNTIL
from tests.support.scenario import FakeFacts, day_at, events, happened, some_id, takes
from tests.unit.services.assistance.facts import (
    COUNTY,
    PES,
    PES_CLERK,
    STREET,
    SYSTEM,
    officer,
    with_parameter,
)
from tests.unit.services.posts.facts import (
    BATCH,
    BUREAU,
    DEVELOP,
    FIRM,
    LIST,
    OPEN_BATCH,
    REGISTER,
    STREET_CLERK,
    VACANCY,
    developed,
    employer_known,
    given,
    listed,
    on_post,
)

HEAD = officer("county_head", COUNTY)


@pytest.mark.requirement("R70")
def test_an_employer_is_an_outside_office_of_its_own() -> None:
    (fact, _) = outcome = given.when(REGISTER)

    (event,) = events(outcome)
    assert isinstance(event, ev.EmployerRegistered)
    assert getattr(fact, "subject", "") == f"office-{str(fact.stream).removeprefix('employer-')}"


@pytest.mark.requirement("R70")
def test_a_unified_code_is_registered_once_and_never_shown_by_its_claim() -> None:
    (claim,) = takes(given.when(REGISTER))

    assert REGISTER.unified_code not in claim
    assert given.after(REGISTER).refused(REGISTER) == "employer_known"


@pytest.mark.requirement("R95")
def test_a_vacancy_of_a_registered_employer_is_listed() -> None:
    (event,) = events(given.when(LIST))

    assert isinstance(event, ev.VacancyListed)
    assert given.refused(LIST.model_copy(update={"employer": some_id("x")})) == "not_found"
    assert given.by(STREET_CLERK).refused(LIST) == "forbidden"


@pytest.mark.requirement("R95")
def test_a_vacancy_has_days_and_wages_in_order() -> None:
    early = LIST.model_copy(update={"until": date(2008, 6, 15)})
    wages = LIST.model_copy(update={"wage": ev.WageRange(from_wage=2, to=1)})

    assert given.refused(early) == "post_dates"
    assert given.refused(wages) == "wage_range"


@pytest.mark.requirement("R74")
@pytest.mark.parametrize("who", [PES_CLERK, STREET_CLERK, HEAD])
def test_a_public_welfare_post_is_developed(who: Principal) -> None:
    assert [type(e) for e in events(given.by(who).when(DEVELOP))] == [ev.PublicPostDeveloped]


@pytest.mark.requirement("R75")
def test_logistics_posts_are_of_government_bodies() -> None:
    logistics = DEVELOP.model_copy(update={"post_type": "logistics"})

    assert given.when(logistics)
    assert given.refused(logistics.model_copy(update={"host_type": "community"})) == (
        "logistics_host"
    )


@pytest.mark.requirement("R75")
def test_the_type_of_a_host_is_the_registered_one() -> None:
    assert given.refused(DEVELOP.model_copy(update={"host": FIRM})) == "host_type_differs"
    other = DEVELOP.model_copy(update={"host": FIRM, "host_type": "community"})
    assert given.when(other)
    assert given.refused(other.model_copy(update={"host": BUREAU})) == "host_type_differs"


CHANGE = post.ChangePost(post=VACANCY, places=1)
two_taken = given.given(
    on_post(ev.PlaceTaken(person=some_id("p1"), place=1), "2008-06-10"),
    on_post(ev.PlaceTaken(person=some_id("p2"), place=2), "2008-06-12"),
)


@pytest.mark.requirement("R95")
def test_places_stay_at_or_above_those_taken() -> None:
    assert two_taken.refused(CHANGE) == "places_below_taken"
    assert events(given.when(CHANGE)) == (ev.PostChanged(places=1),)
    freed = two_taken.given(on_post(ev.PlaceFreed(person=some_id("p1"), place=1), "2008-06-15"))
    assert freed.when(CHANGE)
    assert freed.refused(CHANGE, "2008-06-15") == "places_below_taken"


@pytest.mark.requirement("R95")
def test_a_change_that_changes_nothing_is_no_event() -> None:
    assert given.when(CHANGE.model_copy(update={"places": 2})) == ()
    assert given.refused(CHANGE.model_copy(update={"until": date(2008, 6, 1)})) == "post_dates"
    assert given.by(STREET_CLERK).refused(CHANGE) == "forbidden"


CLOSE = post.ClosePost(post=VACANCY, reason="withdrawn")


@pytest.mark.requirement("R95")
def test_a_post_is_closed_once_for_a_reason_that_holds() -> None:
    assert events(given.when(CLOSE)) == (ev.PostClosed(reason="withdrawn"),)
    assert given.after(CLOSE).when(CLOSE) == ()
    filled, expired = (CLOSE.model_copy(update={"reason": r}) for r in ("filled", "expired"))
    assert given.refused(filled) == "post_not_full"
    assert two_taken.when(filled)
    assert given.refused(expired, "2008-12-31") == "post_not_expired"
    assert given.when(expired, "2009-01-01")


@pytest.mark.requirement("R74")
def test_a_post_closes_by_itself_after_its_last_day() -> None:
    recorded = FakeFacts().add(listed())
    started = POST_UNTIL.starts[recorded.type](recorded)
    assert started == (VACANCY, {"until": "2008-12-31"})

    key, basis = started
    assert POST_UNTIL.due(basis, given.directory) == day_at("2009-01-01", 0)
    command = POST_UNTIL.command(key, basis)
    assert events(given.by(SYSTEM).when(command, "2009-01-01")) == (
        ev.PostClosed(reason="expired"),
    )


@pytest.mark.requirement("R74")
def test_a_post_without_last_day_has_no_clock_and_a_late_clock_finds_nothing_to_do() -> None:
    recorded = FakeFacts().add(developed())
    assert POST_UNTIL.starts[recorded.type](recorded) is None

    expired = CLOSE.model_copy(update={"reason": "expired"})
    longer = given.given(on_post(ev.PostChanged(until=date(2009, 3, 31)), "2008-12-01"))
    assert longer.by(SYSTEM).when(expired, "2009-01-01") == ()


@pytest.mark.requirement("R79")
def test_a_batch_leads_to_another_region() -> None:
    by_county = given.by(HEAD)

    assert [type(e) for e in events(by_county.when(OPEN_BATCH))] == [ev.LabourExportOrganised]
    near = OPEN_BATCH.model_copy(update={"destination": "140105002"})
    assert by_county.refused(near) == "batch_not_cross_region"
    next_county = OPEN_BATCH.model_copy(update={"destination": "140106"})
    assert by_county.when(next_county)
    by_city = with_parameter(by_county, "posts.cross_region_level", "city")
    assert by_city.refused(next_county) == "batch_not_cross_region"


@pytest.mark.requirement("R79")
def test_a_batch_names_known_bodies() -> None:
    by_county = given.by(HEAD)

    unknown = OPEN_BATCH.model_copy(update={"organiser": "149900000000"})
    assert by_county.refused(unknown) == "office_unknown"
    assert by_county.refused(OPEN_BATCH.model_copy(update={"employer": some_id("x")})) == (
        "not_found"
    )
    assert given.by(STREET_CLERK).refused(OPEN_BATCH) == "forbidden"


@pytest.mark.requirement("R79")
def test_the_organiser_closes_the_batch_with_no_more_than_its_places() -> None:
    close = batch.CloseExportBatch(batch=BATCH, placed=20)

    assert events(given.by(HEAD).when(close)) == (ev.ExportBatchClosed(placed=20),)
    assert given.by(HEAD).after(close).when(close) == ()
    assert given.by(HEAD).refused(close.model_copy(update={"placed": 21})) == "batch_figures"
    assert given.refused(close) == "not_the_organiser"
    assert given.by(officer("street_signer", STREET)).refused(close) == "forbidden"


def test_an_employer_changes_kind_by_an_event_only() -> None:
    changed = happened(
        streams.EMPLOYER.of(FIRM),
        ev.EmployerChanged(field="kind", value="public_institution", from_day=date(2008, 6, 3)),
        f"office-{FIRM}",
        office=PES,
    )
    fresh = but(given, facts=(*given.facts, changed))

    assert fresh.when(DEVELOP.model_copy(update={"host": FIRM}))
    assert employer_known(FIRM, "enterprise") in fresh.facts
