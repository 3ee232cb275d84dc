"""Offers: to whom, whether they count, what became of them, how a refusal is judged."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from events.contracts import assistance, registry
from events.contracts import posts as ev
from events.contracts.base import Event, Found
from events.rules.access import Principal
from services.posts.offer import commands as cmd
from tests.support.scenario import Scenario, events, releases, some_id, takes
from tests.unit.services.assistance.facts import (
    AGENCY,
    ANNA,
    CASE,
    CLERK,
    COUNTY,
    EXITED,
    PES,
    PES_CLERK,
    STREET,
    SYSTEM,
    certified,
    officer,
    on_file,
    on_person,
    started,
    stopped,
    with_parameter,
)
from tests.unit.services.posts.facts import (
    BERTA,
    MAKE_OFFER,
    OFFER,
    OFFER_CLAIM,
    STREET_CLERK,
    VACANCY,
    given,
    listed,
    on_post,
    with_offer,
)

HEAD = officer("county_head", COUNTY)
AGENT = officer("agency", AGENCY)


def made(
    scenario: Scenario, command: cmd.OfferJob = MAKE_OFFER, day: str = "2008-06-16"
) -> ev.JobOffered:
    (event,) = events(scenario.when(command, day))
    assert isinstance(event, ev.JobOffered)
    return event


@pytest.mark.requirement("R31")
def test_a_post_is_offered_to_a_certified_unemployed_person() -> None:
    event = made(given)

    assert (event.person, event.case, event.post) == (ANNA, CASE, VACANCY)
    assert event.suitable
    assert takes(given.when(MAKE_OFFER)) == tuple(OFFER_CLAIM)


@pytest.mark.requirement("R34")
def test_after_the_exit_nothing_is_offered_even_for_an_earlier_day() -> None:
    assert given.given(EXITED).refused(MAKE_OFFER, "2008-07-02") == "not_certified"
    assert given.given(EXITED).refused(MAKE_OFFER, "2008-06-16") == "not_certified"
    nobody = MAKE_OFFER.model_copy(update={"person": BERTA})
    assert given.refused(nobody) == "not_certified"


@pytest.mark.requirement("R35")
def test_nothing_is_offered_to_a_person_at_work() -> None:
    assert given.given(started("2008-06-10")).refused(MAKE_OFFER) == "employed_no_offer"
    over = given.given(started("2008-06-10"), stopped("2008-06-12"))
    assert over.refused(MAKE_OFFER, "2008-06-12") == "employed_no_offer"
    assert over.when(MAKE_OFFER, "2008-06-13")


@pytest.mark.requirement("R95")
def test_a_post_without_a_place_or_past_its_days_is_not_offered() -> None:
    full = given.given(
        on_post(ev.PlaceTaken(person=some_id("p1"), place=1)),
        on_post(ev.PlaceTaken(person=some_id("p2"), place=2)),
    )

    assert full.refused(MAKE_OFFER) == "post_full"
    assert given.given(on_post(ev.PostClosed(reason="withdrawn"))).refused(MAKE_OFFER) == (
        "post_closed"
    )
    late = MAKE_OFFER.model_copy(update={"answer_by": date(2009, 2, 1)})
    assert given.refused(late, "2009-01-01") == "post_closed"
    assert given.refused(MAKE_OFFER, "2008-06-01") == "not_certified"
    assert given.when(MAKE_OFFER, "2008-06-02")
    early = given.given(certified("2008-06-01"))
    assert early.refused(MAKE_OFFER, "2008-06-01") == "post_not_begun"


def test_a_post_is_on_offer_to_a_person_once_and_answered_in_the_future() -> None:
    assert given.when(MAKE_OFFER.model_copy(update={"answer_by": date(2008, 6, 16)}))
    assert with_offer.refused(MAKE_OFFER) == "offer_open"
    assert given.refused(MAKE_OFFER.model_copy(update={"answer_by": date(2008, 6, 15)})) == (
        "answer_by_past"
    )
    other = MAKE_OFFER.model_copy(update={"person": BERTA, "case": CASE})
    assert given.refused(other) == "case_of_other_person"


SOURCES: list[tuple[Principal, str, str | None, bool]] = [
    (PES_CLERK, "pes", None, True),
    (HEAD, "labour_department", None, True),
    (STREET_CLERK, "street", None, False),
    (STREET_CLERK, "street", COUNTY, True),
    (CLERK, "community", None, False),
    (CLERK, "community", COUNTY, True),
    (STREET_CLERK, "other", COUNTY, False),
    (PES_CLERK, "other", None, False),
]


@pytest.mark.requirement("R31")
@pytest.mark.parametrize(("who", "source", "by", "counts"), SOURCES)
def test_only_offers_of_the_labour_department_or_by_its_commission_count(
    who: Principal, source: str, by: str | None, *, counts: bool
) -> None:
    command = MAKE_OFFER.model_copy(update={"source": source, "commissioned_by": by})

    assert made(given.by(who), command).counts is counts


@pytest.mark.requirement("R31")
def test_an_office_cannot_offer_under_the_name_of_another() -> None:
    for source in ("labour_department", "pes", "agency", "community"):
        command = MAKE_OFFER.model_copy(update={"source": source})
        assert given.by(STREET_CLERK).refused(command) == "offer_source"


@pytest.mark.requirement("R31")
@pytest.mark.parametrize("giver", [STREET, PES, AGENCY, "149900000000"])
def test_only_a_labour_department_above_commissions_an_offer(giver: str) -> None:
    command = MAKE_OFFER.model_copy(update={"source": "street", "commissioned_by": giver})

    assert given.by(STREET_CLERK).refused(command) == "offer_commission"


@pytest.mark.requirement("R31")
def test_an_employment_service_below_the_county_counts_only_by_commission() -> None:
    clerk = officer("pes_clerk", STREET)
    assert not made(given.by(clerk)).counts
    assert made(given.by(clerk), MAKE_OFFER.model_copy(update={"commissioned_by": COUNTY})).counts


@pytest.mark.requirement("R31")
def test_whose_offers_count_is_a_parameter() -> None:
    own = MAKE_OFFER.model_copy(update={"source": "street"})
    every = with_parameter(given.by(STREET_CLERK), "posts.counting_offers", "all")

    assert made(every, own).counts


@pytest.mark.requirement("R31")
def test_an_agency_offers_to_persons_referred_to_it_and_never_counts() -> None:
    own = MAKE_OFFER.model_copy(update={"source": "agency"})
    referred = on_file(
        assistance.PersonReferred(
            to=AGENCY, service="job_introduction", fields=(), until=date(2008, 6, 30)
        )
    )

    assert given.by(AGENT).refused(own) == "forbidden"
    assert made(given.by(AGENT).given(referred), own).counts is False


@pytest.mark.requirement("R97")
def test_an_offer_keeps_how_the_post_suits_the_person() -> None:
    suits = ev.Suits(sex="male", age_from=18, age_to=45, skills=("sales",), schooling="senior")
    facts = tuple(f for f in given.facts if f != listed())
    picky = but(given, facts=(*facts, listed(suits=suits)))

    event = made(picky)
    assert {(f.condition, f.ok) for f in event.checks} == {
        ("sex", False), ("age", False), ("skill", False), ("schooling", False),
    }  # fmt: skip
    assert not event.suitable


@pytest.mark.requirement("R97")
def test_a_post_whose_demands_are_met_is_suitable() -> None:
    suits = ev.Suits(sex="female", age_from=40, age_to=50, skills=("sales",), schooling="junior")
    facts = tuple(f for f in given.facts if f != listed())
    skills = registry.SkillsRecorded(skills=(registry.Skill(occupation="sales", level="beginner"),))
    schooled = registry.PersonFactChanged(fact="education", value="senior")
    fit = but(given, facts=(*facts, listed(suits=suits), on_person(skills), on_person(schooled)))

    event = made(fit)
    assert event.suitable
    assert all(found.ok for found in event.checks)


@pytest.mark.requirement("R97")
def test_an_age_demand_is_judged_on_the_day_of_the_offer() -> None:
    facts = tuple(f for f in given.facts if f != listed())
    young = but(given, facts=(*facts, listed(suits=ev.Suits(age_to=47))))

    assert made(young, day="2008-06-15").suitable
    assert not made(young, day="2008-06-16").suitable


@pytest.mark.requirement("R97")
def test_wishes_are_found_and_left_to_the_officer() -> None:
    wishes = registry.WishesRecorded(
        wants_work=True,
        able_to_work=True,
        startup_wish=False,
        occupations=("cook",),
        min_wage=95_000,
        areas=("140100000000",),
    )
    event = made(given.given(on_person(wishes)))

    assert {(f.condition, f.ok) for f in event.checks} == {
        ("occupation", False), ("wage_wish", False), ("area", True),
    }  # fmt: skip
    assert event.suitable
    unfit = MAKE_OFFER.model_copy(
        update={
            "suitable": False,
            "checks": (Found(condition="health", value="x", boundary="y", clause="R97", ok=False),),
        }
    )
    assert not made(given, unfit).suitable


def outcome(name: str, reason: str | None = "too_far") -> cmd.RecordOfferOutcome:
    return cmd.RecordOfferOutcome.model_validate(
        {"offer": OFFER, "outcome": name, "reason": reason}
    )


OUTCOMES: dict[str, Event] = {
    "accepted": ev.OfferAccepted(reason="too_far"),
    "refused": ev.OfferRefused(reason="too_far"),
    "not_taken_up": ev.NotTakenUp(reason="too_far"),
    "withdrawn": ev.OfferWithdrawn(reason="too_far"),
}


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_recorded_once_and_frees_the_offer_unless_accepted(name: str) -> None:
    result = with_offer.when(outcome(name))

    assert events(result) == (OUTCOMES[name],)
    assert releases(result) == (() if name == "accepted" else tuple(OFFER_CLAIM))
    assert with_offer.after(outcome(name)).when(outcome(name)) == ()


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("name", ["refused", "not_taken_up", "withdrawn"])
def test_whoever_does_not_take_a_post_says_why(name: str) -> None:
    assert with_offer.refused(outcome(name, None)) == "refusal_reason_missing"
    assert with_offer.when(outcome("accepted", None))


@pytest.mark.requirement("R29")
def test_only_the_offering_office_records_the_outcome() -> None:
    assert with_offer.by(HEAD).refused(outcome("refused")) == "not_the_offering_office"
    assert with_offer.by(CLERK).refused(outcome("refused")) == "forbidden"


WITHDRAW = cmd.WithdrawOffer(offer=OFFER, reason="post_gone")
ALL = cmd.WithdrawOffer(person=ANNA, reason="status_ended")


@pytest.mark.requirement("R34")
def test_the_system_withdraws_every_open_offer_of_a_person() -> None:
    system = with_offer.by(SYSTEM)
    result = system.when(ALL)

    assert events(result) == (ev.OfferWithdrawn(reason="status_ended"),)
    assert releases(result) == tuple(OFFER_CLAIM)
    assert system.after(ALL).when(ALL) == ()
    assert given.by(SYSTEM).when(ALL) == ()


@pytest.mark.requirement("R34")
def test_an_office_withdraws_one_offer_of_its_own() -> None:
    assert events(with_offer.when(WITHDRAW)) == (ev.OfferWithdrawn(reason="post_gone"),)
    assert with_offer.after(WITHDRAW).when(WITHDRAW) == ()
    assert with_offer.by(SYSTEM).when(WITHDRAW)
    assert with_offer.by(HEAD).refused(WITHDRAW) == "not_the_offering_office"
    assert with_offer.refused(ALL) == "offer_or_person"
    assert with_offer.refused(cmd.WithdrawOffer(reason="post_gone")) == "offer_or_person"


def test_an_offer_names_the_open_case_and_no_lapsed_one() -> None:
    named = MAKE_OFFER.model_copy(update={"case": CASE})
    assert made(but(given, claims={}), named).case == CASE
    unknown = MAKE_OFFER.model_copy(update={"case": some_id("other")})
    assert given.refused(unknown) == "not_found"
