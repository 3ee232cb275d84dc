"""Wishes about services, invitations and attendance (domain.md C3.3)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.assistance import Attendance, Service
from events.contracts.base import (
    ActivityId,
    EventId,
    ExpertId,
    Money,
    OfficeId,
    Open,
    ProjectId,
    Text,
)
from services.assistance.fields import Hidden, WhichCase
from services.kit.decider import Command


class DeliverService(Command):
    """Record a service that the person received, free of charge (R60–R66, R94, R98)."""

    type: ClassVar[str] = "assistance.deliver_service"
    zh: ClassVar[str] = "登记就业服务"
    en: ClassVar[str] = "Record a service"
    actors: ClassVar[tuple[str, ...]] = (
        "pes_clerk", "street", "community", "trainer", "union", "youth", "women", "agency",
        "expert", "system",
    )  # fmt: skip
    requirements: ClassVar[tuple[str, ...]] = ("R60", "R88", "R94", "R98", "R113")

    case: WhichCase
    service: Open[Service] = Field(title="服务项目", description="Service")
    provider: OfficeId = Field(title="提供单位", description="Provider")
    fee: Money = Field(default=0, title="费用（分）", description="Fee in fen; always 0")
    activity: ActivityId | None = Field(default=None, title="活动", description="Activity")
    project: ProjectId | None = Field(default=None, title="项目", description="Project")
    expert: ExpertId | None = Field(default=None, title="专家", description="Expert")
    referral: EventId | None = Field(default=None, title="转介", description="Referral")
    no_wish_reason: Hidden[Text] | None = Field(
        default=None, title="无创业愿望时的理由", description="Reason where no wish is recorded"
    )
    note: Hidden[Text] | None = Field(default=None, title="备注", description="Note")


class InviteToActivity(Command):
    """Invite a certified person to an activity (R27)."""

    type: ClassVar[str] = "assistance.invite_to_activity"
    zh: ClassVar[str] = "邀请参加活动"
    en: ClassVar[str] = "Invite to an activity"
    actors: ClassVar[tuple[str, ...]] = ("street", "community", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("R27",)

    case: WhichCase
    activity: ActivityId = Field(title="活动", description="Activity")


class RecordAttendance(Command):
    """Record whether an invited person came; never a ground of exit (R27)."""

    type: ClassVar[str] = "assistance.record_attendance"
    zh: ClassVar[str] = "登记参加情况"
    en: ClassVar[str] = "Record attendance"
    actors: ClassVar[tuple[str, ...]] = (
        "street", "community", "county", "pes_clerk", "trainer", "participant",
    )  # fmt: skip
    requirements: ClassVar[tuple[str, ...]] = ("R27",)

    case: WhichCase
    activity: ActivityId = Field(title="活动", description="Activity")
    outcome: Open[Attendance] = Field(title="参加情况", description="Attended, absent, excused")
