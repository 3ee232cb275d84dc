"""Unemployment registration, allowance, wishes, skills and lost conditions."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import posts, streams
from events.contracts import registry as ev
from services.kit.decider import Command
from services.registry.person import commands as cmd
from tests.support.scenario import Happened, events, happened
from tests.unit.services.registry import facts as a

REGISTER = cmd.RecordUnemploymentRegistration(
    person=a.ANNA, last_ownership="state", last_job_ended_on=date(2008, 5, 31), proof=(a.DOC,)
)
CANCEL = cmd.CancelUnemploymentRegistration(person=a.ANNA, ground="employed")
DIBAO = cmd.RecordDibao(person=a.ANNA, from_day=date(2008, 1, 1), certificate=a.DOC)
END_DIBAO = cmd.EndDibao(person=a.ANNA, proof=a.DOC)
WISHES = cmd.RecordWishes(
    person=a.ANNA, wants_work=True, able_to_work=True, startup_wish=False, areas=(a.COUNTY,)
)
SKILL = ev.Skill(occupation="welder", level="level_4")
SKILLS = cmd.RecordSkills(person=a.ANNA, skills=(SKILL,))
RETIRED = cmd.RecordConditionLost(person=a.ANNA, condition="retirement")
STUDY = cmd.RecordConditionLost(person=a.ANNA, condition="study", proof=a.DOC)


def work(event: posts.PlacedInJob | posts.EmploymentEnded, day: str) -> Happened:
    return happened(streams.EMPLOYMENT.of(a.ANNA), event, f"person-{a.ANNA}", day=day)


PLACED = posts.PlacedInJob(
    person=a.ANNA,
    channel="enterprise",
    work_division="140105",
    cross_region=False,
    continuous=False,
)
ENDED = posts.EmploymentEnded(reason="contract_over", then="unemployed")


@pytest.mark.requirement("R11")
def test_the_registration_is_open_from_the_day_of_the_fact() -> None:
    (event,) = events(a.known.when(REGISTER, "2008-06-10"))
    assert isinstance(event, ev.UnemploymentRegistered)
    assert (event.last_ownership, event.proof) == ("state", (a.DOC,))


@pytest.mark.requirement("R11")
def test_a_registration_of_the_same_day_stands_already_and_another_day_is_refused() -> None:
    after = a.known.after(REGISTER, "2008-06-10")
    assert after.when(REGISTER, "2008-06-10") == ()
    assert after.refused(REGISTER, "2008-06-11") == "registration_open"


@pytest.mark.requirement("R11")
def test_a_registration_cannot_begin_before_the_previous_one_ended() -> None:
    after = a.known.after(REGISTER, "2008-06-10").after(CANCEL, "2008-07-01")
    assert after.refused(REGISTER, "2008-06-30") == "registration_overlaps"
    assert events(after.when(REGISTER, "2008-07-01"))


@pytest.mark.requirement("R11")
def test_who_is_employed_cannot_register_until_the_job_ended() -> None:
    employed = a.known.given(work(PLACED, "2008-06-03"))
    assert employed.refused(REGISTER) == "still_employed"
    ended = employed.given(work(ENDED, "2008-06-20"))
    assert ended.refused(REGISTER, "2008-06-19") == "still_employed"
    assert events(ended.when(REGISTER, "2008-06-20"))


@pytest.mark.requirement("R11")
def test_a_registration_needs_a_proof() -> None:
    assert a.known.refused(REGISTER.model_copy(update={"proof": ()})) == "proof_missing"


@pytest.mark.requirement("R13")
def test_the_last_job_cannot_end_after_the_registration() -> None:
    later = REGISTER.model_copy(update={"last_job_ended_on": date(2008, 6, 11)})
    assert a.known.refused(later, "2008-06-10") == "date_order"
    assert events(a.known.when(later, "2008-06-11"))


@pytest.mark.requirement("R11")
def test_a_registration_is_cancelled_once() -> None:
    after = a.known.after(REGISTER, "2008-06-10")
    (event,) = events(after.when(CANCEL, "2008-07-01"))
    assert event == ev.UnemploymentRegistrationCancelled(ground="employed")
    gone = after.after(CANCEL, "2008-07-01")
    assert gone.when(CANCEL, "2008-07-01") == ()
    assert gone.refused(CANCEL, "2008-07-02") == "no_registration"
    assert after.refused(CANCEL, "2008-06-09") == "date_order"


@pytest.mark.requirement("R11")
def test_a_placement_of_somebody_without_registration_cancels_nothing() -> None:
    assert a.known.by(a.SYSTEM).when(CANCEL) == ()
    assert a.known.refused(CANCEL) == "no_registration"


@pytest.mark.requirement("R15")
def test_the_allowance_is_recorded_one_term_at_a_time() -> None:
    after = a.known.after(DIBAO)
    assert after.when(DIBAO) == ()
    later = DIBAO.model_copy(update={"from_day": date(2009, 1, 1)})
    assert after.refused(later) == "dibao_running"
    assert events(after.after(END_DIBAO, "2008-12-31").when(later))


@pytest.mark.requirement("R15")
def test_a_term_of_the_allowance_does_not_end_before_it_begins() -> None:
    assert a.known.refused(DIBAO.model_copy(update={"until": date(2007, 12, 31)})) == "date_order"


@pytest.mark.requirement("X5")
def test_a_running_allowance_is_ended_with_the_day_before() -> None:
    after = a.known.after(DIBAO)
    assert events(after.when(END_DIBAO, "2008-07-01")) == (ev.DibaoEnded(proof=a.DOC),)
    ended = after.after(END_DIBAO, "2008-07-01")
    assert ended.when(END_DIBAO, "2008-07-01") == ()
    assert ended.refused(END_DIBAO, "2008-07-02") == "no_dibao"
    assert a.known.refused(END_DIBAO) == "no_dibao"


@pytest.mark.requirement("R15")
def test_civil_affairs_record_the_allowance_in_their_area() -> None:
    asker = a.officer("civil_affairs", a.COUNTY)
    assert events(a.known.by(asker).when(DIBAO))


@pytest.mark.requirement("R10")
def test_wishes_are_recorded_anew_only_where_they_differ() -> None:
    assert events(a.known.when(WISHES))
    after = a.known.after(WISHES)
    assert after.when(WISHES) == ()
    assert events(after.when(WISHES.model_copy(update={"wants_work": False})))


@pytest.mark.requirement("R37")
def test_a_wished_area_is_an_office() -> None:
    unknown = WISHES.model_copy(update={"areas": ("149999000000",)})
    assert a.known.refused(unknown) == "unknown_office"


@pytest.mark.requirement("R100")
def test_only_skills_that_are_new_or_of_another_level_are_added() -> None:
    after = a.known.after(SKILLS)
    assert after.when(SKILLS) == ()
    better = ev.Skill(occupation="welder", level="level_3")
    both = SKILLS.model_copy(update={"skills": (better, SKILL.model_copy())})
    assert events(after.when(both)) == (ev.SkillsRecorded(skills=(better,)),)
    proven = SKILL.model_copy(update={"certificate": a.DOC})
    assert events(after.when(SKILLS.model_copy(update={"skills": (proven,)})))


@pytest.mark.requirement("X5")
def test_a_lost_condition_needs_its_proof() -> None:
    assert a.known.refused(STUDY.model_copy(update={"proof": None})) == "proof_missing"
    assert events(a.known.when(STUDY)) == (ev.ConditionLost(condition="study", proof=a.DOC),)


@pytest.mark.requirement("X5")
def test_death_is_recorded_once_and_what_may_come_back_once_a_day() -> None:
    death = STUDY.model_copy(update={"condition": "death"})
    assert a.known.after(death).when(death, "2008-06-17") == ()
    assert a.known.after(STUDY).when(STUDY) == ()
    assert events(a.known.after(STUDY).when(STUDY, "2009-06-16"))


@pytest.mark.requirement("R9")
def test_the_system_records_the_end_of_working_age_on_its_day_and_not_before() -> None:
    system = a.known.by(a.SYSTEM)
    assert system.when(RETIRED, "2010-06-15") == ()
    assert events(system.when(RETIRED, "2010-06-16")) == (ev.ConditionLost(condition="retirement"),)


@pytest.mark.requirement("R9")
def test_where_the_worker_type_is_unknown_an_officer_decides_and_the_system_does_not() -> None:
    unknown = a.registry.given(a.registered(worker_type="unknown"))
    assert unknown.by(a.SYSTEM).when(RETIRED, "2012-06-16") == ()
    proven = RETIRED.model_copy(update={"proof": a.DOC})
    assert events(unknown.when(proven, "2012-06-16"))


@pytest.mark.requirement("R9")
def test_a_cadre_has_not_retired_at_a_workers_age() -> None:
    change = cmd.RecordPersonChange(person=a.ANNA, fact="worker_type", value="cadre")
    cadre = a.known.after(change)
    assert cadre.by(a.SYSTEM).when(RETIRED, "2010-06-16") == ()
    proven = RETIRED.model_copy(update={"proof": a.DOC})
    assert cadre.refused(proven, "2010-06-16") == "not_yet_retired"


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("wish", [REGISTER, CANCEL, DIBAO, END_DIBAO, WISHES, SKILLS, STUDY])
def test_another_community_records_nothing(wish: Command) -> None:
    assert a.known.by(a.ELSEWHERE).refused(wish) == "forbidden"
