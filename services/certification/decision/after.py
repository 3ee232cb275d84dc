"""What follows the decision: the mark on the certificate, and the city's review. Pure."""

from __future__ import annotations

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import matter, need_state, number
from services.certification.deciding import decide, open_claim
from services.certification.decision import commands as cmd
from services.certification.state import ENDED
from services.kit.decider import DomainError, Outcome, Take, World, on


@decide(cmd.AnnotateCertificate)
def annotate_certificate(c: cmd.AnnotateCertificate, w: World) -> Outcome:
    """Annotate with the certified category, whatever is proposed meanwhile (R25, T22)."""
    it = matter(w, c.case)
    need_state(w, it.case, "certified")
    if c.category != it.state.category:
        raise DomainError(reasons.CATEGORY_DIFFERS)
    if it.state.annotated == c.category:
        return ()
    event = ev.CertificateAnnotated(
        certificate=c.certificate, number=c.number, category=c.category, sealed=c.sealed
    )
    return on(it.case, event)


@decide(cmd.CancelAnnotation)
def cancel_annotation(c: cmd.CancelAnnotation, w: World) -> Outcome:
    """Cancel the mark of a status that ended (R34)."""
    it = matter(w, c.case)
    need_state(w, it.case, *ENDED)
    if it.state.ending is None or c.end != it.state.ending.event:
        raise DomainError(reasons.OTHER_END)
    if not it.state.was_annotated:
        raise DomainError(reasons.NOT_ANNOTATED)
    if it.state.annotated is None:
        return ()
    return on(it.case, ev.AnnotationCancelled(end=c.end, reason=c.reason))


@decide(cmd.RequestReview)
def request_review(c: cmd.RequestReview, w: World) -> Outcome:
    """Ask within the working days after the person was told (X3, AS 4)."""
    it = matter(w, c.case)
    need_state(w, it.case, "refused", "exited")
    ending = it.state.ending
    if ending is None or ending.told_on is None or c.against != ending.event:
        raise DomainError(reasons.OTHER_END)
    if c.against in it.state.reviewed:
        raise DomainError(reasons.REVIEWED_ALREADY)
    days = number(w, "certification.review_days", it.community)
    last = w.directory.calendar.add_workdays(ending.told_on, days)
    if w.day > last:
        raise DomainError(reasons.REVIEW_LATE, last=last.isoformat())
    event = ev.ReviewRequested(against=c.against, grounds=c.grounds, documents=c.documents)
    return on(it.case, event)


@decide(cmd.DecideReview)
def decide_review(c: cmd.DecideReview, w: World) -> Outcome:
    """Uphold, or set aside: a refusal goes back to the county, an exit is undone (X3)."""
    it = matter(w, c.case)
    need_state(w, it.case, "refused", "exited")
    if it.state.review is None or it.state.review.event != c.review:
        raise DomainError(reasons.NO_REVIEW)
    event = ev.ReviewDecided(
        review=c.review,
        outcome=c.outcome,
        reason=c.reason,
        of="exit" if it.state.status == "exited" else "refusal",
    )
    if c.outcome == "upheld":
        return on(it.case, event)
    claim = Take(open_claim(it.person.id), it.case.stream, reasons.OPEN_CASE)
    return (*on(it.case, event), claim)
