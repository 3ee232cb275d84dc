"""How the facts of a `certification-…` stream add up to a case. Folds, never judges."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from events.contracts import certification as ev
from events.contracts import streams
from events.contracts.base import Doc, Recorded
from events.rules.time import shanghai_day
from services.certification.acting import who_acted
from services.certification.leaving import evolve_leaving
from services.certification.state import Application, Case, Ending, Notice, Proposal
from services.kit.decider import Fold


def evolve(state: Case, fact: Recorded[Any]) -> Case:
    """Fold one fact of a certification."""
    event: ev.CaseEvent = fact.event
    state = who_acted(state, fact)
    if isinstance(event, ev.FilingEvent):
        return _filing(state, event, fact)
    if isinstance(event, ev.DecisionEvent):
        return _decision(state, event, fact)
    if isinstance(event, ev.LeavingEvent):
        return evolve_leaving(state, event, fact)
    match event:
        case ev.CertificationImported():
            return _imported(state, event, fact)
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
    assert_never(event)


def _filing(state: Case, event: ev.FilingEvent, fact: Recorded[Any]) -> Case:
    match event:
        case ev.ApplicationFiled():
            return _filed(state, event, fact)
        case ev.CommunityRegistered():
            return replace(state, status="registered")
        case ev.PublicNoticePosted(from_day=first, until=until):
            notice = Notice(fact.event_id, first, until)
            return replace(state, status="on_notice", notice=notice, upheld=False)
        case ev.PublicNoticeClosed():
            return replace(state, status="notice_closed")
        case ev.ObjectionLodged():
            return replace(state, objections=state.objections | {fact.event_id})
        case ev.ObjectionDecided(objection=objection, outcome=outcome):
            upheld = state.upheld or outcome == "upheld"
            return replace(state, objections=state.objections - {objection}, upheld=upheld)
        case ev.ApplicationReturned():
            return replace(state, status="returned", returned_from=state.status)
        case ev.ApplicationResubmitted():
            return _resubmitted(state, event)
        case ev.ApplicationWithdrawn():
            return replace(state, status="withdrawn")
        case ev.CaseAssigned(officer=officer):
            return replace(state, officer=officer)
    assert_never(event)


def _filed(state: Case, event: ev.ApplicationFiled, fact: Recorded[Any]) -> Case:
    return replace(
        state,
        status="filed",
        person=event.person,
        applied_on=shanghai_day(fact.occurred_at),
        originals=len(event.evidence),
        application=Application(
            event.categories,
            event.city_category,
            event.household,
            event.causes,
            papers(event.evidence),
            event.attest_ability,
            event.attest_wish,
        ),
    )


def papers(evidence: tuple[Doc, ...]) -> dict[str, Any]:
    """Map the kinds of evidence to their last valid days."""
    return {doc.kind: doc.valid_until for doc in evidence}


def _resubmitted(state: Case, event: ev.ApplicationResubmitted) -> Case:
    application = changed(state.application, event.evidence, event.changes)
    state = replace(
        state,
        status=event.back_to,
        returned_from=None,
        application=application,
        originals=state.originals + len(event.evidence),
    )
    if event.back_to in ("filed", "registered"):
        return replace(
            state,
            notice=None,
            objections=frozenset(),
            upheld=False,
            street_opinion=None,
            county_opinion=None,
        )
    return state


def changed(old: Application, evidence: tuple[Doc, ...], changes: ev.Changes | None) -> Application:
    """Return the application with new papers and the fields that were changed."""
    new = replace(old, evidence={**old.evidence, **papers(evidence)})
    if changes is None:
        return new
    given = {
        name: value
        for name in (
            "categories",
            "city_category",
            "household",
            "causes",
            "attest_ability",
            "attest_wish",
        )
        if (value := getattr(changes, name)) is not None
    }
    return replace(new, **given)


def _decision(state: Case, event: ev.DecisionEvent, fact: Recorded[Any]) -> Case:
    day = shanghai_day(fact.occurred_at)
    match event:
        case ev.StreetReviewed(opinion=opinion):
            return replace(state, status="street_reviewed", street_opinion=opinion)
        case ev.ForwardedToCounty():
            return replace(state, status="at_county")
        case ev.CountyReviewed(opinion=opinion):
            return replace(state, status="county_reviewed", county_opinion=opinion)
        case ev.PersonCertified():
            return replace(
                _certified(state, fact),
                category=event.category,
                city_category=event.city_category,
                household=event.member_of,
                certified_on=day,
            )
        case ev.CertificationRefused(told_on=told_on):
            return replace(state, status="refused", ending=Ending(fact.event_id, told_on))
        case ev.CertificateAnnotated(category=category):
            return replace(state, annotated=category, was_annotated=True)
        case ev.AnnotationCancelled():
            return replace(state, annotated=None)
        case ev.ReviewRequested(against=against):
            review = Ending(fact.event_id)
            return replace(state, review=review, reviewed=state.reviewed | {against})
        case ev.ReviewDecided():
            return _reviewed(state, event, fact)
        case ev.RevocationProposed():
            names = frozenset({fact.actor})
            return replace(state, revocation=Proposal(fact.event_id, day, names))
        case ev.CertificationRevoked():
            return _revoked(state, fact)
        case ev.RevocationRejected():
            return replace(state, revocation=None)
    assert_never(event)


def _certified(state: Case, fact: Recorded[Any]) -> Case:
    """Put the status in force; the reports of R32 count from this day on."""
    return replace(
        state,
        status="certified",
        ending=None,
        reversal=None,
        report_from=shanghai_day(fact.occurred_at),
        report_event=fact.event_id,
    )


def _revoked(state: Case, fact: Recorded[Any]) -> Case:
    return replace(
        state,
        status="revoked",
        ending=Ending(fact.event_id),
        exits={},
        reassessment=None,
        revocation=None,
    )


def _reviewed(state: Case, event: ev.ReviewDecided, fact: Recorded[Any]) -> Case:
    state = replace(state, review=None)
    if event.outcome == "upheld":
        return state
    if event.of == "exit":
        return _certified(state, fact)
    return replace(state, status="at_county", ending=None, county_opinion=None)


def _imported(state: Case, event: ev.CertificationImported, fact: Recorded[Any]) -> Case:
    state = replace(
        state,
        status="certified",
        person=event.person,
        category=event.category,
        city_category=event.city_category,
        certified_on=shanghai_day(fact.occurred_at),
    )
    return replace(state, report_from=event.imported_on, report_event=fact.event_id)


CASE = Fold(streams.CERTIFICATION, Case(), evolve)
