"""The signed opinion of the street, or of the county in a mining area, and the way up. Pure."""

from __future__ import annotations

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import (
    Matter,
    in_mining_area,
    matter,
    need_holder,
    need_state,
    over,
    parameter,
    take_duty,
)
from services.certification.deciding import decide
from services.certification.review import commands as cmd
from services.kit.decider import DomainError, Outcome, World, on


@decide(cmd.StreetReview)
def street_review(c: cmd.StreetReview, w: World) -> Outcome:
    """Sign after the notice closed and every objection was answered (R21, R23)."""
    it = matter(w, c.case)
    need_state(w, it.case, "notice_closed")
    if in_mining_area(w, it.community):
        raise DomainError(reasons.NO_STREET_STEP)
    _need_no_objection(it)
    event = ev.StreetReviewed(opinion=c.opinion, text=c.text, signature=c.signature)
    return (*on(it.case, event), *take_duty(w, it.case, "reviewed"))


@decide(cmd.ForwardToCounty)
def forward_to_county(c: cmd.ForwardToCounty, w: World) -> Outcome:
    """Forward whatever the opinion says (AS 28); in a mining area straight from the community."""
    it = matter(w, c.case)
    need_state(w, it.case, "street_reviewed", "notice_closed")
    if it.state.status == "notice_closed":
        if not in_mining_area(w, it.community):
            raise DomainError(reasons.STREET_STEP_NEEDED)
        _need_no_objection(it)
    need_holder(w, it)
    _need_forwardable(w, it)
    if c.county != over(w, it.community, "county").id:
        raise DomainError(reasons.WRONG_COUNTY)
    return on(it.case, ev.ForwardedToCounty(county=c.county))


def _need_forwardable(w: World, it: Matter) -> None:
    """Refuse a case that the street disagreed with, only where the parameter says so (AS 28)."""
    path = w.directory.path(it.community)
    goes_on = parameter(w, "certification.disagree_forwards", path)
    if it.state.street_opinion == "disagree" and not goes_on:
        raise DomainError(reasons.STREET_DISAGREED)


@decide(cmd.CountyReview)
def county_review(c: cmd.CountyReview, w: World) -> Outcome:
    """Do the street's step at the county, for a case that came without one (R24)."""
    it = matter(w, c.case)
    need_state(w, it.case, "at_county")
    if it.state.street_opinion is not None:
        raise DomainError(reasons.NO_COUNTY_STEP)
    event = ev.CountyReviewed(opinion=c.opinion, text=c.text, signature=c.signature)
    return (*on(it.case, event), *take_duty(w, it.case, "reviewed"))


def _need_no_objection(it: Matter) -> None:
    """Refuse to go on while an objection is open (R19, X1)."""
    if it.state.objections:
        raise DomainError(reasons.OBJECTION_OPEN)
