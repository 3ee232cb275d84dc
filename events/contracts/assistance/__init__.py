"""Facts of assistance: the file, agreement, plan, services, activities, reports, follow-up."""

from __future__ import annotations

from typing import TypeAlias

from events.contracts.assistance.agreement import (
    AgreementEnded,
    AgreementEvent,
    AgreementSigned,
    AgreementSupplemented,
    FileClosed,
    FileMoved,
    FileOpened,
    FileReopened,
    HelperChanged,
    MeasureDelivered,
    PlanMade,
    PlanRevised,
)
from events.contracts.assistance.service import (
    ActivityClosed,
    ActivityEvent,
    ActivityOrganised,
    AttendanceRecorded,
    PersonInvited,
    PersonReferred,
    ReferralAnswered,
    ServiceDelivered,
    ServiceEvent,
    TrainingCompleted,
    TrainingEnrolled,
    TrainingLeft,
)
from events.contracts.assistance.tracking import (
    CorrectionEvent,
    CorrectionProposed,
    CorrectionRejected,
    FactCorrected,
    FollowUpDone,
    FollowUpEnded,
    StatusReported,
    TrackingEvent,
)
from events.contracts.assistance.values import (
    ActivityKind,
    Attendance,
    Course,
    Frozen,
    GainedSkill,
    Measure,
    OnJob,
    Places,
    Service,
    VisitMode,
    Wage,
    WorkStatus,
)
from events.contracts.assistance.words import WORDS
from events.contracts.base import Catalogue

FileEvent: TypeAlias = AgreementEvent | ServiceEvent | TrackingEvent | CorrectionEvent
"""What can stand on an `assistance-…` stream."""
AssistanceEvent: TypeAlias = FileEvent | ActivityEvent
ASSISTANCE = Catalogue[AssistanceEvent](AssistanceEvent)

__all__ = [
    "ASSISTANCE",
    "WORDS",
    "ActivityClosed",
    "ActivityEvent",
    "ActivityKind",
    "ActivityOrganised",
    "AgreementEnded",
    "AgreementEvent",
    "AgreementSigned",
    "AgreementSupplemented",
    "AssistanceEvent",
    "Attendance",
    "AttendanceRecorded",
    "CorrectionEvent",
    "CorrectionProposed",
    "CorrectionRejected",
    "Course",
    "FactCorrected",
    "FileClosed",
    "FileEvent",
    "FileMoved",
    "FileOpened",
    "FileReopened",
    "FollowUpDone",
    "FollowUpEnded",
    "Frozen",
    "GainedSkill",
    "HelperChanged",
    "Measure",
    "MeasureDelivered",
    "OnJob",
    "PersonInvited",
    "PersonReferred",
    "Places",
    "PlanMade",
    "PlanRevised",
    "ReferralAnswered",
    "Service",
    "ServiceDelivered",
    "ServiceEvent",
    "StatusReported",
    "TrackingEvent",
    "TrainingCompleted",
    "TrainingEnrolled",
    "TrainingLeft",
    "VisitMode",
    "Wage",
    "WorkStatus",
]
