"""Wishes that one hand asks for and the head of its office, or the one above, decides. Pure."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias, TypeVar

from events.contracts.base import Event
from events.rules.seconds import of_export
from services.kit.decider import NOT_FOUND, DomainError, Fold, Loaded, Outcome, World, on
from services.registry.deciding import forbid, need_other_hand
from services.registry.reasons import PROPOSAL_CLOSED

Standing: TypeAlias = Literal["asked", "approved", "rejected", "completed"]


class Asked(Protocol):
    """What a wish's stream tells: the event that asked, whose it is, and how far it came."""

    @property
    def request(self) -> str:
        """Return the event by which it was asked for."""
        ...

    @property
    def office(self) -> str:
        """Return the office that asks."""
        ...

    @property
    def hands(self) -> tuple[str | None, ...]:
        """Return who asked, and on whose behalf."""
        ...

    @property
    def standing(self) -> Standing:
        """Return how far it came."""
        ...


A = TypeVar("A", bound=Asked)


def own_office(w: World) -> str:
    """Return the asker's office, for which he may ask."""
    own = w.principal.office
    w.authorise(own, kind="office", granted=w.principal.areas, referred=frozenset({own}))
    return own


def named(w: World, fold: Fold[A], own: str, request: str) -> Loaded[A]:
    """Return a wish in the actor's area; refuse an event that is not the one that asked."""
    it = w.need(fold, own)
    if it.state.request != request:
        raise DomainError(NOT_FOUND, what=f"event-{request}")
    w.authorise(it.state.office, kind="office")
    return it


def headed(w: World, fold: Fold[A], own: str, request: str) -> Loaded[A]:
    """Return a wish for a head of its office or of the one above (X15, X17)."""
    it = named(w, fold, own, request)
    office = w.directory.office(it.state.office)
    seconds = of_export(office, w.directory) if office else ()
    if w.principal.office not in {second.office.id for second in seconds}:
        raise forbid("应由本单位或上级单位负责人办理", "the office's or its superior's head acts")
    return it


def approved(w: World, it: Loaded[A], event: Event) -> Outcome:
    """Approve by another hand, once (four eyes)."""
    return _decided(w, it, event, ("approved", "completed"))


def rejected(w: World, it: Loaded[A], event: Event) -> Outcome:
    """Turn down by another hand, once (four eyes)."""
    return _decided(w, it, event, ("rejected",))


def _decided(w: World, it: Loaded[A], event: Event, already: tuple[str, ...]) -> Outcome:
    need_other_hand(w, *it.state.hands)
    if it.state.standing in already:
        return ()
    if it.state.standing != "asked":
        raise DomainError(PROPOSAL_CLOSED)
    return on(it, event)
