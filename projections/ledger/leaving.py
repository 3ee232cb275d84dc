"""How the facts of leaving fill the ledger row: refusals, exit, lapse, reassessment (R29–R35)."""

from __future__ import annotations

from typing import Any

from events.contracts import certification as ev
from events.contracts.base import Recorded
from events.rules.directory import Directory
from projections.ledger.cases import case_of, move_to, restart_reports, stands_again, without
from projections.ledger.cells import Handler, State, amend, day


def _proposed(name: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        case = case_of(row, fact)
        case["proposals"] = {**case.get("proposals", {}), name: fact.event_id}

    return handler


def _exit_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ExitProposed = fact.event
    case = case_of(row, fact)
    case["proposals"] = {**case.get("proposals", {}), f"exit_{event.ground}": fact.event_id}


def _proposal_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    without(case_of(row, fact), fact.event.proposal)


def _counted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.RefusalCounted = fact.event
    case = case_of(row, fact)
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
        case = move_to(row, fact, state)
        case["ending"], case["proposals"] = fact.event_id, {}
        if isinstance(fact.event, ev.Exited):
            _confirmed(case, fact.event.judgements)
            case["told_on"] = fact.event.told_on.isoformat()

    return handler


def _exit_rejected(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.ExitRejected = fact.event
    case = case_of(row, fact)
    _confirmed(case, event.judgements)
    without(case, event.proposal)
    restart_reports(row, fact, directory)


def _reassessed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.Reassessed = fact.event
    case = case_of(row, fact)
    without(case, event.proposal)
    if event.outcome == "change_category" and event.category is not None:
        case["category"], case["city_category"] = event.category, event.city_category
        cell = {"state": case["state"], "since": case["since"], "category": event.category}
        amend(row, fact, "certification", cell)


def _gave_up(row: State, fact: Recorded[Any], _: Directory) -> None:
    case_of(row, fact)["gave_up_on"] = day(fact)


HANDLERS: dict[str, Handler] = {
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
    ev.ExitReversed.type: stands_again,
    ev.Lapsed.type: _ended("lapsed"),
    ev.ReassessmentProposed.type: _proposed("reassessment"),
    ev.Reassessed.type: _reassessed,
}
"""What each fact of leaving does."""
