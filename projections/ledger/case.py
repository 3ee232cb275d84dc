"""How certification's facts fill the ledger row: states exactly as in C3.8 (R17–R25, X3, X9).

The case last filed or imported is the row's case; earlier ones stay beside it.
"""

from __future__ import annotations

from typing import Any

from events.contracts import certification as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.ledger import leaving
from projections.ledger.cases import case_of, count_from, move_to, restart_reports, stands_again
from projections.ledger.cells import Handler, State, day


def _filed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ApplicationFiled = fact.event
    row["case"] = ident(fact.stream)
    case = move_to(row, fact, "filed")
    case |= {
        "no": event.case_no,
        "primary": event.primary,
        "categories": list(event.categories),
        "causes": list(event.causes),
        "city_category": event.city_category,
        "household": event.household,
        "filed_on": day(fact),
        "previous": event.previous_case,
        "tally": 0,
    }


def _imported(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.CertificationImported = fact.event
    row["case"] = ident(fact.stream)
    case = case_of(row, fact)
    case |= {"no": event.case_no, "primary": event.category, "category": event.category}
    case |= {"city_category": event.city_category, "certified_on": day(fact), "tally": 0}
    case["imported"] = True
    move_to(row, fact, "certified")
    count_from(row, fact, event.imported_on, directory)
    if "office" not in row:
        row["office"], row["path"] = event.office, directory.path(event.office)


def _moves_to(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        move_to(row, fact, state)

    return handler


def _noticed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PublicNoticePosted = fact.event
    case = move_to(row, fact, "on_notice")
    case["notice_from"], case["notice_until"] = (
        event.from_day.isoformat(),
        event.until.isoformat(),
    )
    case["notice"] = fact.event_id


def _objected(row: State, fact: Recorded[Any], _: Directory) -> None:
    case = case_of(row, fact)
    case["objections"] = [*case.get("objections", ()), fact.event_id]


def _answered(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ObjectionDecided = fact.event
    case = case_of(row, fact)
    case["objections"] = [o for o in case.get("objections", ()) if o != event.objection]


def _returned(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ApplicationReturned = fact.event
    before = row["cases"].get(ident(fact.stream), {}).get("state")
    case = move_to(row, fact, "returned")
    case["returned_from"], case["missing"] = before, list(event.missing)


def _resubmitted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ApplicationResubmitted = fact.event
    case = move_to(row, fact, event.back_to)
    case["primary"], case["missing"], case["objections"] = event.primary, [], []
    if event.changes is not None:
        for name in ("categories", "causes", "city_category", "household"):
            if (given := getattr(event.changes, name)) is not None:
                case[name] = list(given) if isinstance(given, tuple) else given


def _assigned(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.CaseAssigned = fact.event
    case_of(row, fact)["officer"] = event.officer


def _reviewed(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        move_to(row, fact, state)["opinion"] = fact.event.opinion

    return handler


def _certified(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.PersonCertified = fact.event
    case = case_of(row, fact)
    case |= {
        "category": event.category,
        "city_category": event.city_category,
        "certified_on": day(fact),
        "responsible": event.responsible_office,
        "member_of": event.member_of,
    }
    move_to(row, fact, "certified")
    restart_reports(row, fact, directory)


def _refused(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.CertificationRefused = fact.event
    case = move_to(row, fact, "refused")
    case["told_on"], case["ending"] = event.told_on.isoformat(), fact.event_id


def _annotated(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.CertificateAnnotated = fact.event
    case_of(row, fact)["annotated"] = {"on": day(fact), "certificate": event.certificate}


def _unannotated(row: State, fact: Recorded[Any], _: Directory) -> None:
    case = case_of(row, fact)
    case["annotated"], case["annotation_cancelled_on"] = None, day(fact)


def _review_asked(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ReviewRequested = fact.event
    case_of(row, fact)["review"] = {"event": fact.event_id, "against": event.against}


def _review_decided(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.ReviewDecided = fact.event
    case_of(row, fact).pop("review", None)
    if event.outcome == "upheld":
        return
    if event.of == "exit":
        stands_again(row, fact, directory)
    else:
        move_to(row, fact, "at_county").pop("ending", None)


HANDLERS: dict[str, Handler] = {
    **leaving.HANDLERS,
    ev.ApplicationFiled.type: _filed,
    ev.CommunityRegistered.type: _moves_to("registered"),
    ev.PublicNoticePosted.type: _noticed,
    ev.PublicNoticeClosed.type: _moves_to("notice_closed"),
    ev.ObjectionLodged.type: _objected,
    ev.ObjectionDecided.type: _answered,
    ev.ApplicationReturned.type: _returned,
    ev.ApplicationResubmitted.type: _resubmitted,
    ev.ApplicationWithdrawn.type: _moves_to("withdrawn"),
    ev.CaseAssigned.type: _assigned,
    ev.StreetReviewed.type: _reviewed("street_reviewed"),
    ev.ForwardedToCounty.type: _moves_to("at_county"),
    ev.CountyReviewed.type: _reviewed("county_reviewed"),
    ev.PersonCertified.type: _certified,
    ev.CertificationRefused.type: _refused,
    ev.CertificateAnnotated.type: _annotated,
    ev.AnnotationCancelled.type: _unannotated,
    ev.ReviewRequested.type: _review_asked,
    ev.ReviewDecided.type: _review_decided,
    ev.CertificationImported.type: _imported,
}
"""What each fact of a `certification-…` stream does."""
