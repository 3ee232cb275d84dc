"""A condition changed: other categories first, the system proposes, the county decides. Pure."""

from __future__ import annotations

from dataclasses import replace

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import Matter, matter, need_standing, need_state
from services.certification.deciding import decide, open_claim
from services.certification.eligibility import standing
from services.certification.folding import CASE
from services.certification.foreign import PERSON
from services.certification.reassessment import commands as cmd
from services.kit.decider import DomainError, Outcome, Release, World, on


@decide(cmd.ProposeReassessment)
def propose_reassessment(c: cmd.ProposeReassessment, w: World) -> Outcome:
    """Propose what follows from the facts of the day; nothing where all still holds (X5, AS 29)."""
    case = c.case or _open_case(c, w)
    if case is None:
        return ()
    loaded = w.need(CASE, case)
    person = w.need(PERSON, loaded.state.person)
    w.authorise(person.state.residence)
    need_standing(w, person)
    state = loaded.state
    if state.status != "certified" or state.category is None or state.reassessment is not None:
        return ()
    met = _met(w, Matter(loaded, person), None)
    if state.category in met:
        return ()
    event = ev.ReassessmentProposed(
        cause=c.cause,
        facts=c.facts,
        categories_met=met,
        proposal="change_category" if met else "lapse",
    )
    return on(loaded, event)


def _open_case(c: cmd.ProposeReassessment, w: World) -> str | None:
    """Find the person's open certification; none is nothing to do."""
    if c.person is None:
        raise DomainError(reasons.WHICH_CASE)
    person = w.need(PERSON, c.person)
    w.authorise(person.state.residence)
    return w.holder(open_claim(c.person))


def _met(w: World, it: Matter, city_category: str | None) -> tuple[ev.Category, ...]:
    """Return the categories met now; a person once certified keeps the attestations given."""
    city = city_category or it.state.city_category
    application = replace(
        it.state.application, city_category=city, attest_ability=True, attest_wish=True
    )
    return standing(w, it.person, application, it.state.household)


@decide(cmd.DecideReassessment)
def decide_reassessment(c: cmd.DecideReassessment, w: World) -> Outcome:
    """Decide as the county sees it; a lapse ends the status and needs its ground (AS 29)."""
    it = matter(w, c.case)
    need_state(w, it.case, "certified")
    proposed = it.state.reassessment
    if proposed is None or proposed.event != c.proposal:
        raise DomainError(reasons.NO_PROPOSAL)
    _need_fitting(w, it, c)
    decided = ev.Reassessed(
        proposal=c.proposal,
        outcome=c.outcome,
        category=c.category,
        city_category=c.city_category,
        ground=c.ground,
        reason=c.reason,
    )
    if c.outcome != "lapse" or c.ground is None:
        return on(it.case, decided)
    lapsed = ev.Lapsed(ground=c.ground, facts=proposed.facts)
    released = Release(open_claim(it.person.id), it.case.stream)
    return (*on(it.case, decided, lapsed), released)


def _need_fitting(w: World, it: Matter, c: cmd.DecideReassessment) -> None:
    """Refuse an outcome whose ground or category does not belong to it or is not met."""
    lapse_grounds = ("condition_lost", "no_category_left")
    if (c.outcome == "lapse") != (c.ground in lapse_grounds) or c.ground == "unemployed_again":
        raise DomainError(reasons.GROUND_NEEDED)
    if (c.outcome == "change_category") != (c.category is not None):
        raise DomainError(reasons.CATEGORY_NEEDED)
    if (c.category == "city") != (c.city_category is not None):
        raise DomainError(reasons.CITY_CATEGORY_NEEDED)
    if c.category is None:
        return
    if c.category == it.state.category or c.category not in _met(w, it, c.city_category):
        raise DomainError(reasons.CATEGORY_NEEDED)
