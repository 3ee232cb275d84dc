"""The state of one offer: made, answered, judged (domain.md C3.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, assert_never

from events.contracts import posts as ev
from events.contracts import streams
from events.contracts.base import Recorded
from events.rules.duties import names_of
from events.rules.time import shanghai_day
from services.kit.decider import Fold

Standing: TypeAlias = Literal[
    "none", "offered", "accepted", "refused", "not_taken_up", "withdrawn", "taken_up", "judged"
]


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer; `judgement` is the event of the present judgement, `judges` all who judged."""

    standing: Standing = "none"
    person: str = ""
    case: str = ""
    post: str = ""
    office: str = ""
    offered_on: date = date.min
    suitable: bool = True
    counts: bool = False
    judged: ev.Judgement | None = None
    judgement: str | None = None
    judges: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Tell whether the person may still take the offer up."""
        return self.standing in ("offered", "accepted")


def claim(person: str, post: str) -> str:
    """Name the claim by which a post is on offer to a person once."""
    return f"open-offer/{person}/{post}"


def evolve(state: Offer, fact: Recorded[ev.OfferEvent | ev.CorrectionEvent]) -> Offer:
    """Fold one fact of an offer."""
    match fact.event:
        case ev.JobOffered() as event:
            return Offer(
                "offered",
                event.person,
                event.case,
                event.post,
                fact.office,
                shanghai_day(fact.occurred_at),
                event.suitable,
                event.counts,
            )
        case ev.OfferAccepted():
            return replace(state, standing="accepted")
        case ev.OfferRefused():
            return replace(state, standing="refused")
        case ev.NotTakenUp():
            return replace(state, standing="not_taken_up")
        case ev.OfferWithdrawn():
            return replace(state, standing="withdrawn")
        case ev.OfferTakenUp():
            return replace(state, standing="taken_up")
        case ev.RefusalJudged() | ev.RefusalRejudged() as event:
            return _judged(state, event, fact)
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
        case _ as never:
            assert_never(never)


def _judged(
    state: Offer,
    event: ev.RefusalJudged | ev.RefusalRejudged,
    fact: Recorded[ev.OfferEvent | ev.CorrectionEvent],
) -> Offer:
    return replace(
        state,
        standing="judged",
        judged=event.judged,
        judgement=fact.event_id,
        judges=state.judges | names_of(fact.actor, fact.attribute("on_behalf_of")),
    )


OFFER = Fold(streams.OFFER, Offer(), evolve)
