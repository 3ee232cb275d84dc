"""What several decisions of posts begin with: the person, the case, an office."""

from __future__ import annotations

from services.kit.decider import NOT_FOUND, DomainError, Loaded, World
from services.posts import reasons
from services.posts.foreign import CASE, HOUSEHOLD, PERSON, Case, Person


def need_person(w: World, person: str, *, outside: frozenset[str] = frozenset()) -> Loaded[Person]:
    """Return a person of the principal's area whose record stands (R43)."""
    found = w.need(PERSON, person)
    w.authorise(found.state.residence, referred=outside, subject=person)
    if found.state.closed:
        raise DomainError(reasons.PERSON_CLOSED)
    return found


def case_of(w: World, person: str, case: str | None) -> Loaded[Case] | None:
    """Return the case named, or the person's open one; None where there is none."""
    own = case or w.holder(f"open-certification/{person}")
    if own is None:
        return None
    found = w.load(CASE, own)
    if case is not None and not found.exists:
        raise DomainError(NOT_FOUND, what=str(found.stream))
    if found.state.since is not None and found.state.person != person:
        raise DomainError(reasons.OTHER_CASE)
    return found


def counted_household(w: World, person: Loaded[Person]) -> str | None:
    """Return the certified household in which the person counts, if any (R14, R87, AS 6)."""
    own = w.holder(f"household-member/{person.id}")
    if own is None:
        return None
    path = w.directory.path(person.state.residence)
    uncounted = w.directory.parameter("certification.household_uncounted", path, w.day)
    counts = w.load(HOUSEHOLD, own).state.counts(person.id, frozenset(uncounted))
    return own if counts else None


def need_office(w: World, office: str) -> None:
    """Refuse an office that does not exist or does not work on the day of the fact."""
    found = w.directory.office(office)
    if found is None or not found.is_open(w.day):
        raise DomainError(reasons.OFFICE_UNKNOWN, office=office)
