"""How certification's facts fill the ledger row: states exactly as in C3.8 (R17–R35).

The case last filed or imported is the row's case; earlier ones stay beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from events.contracts import certification as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.time import add_months, shanghai_day
from projections.journal import number
from projections.ledger.cells import Handler, State, amend, day

_MONTHS = "assistance.report_months"


def _case(row: State, fact: Recorded[Any]) -> State:
    """Return a copy of the fact's case, put in place of the old one."""
    own = ident(fact.stream)
    case = dict(row["cases"].get(own, ()))
    row["cases"] = {**row["cases"], own: case}
    return case


def _to(row: State, fact: Recorded[Any], state: str) -> State:
    """Move the case to a state; the cell follows where it is the row's case."""
    case = _case(row, fact)
    case["state"], case["since"] = state, day(fact)
    if row.get("case") == ident(fact.stream):
        cell = {"state": state, "since": case["since"], "category": case.get("category")}
        amend(row, fact, "certification", cell)
    return case


def _count_from(row: State, fact: Recorded[Any], since: date, directory: Directory) -> None:
    """Count the months of the status report from a day on, unless a later day counts already."""
    row["starts"] = [*row.get("starts", ()), [since.isoformat(), fact.event_id]]
    recount(row, directory)


def recount(row: State, directory: Directory) -> None:
    """Say from when the next report counts and until when it is due (T5, R28)."""
    on = max((day_ for day_, _ in row.get("starts", ())), default=None)
    row["report_from"] = on
    if on is None:
        row["report_due"] = None
        return
    since = date.fromisoformat(on)
    months = number(directory, _MONTHS, row.get("path") or "", since)
    row["report_due"] = directory.calendar.next_workday(add_months(since, months)).isoformat()


def restart_reports(row: State, fact: Recorded[Any], directory: Directory) -> None:
    """Count the report's months from this fact on."""
    _count_from(row, fact, shanghai_day(fact.occurred_at), directory)


def _filed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ApplicationFiled = fact.event
    row["case"] = ident(fact.stream)
    case = _to(row, fact, "filed")
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
    case = _case(row, fact)
    case |= {"no": event.case_no, "primary": event.category, "category": event.category}
    case |= {"city_category": event.city_category, "certified_on": day(fact), "tally": 0}
    case["imported"] = True
    _to(row, fact, "certified")
    _count_from(row, fact, event.imported_on, directory)
    if "office" not in row:
        row["office"], row["path"] = event.office, directory.path(event.office)


