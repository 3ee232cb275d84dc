"""Services, activities, invitations and attendance."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from events.contracts import assistance as ev
from events.contracts import registry, streams
from events.rules.access import Principal
from services.assistance.activity import commands as activity
from services.assistance.service import commands as service
from tests.support.scenario import Happened, events, happened, some_id
from tests.unit.services.assistance.facts import (
    AGENCY,
    CASE,
    COMMUNITY,
    COUNTY,
    DAY,
    EXITED,
    PES,
    PES_CLERK,
    STREET,
    SYSTEM,
    TRAINER,
    given,
    officer,
    on_file,
    on_person,
    with_parameter,
)

FAIR = some_id("fair")
DELIVER = service.DeliverService(case=CASE, service="career_guidance", provider=COMMUNITY)
INVITE = service.InviteToActivity(case=CASE, activity=FAIR)
ATTEND = service.RecordAttendance(case=CASE, activity=FAIR, outcome="attended")
ORGANISE = activity.OrganiseActivity(
    kind="job_fair", title="招聘会", from_day=date(2008, 6, 20), place="广场"
)
CLOSE = activity.CloseActivity(activity=FAIR, invited=4, attended=3)
COURSE = ev.Course(institution=TRAINER, level="beginner", form="short_course", occupation="cook")


def organised(by: str = STREET) -> Happened:
    event = ev.ActivityOrganised(
        kind="job_fair", title="招聘会", from_day=date(2008, 6, 20), place="广场"
    )
    return happened(streams.ACTIVITY.of(FAIR), event, f"office-{by}", office=by)


def wish(*, startup: bool) -> Happened:
    event = registry.WishesRecorded(wants_work=True, able_to_work=True, startup_wish=startup)
    return on_person(event)


fair = given.given(organised())
invited = fair.after(INVITE)
TRAINER_CLERK = officer("trainer", TRAINER)
AGENT = officer("agency", AGENCY)


@pytest.mark.requirement("R98")
def test_a_service_to_a_certified_person_is_recorded() -> None:
    assert events(given.when(DELIVER)) == (
        ev.ServiceDelivered(service="career_guidance", provider=COMMUNITY, fee=0),
    )
    assert given.by(PES_CLERK).when(DELIVER.model_copy(update={"provider": PES}))


@pytest.mark.requirement("R94")
def test_a_service_is_free() -> None:
    assert given.refused(DELIVER.model_copy(update={"fee": 1})) == "service_not_free"


@pytest.mark.requirement("R34")
def test_after_the_exit_no_service_is_recorded() -> None:
    assert given.given(EXITED).refused(DELIVER, "2008-07-01") == "not_certified"
    assert given.given(EXITED).when(DELIVER, "2008-06-30")


@pytest.mark.requirement("R60")
def test_job_choice_education_is_a_service_of_its_own() -> None:
    lesson = DELIVER.model_copy(update={"service": "job_choice_education"})

    (event,) = events(given.when(lesson))
    assert isinstance(event, ev.ServiceDelivered)
    assert event.service == "job_choice_education"


@pytest.mark.requirement("R65")
@pytest.mark.parametrize("name", ["startup_advice", "opening_guidance"])
def test_start_up_services_look_up_the_wish_or_state_a_reason(name: str) -> None:
    advice = DELIVER.model_copy(update={"service": name})

    assert given.refused(advice) == "no_startup_wish"
    assert given.given(wish(startup=False)).refused(advice) == "no_startup_wish"
    assert given.given(wish(startup=True)).when(advice)
    reasoned = advice.model_copy(update={"no_wish_reason": "本人口头提出"})
    assert given.when(reasoned)
    strict = with_parameter(given, "support.wish_required", "refuse")
    assert strict.refused(reasoned) == "no_startup_wish"


@pytest.mark.requirement("R66")
def test_expert_advice_names_its_expert_and_a_project_offer_its_project() -> None:
    advice = DELIVER.model_copy(update={"service": "expert_advice"})
    project = DELIVER.model_copy(update={"service": "project_offer"})

    assert given.refused(advice) == "expert_missing"
    assert given.when(advice.model_copy(update={"expert": some_id("expert")}))
    assert given.given(wish(startup=True)).refused(project) == "project_missing"


def test_an_unknown_provider_or_referral_is_refused() -> None:
    assert given.refused(DELIVER.model_copy(update={"provider": "149900000000"})) == (
        "office_unknown"
    )
    assert given.refused(DELIVER.model_copy(update={"referral": some_id("none")})) == "not_found"


@pytest.mark.requirement("R102")
def test_an_agency_acts_on_its_own_referral_and_only_while_it_runs() -> None:
    referral = some_id("referral")
    referred = on_file(
        ev.PersonReferred(
            to=AGENCY, service="job_introduction", fields=("phone",), until=date(2008, 6, 30)
        ),
        event_id=referral,
    )
    own = DELIVER.model_copy(update={"provider": AGENCY, "referral": referral})
    scenario = given.by(AGENT).given(referred)

    assert scenario.when(own, "2008-06-30")
    assert scenario.refused(own, "2008-07-01") == "forbidden"
    assert given.by(AGENT).refused(own) == "forbidden"
    assert scenario.refused(DELIVER) == "provider_not_own"
    declined = on_file(ev.ReferralAnswered(referral=referral, answer="declined"))
    assert scenario.given(declined).refused(own) == "forbidden"


@pytest.mark.requirement("R98")
@pytest.mark.parametrize(
    "who", [officer("county_reviewer", COUNTY), officer("street_officer", STREET), TRAINER_CLERK]
)
def test_an_activity_counts_for_the_office_that_organises_it(who: Principal) -> None:
    (fact,) = given.by(who).when(ORGANISE)

    assert getattr(fact, "subject", "") == f"office-{who.office}"


@pytest.mark.requirement("R99")
def test_a_training_names_its_course() -> None:
    training = ORGANISE.model_copy(update={"kind": "training"})

    assert given.refused(training) == "course_missing"
    assert given.when(training.model_copy(update={"course": COURSE}))


def test_an_activity_does_not_end_before_it_begins() -> None:
    assert given.refused(ORGANISE.model_copy(update={"until": DAY})) == "activity_dates"


@pytest.mark.requirement("R98")
def test_the_organiser_closes_its_activity_with_figures_that_fit() -> None:
    street = fair.by(officer("street_officer", STREET))

    assert events(street.when(CLOSE)) == (ev.ActivityClosed(invited=4, attended=3),)
    assert street.after(CLOSE).when(CLOSE) == ()
    assert street.refused(CLOSE.model_copy(update={"attended": 5})) == "activity_figures"
    assert street.refused(CLOSE.model_copy(update={"completed": 4})) == "activity_figures"
    county = fair.by(officer("county_head", COUNTY))
    assert county.refused(CLOSE) == "not_the_organiser"


@pytest.mark.requirement("R27")
def test_a_certified_person_is_invited_once() -> None:
    assert events(fair.when(INVITE)) == (ev.PersonInvited(activity=FAIR),)
    assert invited.when(INVITE) == ()
    assert fair.given(EXITED).refused(INVITE, "2008-07-01") == "not_certified"


@pytest.mark.requirement("R27")
def test_nobody_is_invited_to_what_is_over_or_unknown() -> None:
    over = happened(
        streams.ACTIVITY.of(FAIR), ev.ActivityClosed(invited=0, attended=0), f"office-{STREET}"
    )

    assert fair.given(over).refused(INVITE) == "activity_closed"
    assert given.refused(INVITE) == "not_found"


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("outcome", ["attended", "absent", "excused"])
def test_attendance_of_an_invited_person_is_recorded_from_the_first_day(
    outcome: ev.Attendance,
) -> None:
    attend = ATTEND.model_copy(update={"outcome": outcome})

    assert events(invited.when(attend, "2008-06-20")) == (
        ev.AttendanceRecorded(activity=FAIR, outcome=outcome),
    )
    assert invited.refused(attend, "2008-06-19") == "activity_not_yet_held"
    assert fair.refused(attend, "2008-06-20") == "not_invited"


@pytest.mark.requirement("R27")
def test_attendance_stands_until_it_is_corrected() -> None:
    came = invited.after(ATTEND, "2008-06-20")

    assert came.when(ATTEND, "2008-06-21") == ()
    absent = ATTEND.model_copy(update={"outcome": "absent"})
    assert came.refused(absent, "2008-06-21") == "attendance_recorded"


@pytest.mark.requirement("R27")
def test_attendance_is_recorded_at_home_or_by_the_organiser() -> None:
    assert invited.by(PES_CLERK).refused(ATTEND, "2008-06-20") == "not_the_organiser"
    by_pes = but(given, facts=(*given.facts, organised(PES))).after(INVITE)
    assert by_pes.by(PES_CLERK).when(ATTEND, "2008-06-20")
    by_trainer = but(given, facts=(*given.facts, organised(TRAINER))).after(INVITE)
    assert by_trainer.by(TRAINER_CLERK).when(ATTEND, "2008-06-20")
    assert invited.by(TRAINER_CLERK).refused(ATTEND, "2008-06-20") == "forbidden"


@pytest.mark.requirement("R67")
def test_the_system_records_the_service_of_a_stall() -> None:
    stall = DELIVER.model_copy(update={"service": "venue_stall"})

    assert given.by(SYSTEM).when(stall)
