"""What the duties need to remember of each fact about a person or household."""

from __future__ import annotations

from typing import Any

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry
from events.contracts.base import Recorded
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.journal import Data, Notes, Taker, path_of, plain, setting


def _home(field: str) -> Taker:
    def take(fact: Recorded[Any], _: Notes, directory: Directory) -> tuple[str, Data]:
        office = getattr(fact.event, field)
        return "home", {"office": office, "path": directory.path(office)}

    return take


def _office(notes: Notes) -> str:
    return next((n.data["office"] for n in reversed(notes) if "office" in n.data), "")


def _mining(notes: Notes, directory: Directory, fact: Recorded[Any]) -> bool:
    """Tell whether the county does the street's step (R24)."""
    street = directory.above(_office(notes), "street")
    return street is not None and street.is_mining_area(shanghai_day(fact.occurred_at))


def _closed(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    return "notice_closed", {"mining": _mining(notes, directory, fact)}


def _objected(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    key, on = "certification.objection_decider", shanghai_day(fact.occurred_at)
    decider = setting(directory, key, path_of(notes), on)
    return "objected", {"owner": "county" if _mining(notes, directory, fact) else decider}


def _certified(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    on = shanghai_day(fact.occurred_at)
    first = setting(directory, "assistance.follow_up_from", path_of(notes), on)
    return "certified", {"follow_up_from": first}


def _imported(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: cert.CertificationImported = fact.event
    path = path_of(notes)
    first = setting(directory, "assistance.follow_up_from", path, event.imported_on)
    data = {"on": event.imported_on.isoformat(), "follow_up_from": first}
    if not path:
        data |= {"office": event.office, "path": directory.path(event.office)}
    return "imported", data


def _reviewed(fact: Recorded[Any], _: Notes, __: Directory) -> tuple[str, Data]:
    event: cert.ReviewDecided = fact.event
    if event.outcome == "upheld":
        return "", {}
    return ("reinstated" if event.of == "exit" else "set_aside"), {}


PERSON: dict[str, Taker] = {
    registry.PersonRegistered.type: _home("residence"),
    registry.TransferAccepted.type: _home("to"),
    cert.ApplicationFiled.type: plain("filed"),
    cert.CommunityRegistered.type: plain("registered"),
    cert.PublicNoticePosted.type: plain("posted", "from_day", "until"),
    cert.PublicNoticeClosed.type: _closed,
    cert.ObjectionLodged.type: _objected,
    cert.ObjectionDecided.type: plain("answered", "objection"),
    cert.ApplicationReturned.type: plain("returned"),
    cert.ApplicationResubmitted.type: plain("resubmitted", "back_to"),
    cert.ApplicationWithdrawn.type: plain("withdrawn"),
    cert.CaseAssigned.type: plain("assigned", "officer"),
    cert.ForwardedToCounty.type: plain("forwarded"),
    cert.PersonCertified.type: _certified,
    cert.CertificationRefused.type: plain("refused"),
    cert.CertificationImported.type: _imported,
    cert.CertificateAnnotated.type: plain("annotated"),
    cert.ReviewDecided.type: _reviewed,
    cert.ExitProposed.type: plain("exit_proposed"),
    cert.ExitProposalWithdrawn.type: plain("exit_withdrawn", "proposal"),
    cert.ExitRejected.type: plain("exit_rejected", "proposal"),
    cert.Exited.type: plain("exited", "from_day", "proposal"),
    cert.ExitReversed.type: plain("reinstated"),
    cert.Lapsed.type: plain("lapsed"),
    cert.CertificationRevoked.type: plain("revoked", "from_day"),
    help_.AgreementSigned.type: plain("agreement_signed", "helper"),
    help_.HelperChanged.type: plain("helper_changed", "to"),
    help_.AgreementEnded.type: plain("agreement_ended"),
    help_.PlanMade.type: plain("plan_made"),
    help_.ServiceDelivered.type: plain("served"),
    help_.StatusReported.type: plain("reported"),
    help_.FollowUpDone.type: plain("followed_up", "month"),
    help_.FollowUpEnded.type: plain("tracking_ended"),
    posts.PlacedInJob.type: plain("placed"),
}
"""Facts about a person by which a duty begins, waits, moves or ends."""


def _household(fact: Recorded[Any], notes: Notes, directory: Directory) -> tuple[str, Data]:
    event: cert.HouseholdCertified = fact.event
    if path_of(notes):
        return "certified", {}
    office = event.responsible_office
    return "certified", {"office": office, "path": directory.path(office)}


HOUSEHOLD: dict[str, Taker] = {
    registry.HouseholdFormed.type: _home("community"),
    cert.HouseholdCertified.type: _household,
    cert.HouseholdCleared.type: plain("cleared"),
    cert.HouseholdLeft.type: plain("left"),
}
"""Facts about a household by which its duty begins or ends."""
