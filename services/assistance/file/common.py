"""What every decision about a file begins with."""

from __future__ import annotations

from services.assistance import reasons
from services.assistance.file.state import FILE, File
from services.assistance.foreign import CASE, PERSON, Case
from services.kit.decider import DomainError, Loaded, World


def need_file(w: World, case: str, *, outside: frozenset[str] = frozenset()) -> Loaded[File]:
    """Return a file in the principal's area that is not closed, of a record that stands (R43).

    `outside` are bodies that may act besides: those referred to, or that own the record.
    """
    file = w.need(FILE, case)
    state = file.state
    referred = outside | state.referred_to(w.day)
    w.authorise(state.community, referred=referred, subject=state.person, case=case)
    if w.load(PERSON, state.person).state.closed:
        raise DomainError(reasons.PERSON_CLOSED)
    if state.closed_by is not None:
        raise DomainError(reasons.FILE_CLOSED)
    return file


def need_certified(w: World, case: str) -> Case:
    """Return the certification; refuse where it does not hold on the day of the fact."""
    state = w.load(CASE, case).state
    if not state.certified_on(w.day):
        raise DomainError(reasons.NOT_CERTIFIED)
    return state


def need_office(w: World, office: str) -> None:
    """Refuse an office that does not exist or does not work on the day of the fact."""
    found = w.directory.office(office)
    if found is None or not found.is_open(w.day):
        raise DomainError(reasons.OFFICE_UNKNOWN, office=office)