def _moves_to(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        _to(row, fact, state)

    return handler


def _noticed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PublicNoticePosted = fact.event
    case = _to(row, fact, "on_notice")
    case["notice_from"], case["notice_until"] = (
        event.from_day.isoformat(),
        event.until.isoformat(),
    )
    case["notice"] = fact.event_id


def _objected(row: State, fact: Recorded[Any], _: Directory) -> None:
    case = _case(row, fact)
    case["objections"] = [*case.get("objections", ()), fact.event_id]


def _answered(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ObjectionDecided = fact.event
    case = _case(row, fact)
    case["objections"] = [o for o in case.get("objections", ()) if o != event.objection]


def _returned(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ApplicationReturned = fact.event
    before = row["cases"].get(ident(fact.stream), {}).get("state")
    case = _to(row, fact, "returned")
    case["returned_from"], case["missing"] = before, list(event.missing)


def _resubmitted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ApplicationResubmitted = fact.event
    case = _to(row, fact, event.back_to)
    case["primary"], case["missing"], case["objections"] = event.primary, [], []
    if event.changes is not None:
        for name in ("categories", "causes", "city_category", "household"):
            if (given := getattr(event.changes, name)) is not None:
                case[name] = list(given) if isinstance(given, tuple) else given


def _assigned(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.CaseAssigned = fact.event
    _case(row, fact)["officer"] = event.officer


def _reviewed(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        _to(row, fact, state)["opinion"] = fact.event.opinion

    return handler


def _certified(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.PersonCertified = fact.event
    case = _case(row, fact)
    case |= {
        "category": event.category,
        "city_category": event.city_category,
        "certified_on": day(fact),
        "responsible": event.responsible_office,
        "member_of": event.member_of,
    }
    _to(row, fact, "certified")
    restart_reports(row, fact, directory)


def _refused(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.CertificationRefused = fact.event
    case = _to(row, fact, "refused")
    case["told_on"], case["ending"] = event.told_on.isoformat(), fact.event_id


def _annotated(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.CertificateAnnotated = fact.event
    _case(row, fact)["annotated"] = {"on": day(fact), "certificate": event.certificate}


def _unannotated(row: State, fact: Recorded[Any], _: Directory) -> None:
    case = _case(row, fact)
    case["annotated"], case["annotation_cancelled_on"] = None, day(fact)


def _review_asked(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ReviewRequested = fact.event
    _case(row, fact)["review"] = {"event": fact.event_id, "against": event.against}


def _review_decided(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.ReviewDecided = fact.event
    _case(row, fact).pop("review", None)
    if event.outcome == "upheld":
        return
    if event.of == "exit":
        _again(row, fact, directory)
    else:
        _to(row, fact, "at_county").pop("ending", None)


def _proposed(name: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        case = _case(row, fact)
        case["proposals"] = {**case.get("proposals", {}), name: fact.event_id}

    return handler


def _exit_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ExitProposed = fact.event
    case = _case(row, fact)
    case["proposals"] = {**case.get("proposals", {}), f"exit_{event.ground}": fact.event_id}


def _without(case: State, *names: str) -> None:
    """Close proposals by name or by event."""
    kept = case.get("proposals", {})
    case["proposals"] = {k: v for k, v in kept.items() if k not in names and v not in names}


def _proposal_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    _without(_case(row, fact), fact.event.proposal)


def _counted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.RefusalCounted = fact.event
    case = _case(row, fact)
    case["tally"] = event.tally
    judged = {"judged": event.judged, "seq": fact.seq}
    case["refusals"] = {**case.get("refusals", {}), event.offer: judged}


def _confirmed(case: State, answers: tuple[ev.Confirmation, ...]) -> None:
    """Take refusals that the county did not confirm out of the tally (R29)."""
    refusals = dict(case.get("refusals", {}))
    for answer in answers:
        if answer.offer in refusals:
            refusals[answer.offer] = {**refusals[answer.offer], "confirmed": answer.confirmed}
    case["refusals"] = refusals
    standing = (r for r in refusals.values() if r.get("confirmed", True))
    case["tally"] = sum(r["judged"] == "unjust" for r in standing)


def _ended(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        case = _to(row, fact, state)
        case["ending"], case["proposals"] = fact.event_id, {}
        if isinstance(fact.event, ev.Exited):
            _confirmed(case, fact.event.judgements)
            case["told_on"] = fact.event.told_on.isoformat()

    return handler


def _exit_rejected(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.ExitRejected = fact.event
    case = _case(row, fact)
    _confirmed(case, event.judgements)
    _without(case, event.proposal)
    restart_reports(row, fact, directory)


def _again(row: State, fact: Recorded[Any], directory: Directory) -> None:
    case = _to(row, fact, "certified")
    case.pop("ending", None)
    _without(case, "exit_reversal")
    restart_reports(row, fact, directory)


def _reassessed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.Reassessed = fact.event
    case = _case(row, fact)
    _without(case, event.proposal)
    if event.outcome == "change_category" and event.category is not None:
        case["category"], case["city_category"] = event.category, event.city_category
        cell = {"state": case["state"], "since": case["since"], "category": event.category}
        amend(row, fact, "certification", cell)


def _gave_up(row: State, fact: Recorded[Any], _: Directory) -> None:
    _case(row, fact)["gave_up_on"] = day(fact)


HANDLERS: dict[str, Handler] = {
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
    ev.RevocationProposed.type: _proposed("revocation"),
    ev.CertificationRevoked.type: _ended("revoked"),
    ev.RevocationRejected.type: _proposal_closed,
    ev.RefusalCounted.type: _counted,
    ev.ExitProposed.type: _exit_proposed,
    ev.ExitProposalWithdrawn.type: _proposal_closed,
    ev.WithdrawnByPerson.type: _gave_up,
    ev.Exited.type: _ended("exited"),
    ev.ExitRejected.type: _exit_rejected,
    ev.ExitReversalProposed.type: _proposed("exit_reversal"),
    ev.ExitReversed.type: _again,
    ev.Lapsed.type: _ended("lapsed"),
    ev.ReassessmentProposed.type: _proposed("reassessment"),
    ev.Reassessed.type: _reassessed,
    ev.CertificationImported.type: _imported,
}
"""What each fact of a `certification-…` stream does."""
