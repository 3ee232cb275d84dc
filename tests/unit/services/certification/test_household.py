"""The zero-employment household: certified once, cleared by the first job, judged again."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import certification as ev
from events.contracts import registry as reg
from events.contracts import streams
from services.certification import CONTEXT
from services.certification.decision.commands import Certify
from services.certification.household import commands as cmd
from services.certification.reassessment import commands as again
from services.kit.decider import Outcome
from tests.support.scenario import Scenario, events, happened, releases, some_id, takes
from tests.unit.services.certification import facts as a

HOUSEHOLD = streams.HOUSEHOLD.of(a.HOME)
BENS_CASE = some_id("bens case")
BENS = streams.CERTIFICATION.of(BENS_CASE)
PLACEMENT = some_id("placement")
REASON = "经审查"

home = Scenario(CONTEXT, a.DIRECTORY, a.CLERK).given(
    a.person(),
    a.unemployed(),
    a.person(a.BEN, sex="male", birth=date(1970, 1, 1)),
    a.unemployed(a.BEN, owner="private"),
    a.household(a.member(a.BEN)),
    claims={f"household-member/{who}": HOUSEHOLD for who in (a.ANNA, a.BEN)},
)


def to_county(it: Scenario) -> Scenario:
    wish = a.apply("zero_household", "aged_4050", household=a.HOME)
    for by, command, day in (
        (a.CLERK, wish, a.FILED),
        (a.CLERK, a.REGISTER, a.REGISTERED),
        (a.CLERK, a.POST, a.POSTED),
        (a.SYSTEM, a.close(), a.CLOSED),
        (a.SIGNER, a.STREET_REVIEW, a.REVIEWED),
        (a.STREET_OFFICER, a.FORWARD, a.FORWARDED),
    ):
        it = a.step(it, by, command, day)
    return it


CERTIFY = Certify(case=a.CASE, category="zero_household")
at_county = to_county(home)
certified = a.step(at_county, a.CERTIFIER, CERTIFY, a.DECIDED)


def bens(category: ev.Category = "zero_household", household: str | None = a.HOME) -> Scenario:
    """Let Ben be certified as a further member."""
    filed = ev.ApplicationFiled(
        person=a.BEN, categories=("zero_household",), household=a.HOME, causes=(),
        evidence=a.EVIDENCE, attest_ability=True, attest_wish=True, signed=a.paper("application"),
        case_no="140105-2008-000002", primary="zero_household",
        continuous_unemployment=ev.ContinuousUnemployment(from_day=a.DAY, days=15), findings=(),
    )  # fmt: skip
    done = ev.PersonCertified(
        category=category, findings=(), responsible_office=a.COUNTY, member_of=household
    )
    subject = f"person-{a.BEN}"
    return certified.given(
        happened(BENS, filed, subject, day=a.FILED),
        happened(BENS, done, subject, day=a.DECIDED, office=a.COUNTY),
        claims={f"open-certification/{a.BEN}": BENS},
    )


def clear(it: Scenario, day: str, member: str = a.ANNA) -> Outcome:
    wish = cmd.ClearHousehold(household=a.HOME, member=member, placement=PLACEMENT)
    return it.by(a.SYSTEM).when(wish, day)


@pytest.mark.requirement("R14")
def test_the_first_member_certifies_the_household_and_a_further_one_does_not() -> None:
    outcome = at_county.by(a.CERTIFIER).when(CERTIFY, a.DECIDED)
    person, household = events(outcome)
    assert isinstance(person, ev.PersonCertified)
    assert person.member_of == a.HOME
    assert isinstance(household, ev.HouseholdCertified)
    assert f"household-certified/{a.HOME}" in takes(outcome)
    known = at_county.given(
        happened(
            HOUSEHOLD,
            ev.HouseholdCertified(member=a.BEN, case=BENS_CASE, responsible_office=a.COUNTY),
            day=a.FORWARDED,
        )
    )
    assert len(events(known.by(a.CERTIFIER).when(CERTIFY, a.DECIDED))) == 1


@pytest.mark.requirement("R14")
def test_certified_under_another_category_the_household_is_left_alone() -> None:
    wish = CERTIFY.model_copy(update={"category": "aged_4050"})
    (person,) = events(at_county.by(a.CERTIFIER).when(wish, a.DECIDED))
    assert isinstance(person, ev.PersonCertified)
    assert person.member_of is None


@pytest.mark.requirement("R14")
def test_a_member_at_work_on_the_decision_day_stops_the_household() -> None:
    it = at_county.given(a.placed(a.FORWARDED, a.BEN)).by(a.CERTIFIER)
    assert it.refused(CERTIFY, a.DECIDED) == "not_eligible"
    other = CERTIFY.model_copy(update={"category": "aged_4050"})
    assert events(it.when(other, a.DECIDED))


def certified_on(day: str) -> Scenario:
    mark = ev.HouseholdCertified(member=a.ANNA, case=a.CASE, responsible_office=a.COUNTY)
    return home.given(happened(HOUSEHOLD, mark, day=day))


@pytest.mark.requirement("R87")
@pytest.mark.parametrize(
    ("start", "met", "breached"),
    [
        pytest.param("2008-06-15", "2008-07-15", "2008-07-16", id="vector 13"),
        pytest.param("2008-08-31", "2008-09-30", "2008-10-01", id="vector 14"),
        pytest.param("2009-12-31", "2010-01-31", "2010-02-01", id="vector 15"),
        pytest.param("2010-01-31", "2010-02-28", "2010-03-01", id="vector 16"),
        pytest.param("2012-01-30", "2012-02-29", "2012-03-01", id="vector 17 a"),
        pytest.param("2012-01-31", "2012-02-29", "2012-03-01", id="vector 17 b"),
        pytest.param("2012-02-29", "2012-03-29", "2012-03-30", id="vector 18"),
    ],
)
def test_the_month_ends_on_the_corresponding_day(start: str, met: str, breached: str) -> None:
    it = certified_on(start)
    for day, in_time in ((met, True), (breached, False)):
        (cleared,) = events(clear(it, day))
        assert isinstance(cleared, ev.HouseholdCleared)
        assert cleared.in_time is in_time
        assert cleared.days == (date.fromisoformat(day) - date.fromisoformat(start)).days


@pytest.mark.requirement("R87")
def test_the_first_job_clears_once_and_names_the_other_members_cases() -> None:
    it = bens()
    outcome = clear(it, "2008-07-10")
    (cleared,) = events(outcome)
    assert isinstance(cleared, ev.HouseholdCleared)
    assert cleared.others == (BENS_CASE,)
    assert releases(outcome) == (f"household-certified/{a.HOME}",)
    done = it.given(happened(HOUSEHOLD, cleared, day="2008-07-10"))
    assert clear(done, "2008-07-12", a.BEN) == ()


@pytest.mark.requirement("R87")
def test_the_household_is_found_by_its_member_and_only_a_counted_one_clears() -> None:
    wish = cmd.ClearHousehold(member=a.BEN, placement=PLACEMENT)
    assert events(certified.by(a.SYSTEM).when(wish, "2008-07-10"))
    student = reg.MemberStatusSet(person=a.BEN, counts_as="student", proof=a.paper("study"))
    it = certified.given(happened(HOUSEHOLD, student, day="2008-07-03"))
    assert it.by(a.SYSTEM).when(wish, "2008-07-10") == ()
    assert home.by(a.SYSTEM).when(wish, "2008-07-10") == ()


@pytest.mark.requirement("R14")
def test_a_household_leaves_only_for_a_reason_that_is_true() -> None:
    def left(it: Scenario, reason: ev.LeftReason) -> Outcome:
        wish = cmd.RemoveHousehold(household=a.HOME, reason=reason, facts=(PLACEMENT,))
        return it.by(a.SYSTEM).when(wish, "2008-07-10")

    reasons: tuple[ev.LeftReason, ...] = (
        "no_counted_member", "working_member_joined", "moved", "dissolved",
    )  # fmt: skip
    assert [left(certified, reason) for reason in reasons] == [()] * 4
    carl = some_id("carl")
    joined = reg.MemberAdded(person=carl, relation="child", counts_as="normal")
    working = certified.given(
        a.person(carl), a.placed("2008-06-01", carl), happened(HOUSEHOLD, joined, day=a.DECIDED)
    )
    assert events(left(working, "working_member_joined"))
    gone = certified.given(
        *(a.on_person(reg.ConditionLost(condition="death"), a.DECIDED, w) for w in (a.ANNA, a.BEN))
    )
    (event,) = events(left(gone, "no_counted_member"))
    assert isinstance(event, ev.HouseholdLeft)
    by_member = cmd.RemoveHousehold(member=a.BEN, reason="no_counted_member", facts=())
    assert events(gone.by(a.SYSTEM).when(by_member, "2008-07-10"))
    split = reg.HouseholdSplit(leaving=(a.ANNA, a.BEN), reason="other")
    assert events(left(certified.given(happened(HOUSEHOLD, split, day=a.DECIDED)), "dissolved"))


def propose(case: str | None = None, person: str | None = None) -> again.ProposeReassessment:
    return again.ProposeReassessment(
        case=case, person=person, cause="household_cleared", facts=(PLACEMENT,)
    )


def after_clearing(it: Scenario, day: str = "2008-07-10", member: str = a.BEN) -> Scenario:
    (cleared,) = events(clear(it, day, member))
    return it.given(a.placed(day, member), happened(HOUSEHOLD, cleared, day=day))


@pytest.mark.requirement("R87", "X5")
def test_another_category_comes_first_when_the_household_is_cleared() -> None:
    it = after_clearing(certified).by(a.SYSTEM)
    (event,) = events(it.when(propose(case=a.CASE), "2008-07-11"))
    assert isinstance(event, ev.ReassessmentProposed)
    assert event.categories_met == ("aged_4050",)
    assert event.proposal == "change_category"


@pytest.mark.requirement("R87", "X5")
def test_without_another_category_the_lapse_is_proposed() -> None:
    it = after_clearing(bens(), member=a.ANNA).by(a.SYSTEM)
    (event,) = events(it.when(propose(case=BENS_CASE), "2008-07-11"))
    assert isinstance(event, ev.ReassessmentProposed)
    assert event.categories_met == ()
    assert event.proposal == "lapse"


@pytest.mark.requirement("X5")
def test_the_county_decides_a_reassessment() -> None:
    it = a.step(after_clearing(certified), a.SYSTEM, propose(case=a.CASE), "2008-07-11")
    proposal = a.last(it, ev.ReassessmentProposed)
    assert it.by(a.SYSTEM).when(propose(case=a.CASE), "2008-07-12") == ()

    def wish(outcome: ev.ReassessmentOutcome, **more: object) -> again.DecideReassessment:
        body = {"case": a.CASE, "proposal": proposal, "outcome": outcome, "reason": REASON}
        return again.DecideReassessment.model_validate(body | more)

    county = it.by(a.CERTIFIER)
    day = "2008-07-14"
    assert county.refused(wish("change_category"), day) == "new_category_needed"
    assert county.refused(wish("change_category", category="long_term"), day) == (
        "new_category_needed"
    )
    changed = a.step(it, a.CERTIFIER, wish("change_category", category="aged_4050"), day)
    assert a.state(changed).category == "aged_4050"
    assert a.state(changed).status == "certified"
    assert county.refused(wish("lapse"), day) == "lapse_ground_needed"
    assert county.refused(wish("lapse", ground="unemployed_again"), day) == "lapse_ground_needed"
    outcome = county.when(wish("lapse", ground="no_category_left"), day)
    decided, lapsed = events(outcome)
    assert isinstance(decided, ev.Reassessed)
    assert lapsed == ev.Lapsed(ground="no_category_left", facts=(PLACEMENT,))
    assert releases(outcome) == (f"open-certification/{a.ANNA}",)


CONDITIONS: tuple[reg.Condition, ...] = (
    "retirement", "pension", "death", "emigration", "prison", "army", "study", "ability_lost",
    "hukou_moved", "residence_left", "registration_cancelled",
)  # fmt: skip


@pytest.mark.requirement("R39", "X5")
@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_lost_condition_proposes_the_lapse(condition: reg.Condition) -> None:
    lost = a.on_person(reg.ConditionLost(condition=condition), "2008-07-10")
    it = a.certified.given(lost).by(a.SYSTEM)
    (event,) = events(it.when(propose(person=a.ANNA), "2008-07-11"))
    assert isinstance(event, ev.ReassessmentProposed)
    assert event.proposal == "lapse"


@pytest.mark.requirement("X5")
def test_nothing_is_proposed_where_the_category_still_holds() -> None:
    ended = a.on_person(reg.DibaoEnded(proof=a.paper("proof")), "2008-07-10")
    it = a.certified.given(a.dibao(date(2007, 1, 1)), ended).by(a.SYSTEM)
    assert it.when(propose(person=a.ANNA), "2008-07-11") == ()
    assert a.start.by(a.SYSTEM).when(propose(person=a.ANNA), "2008-07-11") == ()


@pytest.mark.requirement("X5", "R35")
def test_a_job_takes_the_registration_but_not_the_status() -> None:
    employed = reg.UnemploymentRegistrationCancelled(ground="employed")
    it = a.certified.given(a.placed("2008-07-10"), a.on_person(employed, "2008-07-10"))
    assert it.by(a.SYSTEM).when(propose(person=a.ANNA), "2008-07-11") == ()
    hukou = reg.PersonFactChanged(fact="hukou", value="130102 urban")
    moved = it.given(a.on_person(hukou, "2008-07-12")).by(a.SYSTEM)
    assert events(moved.when(propose(person=a.ANNA), "2008-07-13"))
