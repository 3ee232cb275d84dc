"""Facts about services, referrals, activities and training (R60–R66, R98–R102)."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from events.contracts.assistance.values import (
    ActivityKind,
    Attendance,
    Course,
    GainedSkill,
    Places,
    Service,
)
from events.contracts.base import (
    ActivityId,
    Code,
    Count,
    Day,
    Doc,
    Event,
    EventId,
    ExpertId,
    FromDay,
    Money,
    OfficeId,
    Open,
    ProjectId,
    Sealed,
    Short,
    Text,
)


class ServiceDelivered(Event):
    """The person received a service, free of charge (R60–R66, R94, R98, R113)."""

    type: ClassVar[str] = "assistance.service_delivered.v1"
    zh: ClassVar[str] = "就业服务已提供"
    en: ClassVar[str] = "Service delivered"

    service: Open[Service]
    provider: OfficeId
    fee: Money
    activity: ActivityId | None = None
    project: ProjectId | None = None
    expert: ExpertId | None = None
    referral: EventId | None = None
    no_wish_reason: Sealed[Text] | None = None
    note: Sealed[Text] | None = None


class PersonReferred(Event):
    """Another body was asked to help; it may see the named fields until a day (R102, R113)."""

    type: ClassVar[str] = "assistance.person_referred.v1"
    zh: ClassVar[str] = "已转介"
    en: ClassVar[str] = "Person referred"

    to: OfficeId
    service: Code
    fields: tuple[Code, ...]
    until: Day


class ReferralAnswered(Event):
    """The other body took the referral or declined it (R102)."""

    type: ClassVar[str] = "assistance.referral_answered.v1"
    zh: ClassVar[str] = "转介已答复"
    en: ClassVar[str] = "Referral answered"

    referral: EventId
    answer: Open[Literal["accepted", "declined"]]
    reason: Code | None = None


class ActivityOrganised(Event):
    """An office organises a training, job fair or guidance (R27, R60, R98, R99, R122)."""

    type: ClassVar[str] = "assistance.activity_organised.v1"
    zh: ClassVar[str] = "活动已组织"
    en: ClassVar[str] = "Activity organised"

    kind: Open[ActivityKind]
    title: Open[Short]
    from_day: FromDay
    until: Day | None = None
    place: Open[Short]
    course: Course | None = None
    places: Places | None = None


class ActivityClosed(Event):
    """The activity is over, with its figures (R98)."""

    type: ClassVar[str] = "assistance.activity_closed.v1"
    zh: ClassVar[str] = "活动已结束"
    en: ClassVar[str] = "Activity closed"

    invited: Count
    attended: Count
    completed: Count | None = None


class PersonInvited(Event):
    """The person was invited to an activity (R27)."""

    type: ClassVar[str] = "assistance.person_invited.v1"
    zh: ClassVar[str] = "已邀请参加活动"
    en: ClassVar[str] = "Person invited"

    activity: ActivityId


class AttendanceRecorded(Event):
    """Whether the person came; never a ground of exit (R27)."""

    type: ClassVar[str] = "assistance.attendance_recorded.v1"
    zh: ClassVar[str] = "参加情况已记录"
    en: ClassVar[str] = "Attendance recorded"

    activity: ActivityId
    outcome: Open[Attendance]


class TrainingEnrolled(Event):
    """The person has a place in a training (R99, R101)."""

    type: ClassVar[str] = "assistance.training_enrolled.v1"
    zh: ClassVar[str] = "已报名培训"
    en: ClassVar[str] = "Training enrolled"

    activity: ActivityId
    from_day: FromDay
    fee: Money
    no_wish_reason: Sealed[Text] | None = None
    place: Places


class TrainingCompleted(Event):
    """The person completed the training (R99, R100)."""

    type: ClassVar[str] = "assistance.training_completed.v1"
    zh: ClassVar[str] = "培训已结业"
    en: ClassVar[str] = "Training completed"

    activity: ActivityId
    certificate: Doc | None = None
    skill: GainedSkill | None = None


class TrainingLeft(Event):
    """The person left the training (R99)."""

    type: ClassVar[str] = "assistance.training_left.v1"
    zh: ClassVar[str] = "已退出培训"
    en: ClassVar[str] = "Training left"

    activity: ActivityId
    reason: Code


ServiceEvent: TypeAlias = (
    ServiceDelivered
    | PersonReferred
    | ReferralAnswered
    | PersonInvited
    | AttendanceRecorded
    | TrainingEnrolled
    | TrainingCompleted
    | TrainingLeft
)
ActivityEvent: TypeAlias = ActivityOrganised | ActivityClosed
