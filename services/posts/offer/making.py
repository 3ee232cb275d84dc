"""Offering a job: to whom, by whom, whether it counts (R31, R34, R95–R97, AS 30). Pure."""

from __future__ import annotations

from typing import Final

from events.contracts import posts as ev
from events.contracts.base import Found
from events.rules.access import Principal
from events.rules.divisions import covers
from services.kit.decider import DomainError, Loaded, Outcome, Take, World, on
from services.posts import reasons
from services.posts.common import case_of, need_person
from services.posts.deciding import decide
from services.posts.foreign import REFERRALS, Person
from services.posts.offer import commands as cmd
from services.posts.offer import reasons as why
from services.posts.offer.state import OFFER, claim
from services.posts.offer.suitability import demands, wishes
from services.posts.post.domain import need_room
from services.posts.post.state import POST, Post
from services.posts.work.state import EMPLOYMENT

DEPARTMENT: Final = frozenset({"county", "city", "province"})
"""Levels whose labour department's offers count (AS 30)."""
LABOUR_SYSTEM: Final = frozenset({"labour_department", "pes", "street", "community"})


@decide(cmd.OfferJob)
def offer_job(c: cmd.OfferJob, w: World) -> Outcome:
    """Offer a place that is left to a person certified and unemployed (R31, R34, R97)."""
    person = need_person(w, c.person, outside=_referred(c, w))
    case = case_of(w, c.person, c.case)
    if case is None or not (case.state.stands and case.state.certified_on(w.day)):
        raise DomainError(reasons.NOT_CERTIFIED)
    if w.load(EMPLOYMENT, c.person).state.at_work_on(w.day):
        raise DomainError(why.EMPLOYED)
    if c.answer_by < w.day:
        raise DomainError(why.ANSWER_BY)
    _need_source(c, w)
    if w.holder(claim(c.person, c.post)) is not None:
        raise DomainError(why.OFFER_OPEN)
    post = w.need(POST, c.post)
    need_room(post, w.day)
    offer = w.new(OFFER, f"person-{c.person}")
    event = _event(c, w, case.id, _checks(w, post, person))
    return (*on(offer, event), Take(claim(c.person, c.post), offer.stream, why.OFFER_OPEN))


def _referred(c: cmd.OfferJob, w: World) -> frozenset[str]:
    """Return the bodies outside to which the person was referred (R102)."""
    case = c.case or w.holder(f"open-certification/{c.person}")
    return w.load(REFERRALS, case).state.to_on(w.day) if case else frozenset()


def _checks(
    w: World, post: Loaded[Post], person: Loaded[Person]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """Judge the post's demands and the person's wishes (R97)."""
    areas = tuple(w.directory.path(area) for area in person.state.areas)
    return demands(post.state, person.state, w.day), wishes(post.state, person.state, areas)


def _event(
    c: cmd.OfferJob, w: World, case: str, checks: tuple[tuple[Found, ...], tuple[Found, ...]]
) -> ev.JobOffered:
    demanded, wished = checks
    return ev.JobOffered(
        person=c.person,
        case=case,
        post=c.post,
        source=c.source,
        commissioned_by=c.commissioned_by,
        mode=c.mode,
        suitable=c.suitable and all(found.ok for found in demanded),
        checks=(*demanded, *wished, *c.checks),
        answer_by=c.answer_by,
        counts=_counts(c, w),
    )


def sources(principal: Principal) -> frozenset[str]:
    """Name what the principal's offers may give as their source."""
    found = {"other"}
    if "pes_clerk" in principal.roles:
        found.add("pes")
    if "agency" in principal.roles:
        found.add("agency")
    elif principal.level in ("street", "community"):
        found.add(principal.level)
    elif principal.level in DEPARTMENT:
        found.add("labour_department")
    return frozenset(found)


def _need_source(c: cmd.OfferJob, w: World) -> None:
    """Refuse another's source, and a commission of an office that could not give it (R31)."""
    if c.source not in sources(w.principal):
        raise DomainError(why.SOURCE_DIFFERS)
    if c.commissioned_by is None:
        return
    giver = w.directory.office(c.commissioned_by)
    fit = giver is not None and giver.kind == "labour" and giver.level in DEPARTMENT
    if giver is None or not fit or not covers(giver.path, w.principal.path):
        raise DomainError(why.COMMISSION)


def _counts(c: cmd.OfferJob, w: World) -> bool:
    """Tell whether the offer counts for 超过3次 (R31, AS 30)."""
    path = w.principal.path
    if w.directory.parameter("posts.counting_offers", path, w.day) == "all":
        return c.source in LABOUR_SYSTEM
    if c.source in ("labour_department", "pes") and w.principal.level in DEPARTMENT:
        return True
    return c.source in LABOUR_SYSTEM and c.commissioned_by is not None
