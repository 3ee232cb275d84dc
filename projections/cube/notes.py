"""What the cube remembers of each fact about a person or household."""

from __future__ import annotations

from datetime import date
from typing import Any

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry
from events.contracts.base import Recorded
from events.rules.directory import Directory
from events.rules.periods import last_day_within_months
from events.rules.time import shanghai_day
from projections.journal import Data, Notes, Taker, number, path_of, plain, setting


def _registered(fact: Recorded[Any], _: Notes, directory: Directory) -> tuple[str, Data]:
    event: registry.PersonRegistered = fact.event
    path = directory.path(event.residence)
    return "home", {"path": path, "sex": event.sex, "age_band": event.age_band}


def _moved(fact: Recorded[Any], _: Notes, directory: Directory) -> tuple[str, Data]:
    event: registry.TransferAccepted = fact.event
    return "moved", {"path": directory.path(event.to)}


def _report_due(notes: Notes, directory: Directory, start: date) -> str:
    """Return the last day of the report that falls due from a day on (T5, AS 5, AS 25)."""
    path = path_of(notes)
    due = last_day_within_months(
        start,
        number(directory, "assistance.report_months", path, start),
        moves_weekend=setting(directory, "rules.weekend_moves", path, start) != "none",
        calendar=directory.calendar,
    )
    return due.isoformat()


def _clock(kind: str) -> Taker:
    def take(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
        return kind, {"due": _report_due(notes, directory, shanghai_day(fact.occurred_at))}

    return take


def _follow_up(notes: Notes, directory: Directory, start: date) -> Data:
    """Say whether the month of the first day counts already (AS 36)."""
    first = setting(directory, "assistance.follow_up_from", path_of(notes), start)
    return {"follow_up_from": first}


def _certified(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: cert.PersonCertified = fact.event
    start = shanghai_day(fact.occurred_at)
    due = _report_due(notes, directory, start)
    follow_up = _follow_up(notes, directory, start)
    return "certified", {"category": event.category, "due": due, **follow_up}


def _imported(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: cert.CertificationImported = fact.event
    start = event.imported_on
    data: dict[str, Any] = {
        "category": event.category,
        "on": start.isoformat(),
        "due": _report_due(notes, directory, start),
        **_follow_up(notes, directory, start),
    }
    if not path_of(notes):
        data["path"] = directory.path(event.office)
    return "imported", data


def _reassessed(fact: Recorded[Any], _: Notes, __: Directory) -> tuple[str, Data]:
    event: cert.Reassessed = fact.event
    changed = event.outcome == "change_category" and event.category is not None
    return ("recategorised", {"category": event.category}) if changed else ("", {})


def _review(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: cert.ReviewDecided = fact.event
    back = event.of == "exit" and event.outcome == "set_aside"
    return _clock("reinstated")(fact, notes, directory) if back else ("", {})


def _placed(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: posts.PlacedInJob = fact.event
    path, on = path_of(notes), shanghai_day(fact.occurred_at)
    return "placed", {
        "channel": event.channel,
        "cross_region": event.cross_region,
        "employer": event.employer or "",
        "months": number(directory, "text.stable_months", path, on),
        "gap": number(directory, "assistance.stable_gap_days", path, on),
        "same": setting(directory, "assistance.stable_same_employer", path, on) is True,
    }


PERSON: dict[str, Taker] = {
    registry.PersonRegistered.type: _registered,
    registry.TransferAccepted.type: _moved,
    cert.PersonCertified.type: _certified,
    cert.CertificationImported.type: _imported,
    cert.Reassessed.type: _reassessed,
    cert.ExitProposed.type: plain("exit_proposed", "ground"),
    cert.ExitRejected.type: _clock("exit_rejected"),
    cert.Exited.type: plain("exited", "from_day", "proposal"),
    cert.Lapsed.type: plain("lapsed", "ground"),
    cert.CertificationRevoked.type: plain("revoked", "from_day"),
    cert.ExitReversed.type: _clock("reinstated"),
    cert.ReviewDecided.type: _review,
    help_.AgreementSigned.type: plain("agreement_signed"),
    help_.AgreementEnded.type: plain("agreement_ended"),
    help_.StatusReported.type: _clock("reported"),
    help_.FollowUpDone.type: plain("followed_up", "month"),
    help_.FollowUpEnded.type: plain("tracking_ended"),
    posts.PlacedInJob.type: _placed,
    posts.EmploymentEnded.type: plain("employment_ended", "then"),
    posts.JobOffered.type: plain("offered", "case"),
    posts.OfferRefused.type: plain("not_taken_up"),
    posts.NotTakenUp.type: plain("not_taken_up"),
    posts.OfferTakenUp.type: plain("taken_up"),
    posts.RefusalJudged.type: plain("judged", "judged"),
    posts.RefusalRejudged.type: plain("judged", "judged"),
}
"""Facts about a person that figures are made of."""


def _formed(fact: Recorded[Any], _: Notes, directory: Directory) -> tuple[str, Data]:
    event: registry.HouseholdFormed = fact.event
    return "home", {"path": directory.path(event.community)}


def _household(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: cert.HouseholdCertified = fact.event
    start = shanghai_day(fact.occurred_at)
    path = path_of(notes) or directory.path(event.responsible_office)
    due = last_day_within_months(
        start,
        number(directory, "text.household_months", path, start),
        moves_weekend=setting(directory, "rules.weekend_moves", path, start) == "all",
        calendar=directory.calendar,
    )
    return "certified", {"path": path, "due": due.isoformat()}


HOUSEHOLD: dict[str, Taker] = {
    registry.HouseholdFormed.type: _formed,
    cert.HouseholdCertified.type: _household,
    cert.HouseholdCleared.type: plain("cleared"),
    cert.HouseholdLeft.type: plain("left"),
}
"""Facts about a household that figures are made of."""
