"""How assistance's facts fill the ledger row: file, agreement, plan, services, tracking."""

from __future__ import annotations

from typing import Any

from events.contracts import assistance as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.ledger.cases import restart_reports
from projections.ledger.cells import Handler, State, add, amend, day, listed, put, value
from projections.ledger.person import gained


def _file(row: State, **changes: Any) -> State:  # noqa: ANN401
    """Put a changed copy of the file in place."""
    row["file"] = file = {**row.get("file", {}), **changes}
    return file


def _opened(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.FileOpened = fact.event
    row["file"] = {
        "case": ident(fact.stream),
        "community": event.community,
        "household": event.household,
        "from": event.from_day.isoformat(),
        "tracking": "active",
        "agreement": "none",
        "months": [],
    }
    row["tracking"] = "active"


def _closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    _file(row, closed_on=day(fact))
    row["tracking"] = "closed"


def _reopened(row: State, _: Recorded[Any], __: Directory) -> None:
    file = _file(row, closed_on=None)
    row["tracking"] = file.get("tracking", "active")


def _moved(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.FileMoved = fact.event
    _file(row, community=event.to)


def _signed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.AgreementSigned = fact.event
    _file(row, agreement="active", helper=event.helper)
    agreement = {
        "state": "active",
        "signed_on": day(fact),
        "helper": event.helper,
        "template": event.template,
        "content": list(event.content),
        "measures": value(fact, "measures", event.measures),
        "one_to_one": event.one_to_one,
        "supplements": [],
    }
    put(row, fact, "agreement", agreement)


def _agreement(row: State, fact: Recorded[Any], **changes: Any) -> None:  # noqa: ANN401
    old = row["cells"].get("agreement", {"v": {}})["v"]
    amend(row, fact, "agreement", {**old, **changes})


def _supplemented(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.AgreementSupplemented = fact.event
    old = row["cells"].get("agreement", {"v": {}})["v"]
    entry = {"on": day(fact), "changes": value(fact, "changes", event.changes)}
    _agreement(row, fact, supplements=[*old.get("supplements", ()), entry])


def _helper(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.HelperChanged = fact.event
    _file(row, helper=event.to)
    _agreement(row, fact, helper=event.to)


def _agreement_ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.AgreementEnded = fact.event
    _file(row, agreement="ended", helper=None)
    _agreement(row, fact, state="ended", ended_on=day(fact), reason=event.reason)


def _planned(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PlanMade | ev.PlanRevised = fact.event
    measures = [
        {"id": m.id, "service": m.service, "provider": m.provider, "due": m.due.isoformat()}
        for m in event.measures
    ]
    old = row["cells"].get("plan", {"v": {}})["v"]
    goals = old.get("goals") if event.goals is None else value(fact, "goals", event.goals)
    plan = {"on": day(fact), "goals": goals, "measures": measures, "facts": list(event.facts)}
    amend(row, fact, "plan", plan)


def _delivered(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.MeasureDelivered = fact.event
    add(row, fact, "measures", {"id": event.measure, "on": day(fact), "result": event.result})


def _served(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ServiceDelivered = fact.event
    on = day(fact)
    entry = {"service": event.service, "on": on, "provider": event.provider, "fee": event.fee}
    add(row, fact, "services", entry)
    if on < row.get("first_service", "9"):
        row["first_service"] = on


def _referred(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.PersonReferred = fact.event
    entry = {
        "to": event.to,
        "path": directory.path(event.to),
        "service": event.service,
        "fields": list(event.fields),
        "until": event.until.isoformat(),
        "answer": None,
    }
    add(row, fact, "referrals", entry)


def _referral_answered(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ReferralAnswered = fact.event
    answered = [
        {**r, "answer": event.answer} if r["event"] == event.referral else r
        for r in listed(row, "referrals")
    ]
    amend(row, fact, "referrals", answered)


def _invited(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PersonInvited = fact.event
    add(row, fact, "activities", {"activity": event.activity, "invited_on": day(fact)})


def _attended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.AttendanceRecorded = fact.event
    entry = {"activity": event.activity, "outcome": event.outcome, "on": day(fact)}
    add(row, fact, "activities", entry)


def _enrolled(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.TrainingEnrolled = fact.event
    entry = {"activity": event.activity, "from": event.from_day.isoformat(), "fee": event.fee}
    add(row, fact, "training", entry)


def _training(row: State, fact: Recorded[Any], **changes: Any) -> None:  # noqa: ANN401
    """Amend the latest entry of a training."""
    entries = listed(row, "training")
    for at in range(len(entries) - 1, -1, -1):
        if entries[at]["activity"] == fact.event.activity:
            entries[at] = {**entries[at], **changes}
            break
    amend(row, fact, "training", entries)


def _completed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.TrainingCompleted = fact.event
    _training(row, fact, completed_on=day(fact))
    if event.skill is not None:
        skill = {"occupation": event.skill.occupation, "level": event.skill.level}
        gained(row, fact, {**skill, "training": event.activity})


def _left(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.TrainingLeft = fact.event
    _training(row, fact, left_on=day(fact), reason=event.reason)


def _reported(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.StatusReported = fact.event
    entry = {
        "on": day(fact),
        "status": event.status,
        "since": event.since.isoformat(),
        "differs": event.differs,
        "in_person": event.in_person,
    }
    add(row, fact, "reports", entry)
    restart_reports(row, fact, directory)


def _followed_up(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.FollowUpDone = fact.event
    entry: State = {
        "month": event.month,
        "on": day(fact),
        "mode": event.mode,
        "status": event.status,
        "needs": list(event.needs),
    }
    if event.on_job is not None:
        entry["at_work"] = event.on_job.at_work
    add(row, fact, "follow_ups", entry)
    months = row.get("file", {}).get("months", [])
    if event.month not in months:
        _file(row, months=sorted([*months, event.month]))


def _tracking_ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.FollowUpEnded = fact.event
    _file(row, tracking="ended", stable_since=event.stable_since.isoformat(), ended_on=day(fact))
    row["tracking"] = "ended"


HANDLERS: dict[str, Handler] = {
    ev.FileOpened.type: _opened,
    ev.FileClosed.type: _closed,
    ev.FileReopened.type: _reopened,
    ev.FileMoved.type: _moved,
    ev.AgreementSigned.type: _signed,
    ev.AgreementSupplemented.type: _supplemented,
    ev.HelperChanged.type: _helper,
    ev.AgreementEnded.type: _agreement_ended,
    ev.PlanMade.type: _planned,
    ev.PlanRevised.type: _planned,
    ev.MeasureDelivered.type: _delivered,
    ev.ServiceDelivered.type: _served,
    ev.PersonReferred.type: _referred,
    ev.ReferralAnswered.type: _referral_answered,
    ev.PersonInvited.type: _invited,
    ev.AttendanceRecorded.type: _attended,
    ev.TrainingEnrolled.type: _enrolled,
    ev.TrainingCompleted.type: _completed,
    ev.TrainingLeft.type: _left,
    ev.StatusReported.type: _reported,
    ev.FollowUpDone.type: _followed_up,
    ev.FollowUpEnded.type: _tracking_ended,
}
"""What each fact of an `assistance-…` stream does."""
