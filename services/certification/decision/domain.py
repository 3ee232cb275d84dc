"""The county certifies or refuses, by two officers in a mining area. Pure."""

from __future__ import annotations

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import Matter, matter, need_state, over, take_duty
from services.certification.deciding import decide, household_claim, open_claim
from services.certification.decision import commands as cmd
from services.certification.eligibility import Judged, judge_again, need_met
from services.certification.foreign import HOUSEHOLD
from services.kit.decider import DomainError, Outcome, Release, Take, World, on


@decide(cmd.Certify)
def certify(c: cmd.Certify, w: World) -> Outcome:
    """Certify under a category that was applied for and still holds (R22–R24, AS 38)."""
    it = matter(w, c.case)
    _need_reviewed(w, it)
    duty = take_duty(w, it.case, "certified")
    if it.state.opinion == "disagree" and c.reason is None:
        raise DomainError(reasons.REASON_NEEDED)
    judged = _judged(w, it)
    need_met(judged)
    if c.category not in it.state.application.categories or not _same_city(c, it):
        raise DomainError(reasons.CATEGORY_NOT_APPLIED)
    need_met(_only(judged, c.category))
    household = it.state.application.household if c.category == "zero_household" else None
    county = over(w, it.community, "county").id
    event = ev.PersonCertified(
        category=c.category,
        city_category=c.city_category,
        reason=c.reason,
        data_checks=c.data_checks,
        findings=judged.found,
        responsible_office=county,
        member_of=household,
    )
    return (*on(it.case, event), *duty, *_first_member(w, it, household, county))


def _need_reviewed(w: World, it: Matter) -> None:
    """Refuse a decision before the opinion: the street's, or the county's own (R22, R24)."""
    need_state(w, it.case, "at_county", "county_reviewed")
    if it.state.opinion is None:
        raise DomainError(reasons.COUNTY_REVIEW_NEEDED)


def _judged(w: World, it: Matter) -> Judged:
    return judge_again(w, it.person, it.state.application, it.state.applied_on or w.day)


def _same_city(c: cmd.Certify, it: Matter) -> bool:
    applied = it.state.application.city_category if c.category == "city" else None
    return c.city_category == applied


def _only(judged: Judged, category: ev.Category) -> Judged:
    return Judged(judged.findings, tuple(m for m in judged.met if m == category))


def _first_member(w: World, it: Matter, household: str | None, county: str) -> Outcome:
    """Certify the household with its first member; a further one changes nothing (R14, T8)."""
    if household is None:
        return ()
    loaded = w.need(HOUSEHOLD, household)
    if loaded.state.certified_on is not None:
        return ()
    event = ev.HouseholdCertified(member=it.person.id, case=it.case.id, responsible_office=county)
    claim = Take(household_claim(household), loaded.stream, reasons.HOUSEHOLD_TAKEN)
    return (*on(loaded, event), claim)


@decide(cmd.RefuseCertification)
def refuse_certification(c: cmd.RefuseCertification, w: World) -> Outcome:
    """Refuse with grounds and a reason; the person may apply anew or ask for review (R22, X3)."""
    it = matter(w, c.case)
    _need_reviewed(w, it)
    duty = take_duty(w, it.case, "certified")
    if not c.grounds:
        raise DomainError(reasons.GROUNDS_NEEDED)
    if c.told_on < w.day:
        raise DomainError(reasons.TOLD_EARLY)
    event = ev.CertificationRefused(
        grounds=c.grounds,
        reason=c.reason,
        told_on=c.told_on,
        findings=_judged(w, it).found,
    )
    return (*on(it.case, event), *duty, Release(open_claim(it.person.id), it.case.stream))
