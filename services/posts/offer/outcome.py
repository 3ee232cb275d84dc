"""What became of an offer, and its withdrawal (R29, R34). Pure."""

from __future__ import annotations

from typing import Final, TypeAlias

from events.contracts import posts as ev
from services.kit.decider import DomainError, Loaded, Outcome, Release, World, on
from services.posts.deciding import decide
from services.posts.foreign import PERSON
from services.posts.offer import commands as cmd
from services.posts.offer import reasons as why
from services.posts.offer.state import OFFER, Offer, claim
from services.posts.reasons import PERSON_CLOSED

OutcomeEvent: TypeAlias = ev.OfferAccepted | ev.OfferRefused | ev.NotTakenUp | ev.OfferWithdrawn

FROM: Final = {
    "accepted": ("offered",),
    "refused": ("offered",),
    "not_taken_up": ("offered", "accepted"),
    "withdrawn": ("offered", "accepted"),
}
"""From which standing each outcome is reached (domain.md C3.8)."""


def need_own(w: World, offer: str) -> Loaded[Offer]:
    """Return an offer of the principal's own office, of a person whose record stands."""
    found = w.need(OFFER, offer)
    office = found.state.office
    w.authorise(office, referred=frozenset({office}), subject=found.state.person)
    if w.principal.office != office:
        raise DomainError(why.NOT_OFFERING_OFFICE)
    if w.load(PERSON, found.state.person).state.closed:
        raise DomainError(PERSON_CLOSED)
    return found


def give_back(offer: Loaded[Offer]) -> Release:
    """Release the claim of an offer that is over."""
    return Release(claim(offer.state.person, offer.state.post), offer.stream)


@decide(cmd.RecordOfferOutcome)
def record_offer_outcome(c: cmd.RecordOfferOutcome, w: World) -> Outcome:
    """Record the outcome; a refusal and not taking up say why (R29)."""
    offer = need_own(w, c.offer)
    if offer.state.standing == c.outcome:
        return ()
    if offer.state.standing not in FROM[c.outcome]:
        raise DomainError(why.OFFER_ENDED, state=offer.state.standing)
    recorded = on(offer, _event(c))
    return recorded if c.outcome == "accepted" else (*recorded, give_back(offer))


def _event(c: cmd.RecordOfferOutcome) -> OutcomeEvent:
    if c.outcome == "accepted":
        return ev.OfferAccepted(reason=c.reason, text=c.text)
    if c.reason is None:
        raise DomainError(why.REASON_MISSING)
    match c.outcome:
        case "refused":
            return ev.OfferRefused(reason=c.reason, text=c.text)
        case "not_taken_up":
            return ev.NotTakenUp(reason=c.reason, text=c.text)
        case "withdrawn":
            return ev.OfferWithdrawn(reason=c.reason, text=c.text)


@decide(cmd.WithdrawOffer)
def withdraw_offer(c: cmd.WithdrawOffer, w: World) -> Outcome:
    """Withdraw one open offer, or every open offer of a person whose status ended (R34)."""
    if c.person is not None and c.offer is None and w.principal.system:
        return _withdraw_all(c, c.person, w)
    if c.offer is None or c.person is not None:
        w.authorise(w.principal.office)
        raise DomainError(why.TARGET)
    offer = w.need(OFFER, c.offer) if w.principal.system else need_own(w, c.offer)
    w.authorise(offer.state.office, referred=frozenset({offer.state.office}))
    if offer.state.standing == "withdrawn":
        return ()
    if not offer.state.is_open:
        raise DomainError(why.OFFER_ENDED, state=offer.state.standing)
    return _withdrawn(offer, c.reason)


def _withdraw_all(c: cmd.WithdrawOffer, person: str, w: World) -> Outcome:
    """Find the open offers by their claims; where there are none there is nothing to do."""
    w.authorise(w.load(PERSON, person).state.residence)
    held = w.held(f"open-offer/{person}/")
    offers = [w.load(OFFER, held[key]) for key in sorted(held)]
    withdrawn = [_withdrawn(offer, c.reason) for offer in offers if offer.state.is_open]
    return tuple(part for parts in withdrawn for part in parts)


def _withdrawn(offer: Loaded[Offer], reason: str) -> Outcome:
    return (*on(offer, ev.OfferWithdrawn(reason=reason)), give_back(offer))
