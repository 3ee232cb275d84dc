"""Placing a person in a job: one main job, a free place, a way into work (R59–R80). Pure."""

from __future__ import annotations

from events.contracts import posts as ev
from events.rules.periods import Spell, unbroken_since
from services.kit.decider import DomainError, Loaded, Outcome, Take, World, on
from services.posts import reasons
from services.posts.common import case_of, counted_household, need_person
from services.posts.deciding import decide
from services.posts.foreign import Person
from services.posts.offer import reasons as offer_reasons
from services.posts.offer.outcome import give_back
from services.posts.offer.state import OFFER, Offer, claim
from services.posts.post.domain import need_room
from services.posts.post.state import POST, Post
from services.posts.region import crosses_region
from services.posts.work import commands as cmd
from services.posts.work.channel import need_channel
from services.posts.work.state import EMPLOYMENT, Job, Work


def main_job(person: str) -> str:
    """Name the claim by which a person has one main job."""
    return f"main-employment/{person}"


def place_claim(post: str, place: int) -> str:
    """Name the claim by which a place of a post is one person's."""
    return f"place/{post}/{place}"


@decide(cmd.PlaceInJob)
def place_in_job(c: cmd.PlaceInJob, w: World) -> Outcome:
    """Record the first day of work, take the place and the offer with it (R59–R80, I10)."""
    person = need_person(w, c.person)
    work = w.load(EMPLOYMENT, c.person)
    offer = _offer(c, w)
    post_id = c.post or (offer.state.post if offer else None)
    if _is_known(c, work.state.last, post_id, w):
        return ()
    _need_free_person(work.state, w)
    case, household = _need_status(c, w, person)
    post = w.need(POST, post_id) if post_id else None
    employer = need_channel(c, w, post)
    place = need_room(post, w.day) if post else None
    placed = ev.PlacedInJob(
        person=c.person,
        case=case,
        channel=c.channel,
        flexible_kind=c.flexible_kind,
        employer=employer,
        post=post_id,
        place=place,
        offer=offer.id if offer else None,
        batch=c.batch,
        contract=c.contract,
        proof=c.proof,
        wage=c.wage,
        work_division=c.work_division,
        cross_region=crosses_region(w, person.state.residence, c.work_division),
        household=household,
        continuous=_continuous(work.state, employer, person.state.residence, w),
    )
    return (
        *on(work, placed),
        Take(main_job(c.person), work.stream, reasons.ALREADY_EMPLOYED),
        *_take_place(work, post, placed),
        *_take_up(offer),
    )


def _offer(c: cmd.PlaceInJob, w: World) -> Loaded[Offer] | None:
    """Return the offer named, or the open one of this post; it must still be open."""
    own = c.offer or (w.holder(claim(c.person, c.post)) if c.post else None)
    if own is None:
        return None
    offer = w.need(OFFER, own)
    if offer.state.person != c.person or c.post not in (None, offer.state.post):
        raise DomainError(offer_reasons.NOT_OFFERED_POST)
    return offer


def _is_known(c: cmd.PlaceInJob, last: Job | None, post: str | None, w: World) -> bool:
    """Tell whether just this placement stands already."""
    return (
        last is not None
        and last.end is None
        and (last.start, last.channel, last.post) == (w.day, c.channel, post)
        and c.employer in (None, last.employer)
    )


def _need_free_person(work: Work, w: World) -> None:
    """Refuse a second main job, and days that are on record as worked."""
    if work.standing == "employed":
        raise DomainError(reasons.ALREADY_EMPLOYED)
    if work.last is not None and work.last.end is not None and w.day <= work.last.end:
        raise DomainError(reasons.OVERLAPS)


def _need_status(
    c: cmd.PlaceInJob, w: World, person: Loaded[Person]
) -> tuple[str | None, str | None]:
    """Return case and household of a person certified, or counted in one certified (R76)."""
    case = case_of(w, c.person, c.case)
    household = counted_household(w, person)
    if case is not None and case.state.certified_on(w.day):
        return case.id, household
    if household is None:
        raise DomainError(reasons.NOT_CERTIFIED)
    if c.channel == "public_post":
        raise DomainError(reasons.PUBLIC_POST_CERTIFIED)
    return None, household


def _continuous(work: Work, employer: str | None, residence: str, w: World) -> bool:
    """Tell whether this job goes on from the one before without a gap (AS 16)."""
    path = w.directory.path(residence)
    since = unbroken_since(
        (*work.spells, Spell(w.day, employer=employer or "")),
        w.day,
        gap_days=w.directory.parameter("assistance.stable_gap_days", path, w.day),
        same_employer=w.directory.parameter("assistance.stable_same_employer", path, w.day),
    )
    return since is not None and since < w.day


def _take_place(work: Loaded[Work], post: Loaded[Post] | None, placed: ev.PlacedInJob) -> Outcome:
    """Take the place of the post."""
    if post is None or placed.place is None:
        return ()
    taken = ev.PlaceTaken(person=placed.person, place=placed.place, offer=placed.offer)
    held = Take(place_claim(post.id, placed.place), work.stream, reasons.PLACE_LOST)
    return (*on(post, taken), held)


def _take_up(offer: Loaded[Offer] | None) -> Outcome:
    """Mark the offer as taken up."""
    if offer is None:
        return ()
    if not offer.state.is_open:
        raise DomainError(offer_reasons.OFFER_ENDED, state=offer.state.standing)
    return (*on(offer, ev.OfferTakenUp(post=offer.state.post)), give_back(offer))
