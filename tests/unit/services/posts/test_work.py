"""A person's work: placed, confirmed, ended, registered by the employer."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import certification as cert
from events.contracts import posts as ev
from events.contracts import streams
from services.posts.work import commands as cmd
from tests.support.scenario import Scenario, events, happened, releases, some_id, takes
from tests.unit.services.assistance.facts import (
    ANNA,
    CASE,
    CLERK,
    COUNTY,
    ELSEWHERE,
    EXITED,
    SYSTEM,
    started,
    stopped,
    with_parameter,
)
from tests.unit.services.posts.facts import (
    BATCH,
    BERTA,
    ENTERPRISE,
    EXPORT,
    FIRM,
    FLEXIBLE,
    HOUSEHOLD,
    OFFER,
    OFFER_CLAIM,
    PUBLIC,
    SWEEPER,
    VACANCY,
    given,
    household,
    member_claim,
    on_offer,
    on_post,
    with_offer,
)

SELF = cmd.PlaceInJob(person=ANNA, channel="self_employment", work_division="140105")
CHANNELS = {
    "self_employment": SELF,
    "flexible": FLEXIBLE,
    "enterprise": ENTERPRISE,
    "public_post": PUBLIC,
    "labour_export": EXPORT,
}


def placed(scenario: Scenario, command: cmd.PlaceInJob, day: str = "2008-06-16") -> ev.PlacedInJob:
    event = events(scenario.when(command, day))[0]
    assert isinstance(event, ev.PlacedInJob)
    return event


@pytest.mark.requirement("R59")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_certified_person_goes_to_work_through_each_channel(channel: str) -> None:
    event = placed(given, CHANNELS[channel])

    assert (event.channel, event.case, event.person) == (channel, CASE, ANNA)
    assert takes(given.when(CHANNELS[channel]))[0] == f"main-employment/{ANNA}"


@pytest.mark.requirement("R69")
def test_flexible_work_needs_a_proof_and_its_kind_and_no_contract() -> None:
    assert given.refused(FLEXIBLE.model_copy(update={"proof": None})) == "proof_missing"
    assert given.refused(FLEXIBLE.model_copy(update={"flexible_kind": None})) == "flexible_kind"
    assert given.refused(SELF.model_copy(update={"flexible_kind": "sole_trader"})) == (
        "flexible_kind"
    )


@pytest.mark.requirement("R69")
@pytest.mark.parametrize("command", [ENTERPRISE, PUBLIC])
def test_enterprise_and_public_post_need_a_contract(command: cmd.PlaceInJob) -> None:
    assert given.refused(command.model_copy(update={"contract": None})) == "contract_missing"


@pytest.mark.requirement("R70")
def test_an_enterprise_is_registered_before_it_takes_somebody_on() -> None:
    bare = ENTERPRISE.model_copy(update={"post": None})

    assert given.refused(bare) == "employer_missing"
    assert given.refused(bare.model_copy(update={"employer": some_id("x")})) == "employer_missing"
    assert placed(given, bare.model_copy(update={"employer": FIRM})).employer == FIRM
    assert placed(given, ENTERPRISE).employer == FIRM
    differs = ENTERPRISE.model_copy(update={"employer": some_id("x")})
    assert given.refused(differs) == "employer_differs"


@pytest.mark.requirement("R76")
def test_a_public_post_is_taken_through_its_own_channel_only() -> None:
    assert given.refused(PUBLIC.model_copy(update={"post": None})) == "post_missing"
    assert given.refused(PUBLIC.model_copy(update={"post": VACANCY})) == "post_missing"
    assert given.refused(ENTERPRISE.model_copy(update={"post": SWEEPER})) == "post_missing"


@pytest.mark.requirement("R76")
def test_only_certified_persons_are_placed() -> None:
    nobody = PUBLIC.model_copy(update={"person": BERTA})

    assert given.refused(nobody) == "not_certified"
    assert given.given(EXITED).refused(PUBLIC, "2008-07-01") == "not_certified"


@pytest.mark.requirement("R76")
def test_a_placement_before_the_exit_is_recorded_after_it() -> None:
    assert given.given(EXITED).when(PUBLIC, "2008-06-30")


@pytest.mark.requirement("R87")
def test_a_counted_member_of_a_certified_household_is_placed_but_not_in_a_public_post() -> None:
    member = given.given(*household(), claims=member_claim())
    job = FLEXIBLE.model_copy(update={"person": BERTA})

    event = placed(member, job)
    assert (event.case, event.household) == (None, HOUSEHOLD)
    public = PUBLIC.model_copy(update={"person": BERTA})
    assert member.refused(public) == "public_post_needs_certificate"


@pytest.mark.requirement("R87")
def test_a_member_who_does_not_count_or_whose_household_was_cleared_is_not_placed() -> None:
    job = FLEXIBLE.model_copy(update={"person": BERTA})
    student = given.given(*household("student"), claims=member_claim())
    minor = given.given(*household("minor"), claims=member_claim())
    left = happened(
        streams.HOUSEHOLD.of(HOUSEHOLD),
        cert.HouseholdLeft(reason="moved", facts=(), others=()),
        f"household-{HOUSEHOLD}",
    )

    assert student.refused(job) == "not_certified"
    assert minor.refused(job) == "not_certified"
    gone = given.given(*household(), left, claims=member_claim())
    assert gone.refused(job) == "not_certified"


@pytest.mark.requirement("R87")
def test_the_household_of_a_certified_member_is_named_too() -> None:
    member = given.given(*household(who=ANNA), claims=member_claim(ANNA))

    event = placed(member, PUBLIC)
    assert (event.case, event.household) == (CASE, HOUSEHOLD)


@pytest.mark.requirement("R74")
def test_a_full_closed_or_expired_post_takes_nobody() -> None:
    taken = on_post(ev.PlaceTaken(person=BERTA, place=1), "2008-06-10", SWEEPER)

    assert given.given(taken).refused(PUBLIC) == "post_full"
    closed = on_post(ev.PostClosed(reason="withdrawn"), which=SWEEPER)
    assert given.given(closed).refused(PUBLIC) == "post_closed"
    expired = on_post(ev.PostChanged(until=date(2008, 6, 15)), which=SWEEPER)
    assert given.given(expired).refused(PUBLIC) == "post_closed"
    assert given.given(expired).when(PUBLIC, "2008-06-15")


@pytest.mark.requirement("R74")
def test_a_place_is_free_only_after_the_last_day_of_the_one_before() -> None:
    before = given.given(
        on_post(ev.PlaceTaken(person=BERTA, place=1), "2008-06-10", SWEEPER),
        on_post(ev.PlaceFreed(person=BERTA, place=1), "2008-06-16", SWEEPER),
    )

    assert before.refused(PUBLIC, "2008-06-16") == "post_full"
    assert before.refused(PUBLIC, "2008-06-05") == "post_full"
    assert placed(before, PUBLIC, "2008-06-17").place == 1


@pytest.mark.requirement("R74")
def test_a_placement_takes_the_place_on_the_post_too() -> None:
    outcome = given.when(PUBLIC)

    assert events(outcome)[1] == ev.PlaceTaken(person=ANNA, place=1)
    assert takes(outcome) == (f"main-employment/{ANNA}", f"place/{SWEEPER}/1")


@pytest.mark.requirement("R29")
def test_a_placement_takes_up_the_offer_of_the_post_without_being_told() -> None:
    outcome = with_offer.when(ENTERPRISE)

    assert events(outcome)[1:] == (
        ev.PlaceTaken(person=ANNA, place=1, offer=OFFER),
        ev.OfferTakenUp(post=VACANCY),
    )
    assert releases(outcome) == tuple(OFFER_CLAIM)


@pytest.mark.requirement("R29")
def test_an_offer_brings_its_post_and_must_be_open_and_the_persons_own() -> None:
    named = ENTERPRISE.model_copy(update={"post": None, "offer": OFFER})

    assert placed(with_offer, named).post == VACANCY
    accepted = with_offer.given(on_offer(ev.OfferAccepted()))
    assert placed(accepted, named).offer == OFFER
    over = with_offer.given(on_offer(ev.OfferRefused(reason="too_far")))
    assert over.refused(named) == "offer_ended"
    stranger = with_offer.given(*household(), claims=member_claim())
    assert stranger.refused(named.model_copy(update={"person": BERTA})) == "offer_differs"
    assert with_offer.refused(named.model_copy(update={"post": SWEEPER})) == "offer_differs"


@pytest.mark.requirement("R79")
def test_labour_export_exists_only_inside_an_open_batch() -> None:
    assert given.refused(EXPORT.model_copy(update={"batch": None})) == "batch_missing"
    assert given.refused(SELF.model_copy(update={"batch": BATCH})) == "batch_missing"
    over = happened(streams.BATCH.of(BATCH), ev.ExportBatchClosed(placed=0), f"office-{COUNTY}")
    assert given.given(over).refused(EXPORT) == "batch_closed"


@pytest.mark.requirement("R80")
def test_work_in_another_county_is_cross_region_by_its_division() -> None:
    def crosses(scenario: Scenario, division: str) -> bool:
        return placed(scenario, SELF.model_copy(update={"work_division": division})).cross_region

    assert [crosses(given, d) for d in ("140105", "140105002", "140106", "120000")] == [
        False, False, True, True,
    ]  # fmt: skip
    by_city = with_parameter(given, "posts.cross_region_level", "city")
    assert [crosses(by_city, d) for d in ("140106", "140200")] == [False, True]


@pytest.mark.requirement("R80")
def test_the_residence_community_stays_the_place_that_counts() -> None:
    assert given.by(CLERK).when(EXPORT)
    assert given.by(ELSEWHERE).refused(EXPORT) == "forbidden"


def test_one_main_job_and_no_overlap() -> None:
    busy = given.given(started("2008-06-10"))
    past = given.given(started("2008-06-10"), stopped("2008-06-20", "unemployed"))

    assert busy.refused(SELF) == "already_employed"
    assert past.refused(SELF, "2008-06-20") == "overlaps_employment"
    assert past.when(SELF, "2008-06-21")


def test_the_same_placement_twice_is_one() -> None:
    for command in (SELF, PUBLIC, ENTERPRISE):
        assert given.after(command).when(command) == ()
        assert given.after(command).refused(command, "2008-06-17") == "already_employed"


@pytest.mark.requirement("R92")
def test_a_job_that_follows_without_a_gap_is_continuous() -> None:
    between = given.given(started("2008-06-01"), stopped("2008-10-31"))

    assert placed(between, SELF, "2008-11-01").continuous
    assert not placed(between, SELF, "2008-11-02").continuous
    assert not placed(given, SELF).continuous
    wide = with_parameter(between, "assistance.stable_gap_days", 15)
    assert placed(wide, SELF, "2008-11-16").continuous
    same = with_parameter(between, "assistance.stable_same_employer", value=True)
    job = ENTERPRISE.model_copy(update={"post": None, "employer": FIRM})
    assert not placed(same, job, "2008-11-01").continuous


@pytest.mark.requirement("R90")
def test_the_system_places_what_a_follow_up_found() -> None:
    assert given.by(SYSTEM).when(SELF)
