"""The state of a person's assistance file: agreement, plan, tracking (domain.md C3.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, assert_never

from events.contracts import assistance as ev
from events.contracts import streams
from events.contracts.base import Recorded
from events.rules.time import shanghai_day
from services.kit.decider import Fold

Agreement: TypeAlias = Literal["none", "active", "ended"]
Tracking: TypeAlias = Literal["active", "ended"]


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral to another body: its event, the body, the service and the last day."""

    event: str
    to: str
    until: date


@dataclass(frozen=True, slots=True)
class File:
    """A file. `measures` is None where no plan is in force."""

    person: str = ""
    community: str = ""
    household: str | None = None
    closed_by: str | None = None
    agreement: Agreement = "none"
    helper: str | None = None
    measures: tuple[ev.Measure, ...] | None = None
    delivered: frozenset[str] = frozenset()
    tracking: Tracking = "active"
    months: frozenset[str] = frozenset()
    reports: frozenset[tuple[date, str]] = frozenset()
    invited: frozenset[str] = frozenset()
    attendance: frozenset[tuple[str, str]] = frozenset()
    services: frozenset[str] = frozenset()
    referrals: tuple[Referral, ...] = ()

    def referred_to(self, day: date) -> frozenset[str]:
        """Return the bodies with a referral that runs on a day (R102)."""
        return frozenset(r.to for r in self.referrals if day <= r.until)


def evolve(state: File, fact: Recorded[ev.FileEvent]) -> File:
    """Fold one fact of the file."""
    match fact.event:
        case (
            ev.FileOpened()
            | ev.FileClosed()
            | ev.FileReopened()
            | ev.FileMoved()
            | ev.AgreementSigned()
            | ev.AgreementSupplemented()
            | ev.HelperChanged()
            | ev.AgreementEnded()
            | ev.PlanMade()
            | ev.PlanRevised()
            | ev.MeasureDelivered()
        ) as event:
            return _agreement(state, event)
        case ev.StatusReported() | ev.FollowUpDone() | ev.FollowUpEnded() as event:
            return _tracking(state, event, shanghai_day(fact.occurred_at))
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
        case (
            ev.ServiceDelivered()
            | ev.PersonReferred()
            | ev.ReferralAnswered()
            | ev.PersonInvited()
            | ev.AttendanceRecorded()
            | ev.TrainingEnrolled()
            | ev.TrainingCompleted()
            | ev.TrainingLeft()
        ) as event:
            return _service(state, event, fact.event_id)
        case _ as never:
            assert_never(never)


def _agreement(state: File, event: ev.AgreementEvent) -> File:
    match event:
        case ev.FileOpened():
            return File(event.person, event.community, event.household)
        case ev.FileClosed():
            return replace(state, closed_by=event.end)
        case ev.FileReopened():
            return replace(state, closed_by=None)
        case ev.FileMoved():
            return replace(state, community=event.to)
        case ev.AgreementSigned():
            return replace(state, agreement="active", helper=event.helper)
        case ev.HelperChanged():
            return replace(state, helper=event.to)
        case ev.AgreementEnded():
            return replace(state, agreement="ended", helper=None, measures=None)
        case ev.PlanMade() | ev.PlanRevised():
            return replace(state, measures=event.measures)
        case ev.MeasureDelivered():
            return replace(state, delivered=state.delivered | {event.measure})
        case ev.AgreementSupplemented():
            return state
        case _ as never:
            assert_never(never)


def _tracking(state: File, event: ev.TrackingEvent, day: date) -> File:
    match event:
        case ev.StatusReported():
            return replace(state, reports=state.reports | {(day, event.status)})
        case ev.FollowUpDone():
            return replace(state, months=state.months | {event.month})
        case ev.FollowUpEnded():
            return replace(state, tracking="ended")
        case _ as never:
            assert_never(never)


def _service(state: File, event: ev.ServiceEvent, event_id: str) -> File:
    match event:
        case ev.ServiceDelivered():
            return replace(state, services=state.services | {event_id})
        case ev.PersonReferred():
            referral = Referral(event_id, event.to, event.until)
            return replace(state, referrals=(*state.referrals, referral))
        case ev.ReferralAnswered(answer="declined"):
            left = tuple(r for r in state.referrals if r.event != event.referral)
            return replace(state, referrals=left)
        case ev.PersonInvited():
            return replace(state, invited=state.invited | {event.activity})
        case ev.AttendanceRecorded():
            return replace(state, attendance=state.attendance | {(event.activity, event.outcome)})
        case (
            ev.ReferralAnswered()
            | ev.TrainingEnrolled()
            | ev.TrainingCompleted()
            | ev.TrainingLeft()
        ):
            return state
        case _ as never:
            assert_never(never)


FILE = Fold(streams.ASSISTANCE, File(), evolve)
