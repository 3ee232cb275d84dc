"""Judging a refusal: the street, in a mining area the county; again by another (R30). Pure."""

from __future__ import annotations

from events.contracts import posts as ev
from events.rules.duties import names_of, same_person
from services.kit.decider import DomainError, Loaded, Outcome, World, on
from services.posts.common import need_person
from services.posts.deciding import decide
from services.posts.offer import commands as cmd
from services.posts.offer import reasons as why
from services.posts.offer.state import OFFER, Offer


@decide(cmd.JudgeRefusal)
def judge_refusal(c: cmd.JudgeRefusal, w: World) -> Outcome:
    """Judge a refusal after the person was heard; an unsuitable post is just cause (R30, R97)."""
    offer = w.need(OFFER, c.offer)
    person = need_person(w, offer.state.person)
    _need_judge(w, person.state.residence)
    state = offer.state
    if state.standing == "judged" and state.judged == c.judged:
        return ()
    if state.standing not in ("refused", "not_taken_up"):
        raise DomainError(why.OFFER_ENDED, state=state.standing)
    if not state.offered_on <= c.heard_on <= w.day:
        raise DomainError(why.HEARD_ON)
    _need_just_if_unsuitable(offer, c.judged)
    event = ev.RefusalJudged(
        judged=c.judged,
        reason=c.reason,
        text=c.text,
        heard_on=c.heard_on,
        case=state.case,
        counts=state.counts and state.suitable,
    )
    return on(offer, event)


def _need_judge(w: World, residence: str) -> None:
    """Refuse a role that does not judge in this area (AS 14)."""
    street = w.directory.above(residence, "street")
    path = w.directory.path(residence)
    by_county = w.directory.parameter("posts.refusal_judge", path, w.day) == "county"
    mining = street is not None and street.is_mining_area(w.day)
    judge = "county_reviewer" if by_county or mining else "street_signer"
    if judge not in w.principal.roles:
        raise DomainError(why.JUDGE)


def _need_just_if_unsuitable(offer: Loaded[Offer], judged: ev.Judgement) -> None:
    if judged == "unjust" and not offer.state.suitable:
        raise DomainError(why.UNSUITABLE)


@decide(cmd.RejudgeRefusal)
def rejudge_refusal(c: cmd.RejudgeRefusal, w: World) -> Outcome:
    """Judge again, by somebody who has not judged this refusal, with a reason (R30)."""
    offer = w.need(OFFER, c.offer)
    state = offer.state
    need_person(w, state.person)
    if state.standing != "judged":
        raise DomainError(why.OFFER_ENDED, state=state.standing)
    if c.supersedes != state.judgement:
        raise DomainError(why.SUPERSEDED)
    if same_person(names_of(w.principal.user, w.principal.on_behalf_of), state.judges):
        raise DomainError(why.SAME_JUDGE)
    _need_just_if_unsuitable(offer, c.judged)
    event = ev.RefusalRejudged(
        judged=c.judged,
        reason=c.reason,
        text=c.text,
        supersedes=c.supersedes,
        case=state.case,
        counts=state.counts and state.suitable,
    )
    return on(offer, event)
