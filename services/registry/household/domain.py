"""Forming and changing a household; a person is in at most one at any time (X7). Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from services.kit.decider import DomainError, Loaded, Outcome, Release, Take, World, on
from services.registry import reasons
from services.registry.deciding import decide
from services.registry.household import commands as cmd
from services.registry.household.state import HOUSEHOLD, Household
from services.registry.person.identity import need_standing
from services.registry.person.state import PERSON


def claim(person: str) -> str:
    """Name the claim by which a person is in one household only."""
    return f"household-member/{person}"


@decide(cmd.FormHousehold)
def form_household(c: cmd.FormHousehold, w: World) -> Outcome:
    """Form a household of persons who are in no other one (R14, X7)."""
    w.authorise(c.community)
    persons = [member.person for member in c.members]
    if len(set(persons)) < len(persons):
        raise DomainError(reasons.MEMBER_TWICE)
    if _stands_already(c, w):
        return ()
    if c.community not in [_residence(w, person) for person in persons]:
        raise DomainError(reasons.HOUSEHOLD_ELSEWHERE)
    for person in persons:
        _need_free(w, person)
    own = w.ids.next()
    household = w.new(HOUSEHOLD, f"household-{own}", own)
    event = ev.HouseholdFormed(
        community=c.community,
        address=c.address,
        members=c.members,
        book=c.book,
        split_from=c.split_from,
    )
    claims = (Take(claim(p), household.stream, reasons.IN_OTHER_HOUSEHOLD) for p in persons)
    return (*on(household, event), *claims)


def _stands_already(c: cmd.FormHousehold, w: World) -> bool:
    """Tell whether exactly these members make up a household of the community."""
    holders = {w.holder(claim(member.person)) for member in c.members}
    only = holders.pop() if len(holders) == 1 else None
    if only is None:
        return False
    state = w.load(HOUSEHOLD, only).state
    wished = {member.person: member.counts_as for member in c.members}
    return (state.community, dict(state.members)) == (c.community, wished)


def _residence(w: World, person: str) -> str:
    """Return where a member lives; refuse one whose record no longer stands."""
    state = w.need(PERSON, person).state
    need_standing(state)
    return state.residence


def _need_free(w: World, person: str) -> None:
    """Refuse a person who is in a household."""
    if (other := w.holder(claim(person))) is not None:
        raise DomainError(reasons.IN_OTHER_HOUSEHOLD, person=person, household=other)


@decide(cmd.ChangeHousehold)
def change_household(c: cmd.ChangeHousehold, w: World) -> Outcome:
    """Change one member of a household (R14, X7, AS 6)."""
    household = w.need(HOUSEHOLD, c.household)
    w.authorise(household.state.community)
    if household.state.absorbed_into is not None:
        raise DomainError(reasons.HOUSEHOLD_ABSORBED, survivor=household.state.absorbed_into)
    match c.add, c.leave, c.set:
        case ev.Member() as member, None, None:
            return _add(household, member, w)
        case None, cmd.Leaving() as leaving, None:
            return _leave(household, leaving, w)
        case None, None, cmd.Counting() as counting:
            return _set(household, counting, w)
        case _:
            raise DomainError(reasons.ONE_CHANGE)


def _add(household: Loaded[Household], member: ev.Member, w: World) -> Outcome:
    """Add a member who is in no household; how a member of this one counts is set with proof."""
    if household.state.members.get(member.person) == member.counts_as:
        return ()
    _residence(w, member.person)
    _need_free(w, member.person)
    event = ev.MemberAdded(
        person=member.person, relation=member.relation, counts_as=member.counts_as
    )
    taken = Take(claim(member.person), household.stream, reasons.IN_OTHER_HOUSEHOLD)
    return (*on(household, event), taken)


def _leave(household: Loaded[Household], leaving: cmd.Leaving, w: World) -> Outcome:
    """Let a member leave; one who is gone already stays gone."""
    if leaving.person not in household.state.members:
        return ()
    _residence(w, leaving.person)
    event = ev.MemberLeft(person=leaving.person, reason=leaving.reason)
    return (*on(household, event), Release(claim(leaving.person), household.stream))


def _set(household: Loaded[Household], counting: cmd.Counting, w: World) -> Outcome:
    """Set how a member counts, with the proof (AS 6)."""
    known = household.state.members.get(counting.person)
    if known is None:
        raise DomainError(reasons.NOT_A_MEMBER)
    if known == counting.counts_as:
        return ()
    _residence(w, counting.person)
    event = ev.MemberStatusSet(
        person=counting.person, counts_as=counting.counts_as, proof=counting.proof
    )
    return on(household, event)
