"""Wishes about activities (domain.md C3.3)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.assistance import ActivityKind, Course, Places
from events.contracts.base import ActivityId, Count, Day, FromDay, Open, Short
from services.kit.decider import Command

_ORGANISERS = ("street", "community", "pes_clerk", "county", "trainer", "participant")


class OrganiseActivity(Command):
    """Organise a training, job fair, guidance or education (R27, R60, R98, R99, R122)."""

    type: ClassVar[str] = "assistance.organise_activity"
    zh: ClassVar[str] = "组织活动"
    en: ClassVar[str] = "Organise an activity"
    actors: ClassVar[tuple[str, ...]] = _ORGANISERS
    requirements: ClassVar[tuple[str, ...]] = ("R27", "R60", "R98", "R99", "R122")

    kind: Open[ActivityKind] = Field(title="类型", description="Kind")
    title: Open[Short] = Field(title="名称", description="Title")
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day | None = Field(default=None, title="结束日期", description="Last day")
    place: Open[Short] = Field(title="地点", description="Place")
    course: Course | None = Field(default=None, title="培训课程", description="Course")
    places: Places | None = Field(default=None, title="名额", description="Places")


class CloseActivity(Command):
    """Close an activity with its figures (R98)."""

    type: ClassVar[str] = "assistance.close_activity"
    zh: ClassVar[str] = "结束活动"
    en: ClassVar[str] = "Close an activity"
    actors: ClassVar[tuple[str, ...]] = _ORGANISERS
    requirements: ClassVar[tuple[str, ...]] = ("R98",)

    activity: ActivityId = Field(title="活动", description="Activity")
    invited: Count = Field(title="邀请人数", description="Invited")
    attended: Count = Field(title="参加人数", description="Attended")
    completed: Count | None = Field(default=None, title="结业人数", description="Completed")
