"""A certified household is cleared by the first job, or leaves for another reason. Pure."""

from __future__ import annotations

from events.contracts import certification as ev
from events.rules.conditions import counts
from events.rules.facts import Terms
from events.rules.periods import last_day_within_months
from events.rules.person import working_age
from services.certification.cases import number
from services.certification.deciding import decide, household_claim, member_claim, open_claim
from services.certification.folding import CASE
from services.certification.foreign import HOUSEHOLD, PERSON, Household
from services.certification.gathering import at_work, member_facts
from services.certification.household import commands as cmd
from services.kit.decider import Loaded, Outcome, Release, World, on


@decide(cmd.ClearHousehold)
def clear_household(c: cmd.ClearHousehold, w: World) -> Outcome:
    """Clear on the day of the first job: in time within a month, else breached (R87, AS 7)."""
    person = w.need(PERSON, c.member)
    w.authorise(person.state.residence)
    household = _certified(w, c.household or w.holder(member_claim(c.member)))
    if household is None or not _counts(w, household, c.member):
        return ()
    start = household.state.certified_on or w.day
    months = number(w, "text.household_months", household.state.community)
    last = last_day_within_months(
        start, months, moves_weekend=_moves(w, household), calendar=w.directory.calendar
    )
    event = ev.HouseholdCleared(
        member=c.member,
        placement=c.placement,
        in_time=w.day <= last,
        days=max((w.day - start).days, 0),
        others=_others(w, household, c.member),
    )
    return (*on(household, event), Release(household_claim(household.id), household.stream))


def _certified(w: World, household: str | None) -> Loaded[Household] | None:
    if household is None:
        return None
    loaded = w.need(HOUSEHOLD, household)
    return loaded if loaded.state.certified_on is not None else None


def _moves(w: World, household: Loaded[Household]) -> bool:
    """Tell whether a weekend moves the end: a duty of offices, so not by default (AS 25)."""
    path = w.directory.path(household.state.community)
    moves: object = w.directory.parameter("rules.weekend_moves", path, w.day)
    return moves == "all"


def _counts(w: World, household: Loaded[Household], person: str) -> bool:
    """Tell whether a member counts: not of an uncounted kind, and of working age (AS 6)."""
    kind = household.state.members.get(person)
    if kind is None:
        return False
    path = w.directory.path(household.state.community)
    terms = Terms.of(lambda key: w.directory.parameter(key, path, w.day))
    member = member_facts(w, person, kind)
    fits = working_age(member.sex, member.worker_type, member.special_work, member.birth, w.day)
    return counts(member, terms) and fits is not False and not _gone(w, person)


def _gone(w: World, person: str) -> bool:
    """Tell whether a lost condition takes the person out of the count."""
    lost = w.load(PERSON, person).state.lost
    return bool(lost & {"retirement", "death", "army", "study", "ability_lost"})


def _others(w: World, household: Loaded[Household], member: str | None) -> tuple[str, ...]:
    """Return the cases certified for this household, but the member's own (AS 29)."""
    cases = []
    for person in household.state.members:
        case = w.holder(open_claim(person)) if person != member else None
        state = w.load(CASE, case).state if case else None
        if case and state and state.status == "certified" and state.household == household.id:
            cases.append(case)
    return tuple(cases)


@decide(cmd.RemoveHousehold)
def remove_household(c: cmd.RemoveHousehold, w: World) -> Outcome:
    """Take the household off when the reason given is true; else there is nothing to do (R14)."""
    own = c.household or (w.holder(member_claim(c.member)) if c.member else None)
    loaded = w.need(HOUSEHOLD, own) if own else None
    w.authorise(*_offices(w, c, loaded))
    if loaded is None or loaded.state.certified_on is None or not _left(w, loaded, c.reason):
        return ()
    event = ev.HouseholdLeft(reason=c.reason, facts=c.facts, others=_others(w, loaded, None))
    return (*on(loaded, event), Release(household_claim(loaded.id), loaded.stream))


def _offices(
    w: World, c: cmd.RemoveHousehold, household: Loaded[Household] | None
) -> tuple[str, ...]:
    if household is not None:
        return (household.state.community,)
    return (w.need(PERSON, c.member).state.residence,) if c.member else ()


def _left(w: World, household: Loaded[Household], reason: ev.LeftReason) -> bool:
    """Tell whether the household no longer qualifies for that reason."""
    members = household.state.members
    counted = [person for person in members if _counts(w, household, person)]
    match reason:
        case "no_counted_member":
            return not counted
        case "working_member_joined":
            return any(at_work(w, person) for person in counted)
        case "dissolved":
            return not members
        case "moved":
            return not any(_near(w, household, person) for person in members)


def _near(w: World, household: Loaded[Household], person: str) -> bool:
    """Tell whether a member still lives in the household's county."""
    home = w.directory.path(household.state.community)[:6]
    return w.directory.path(w.load(PERSON, person).state.residence)[:6] == home
