"""Wishes about status reports and follow-up (domain.md C3.3)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.assistance import OnJob, VisitMode, WorkStatus
from events.contracts.base import Code, Day, Doc, Open, Text
from events.contracts.posts import FoundChange
from services.assistance.fields import Hidden, WhichCase
from services.kit.decider import Command


class ReportStatus(Command):
    """Record the person's report of work or unemployment, at the community or street (R28, R32)."""

    type: ClassVar[str] = "assistance.report_status"
    zh: ClassVar[str] = "办理就业失业状况登记"
    en: ClassVar[str] = "Report the status"
    actors: ClassVar[tuple[str, ...]] = ("community_officer", "street_officer")
    requirements: ClassVar[tuple[str, ...]] = ("R28", "R32")

    case: WhichCase
    status: Open[WorkStatus] = Field(title="状况", description="Employed or unemployed")
    since: Day = Field(title="起始日期", description="First day of this state")
    evidence: Doc | None = Field(default=None, title="证明", description="Evidence")
    in_person: Open[bool] = Field(title="本人到场", description="The person came in person")
    differs: Open[bool] = Field(
        default=False, title="与记录不符", description="The report differs from what is on record"
    )


class RecordFollowUp(Command):
    """Record a monthly follow-up: state, work, policies, needs (R89–R91)."""

    type: ClassVar[str] = "assistance.record_follow_up"
    zh: ClassVar[str] = "登记跟踪随访"
    en: ClassVar[str] = "Record a follow-up"
    actors: ClassVar[tuple[str, ...]] = ("community_officer",)
    requirements: ClassVar[tuple[str, ...]] = ("R89", "R90", "R91")

    case: WhichCase
    mode: Open[VisitMode] = Field(title="随访方式", description="How")
    place: Code | None = Field(default=None, title="地点", description="Where")
    status: Open[WorkStatus] = Field(title="状况", description="Employed or unemployed")
    on_job: OnJob | None = Field(
        default=None, title="上岗情况", description="State at work, for an employed person"
    )
    found: FoundChange | None = Field(
        default=None, title="发现的变化", description="A change that the visit found"
    )
    needs: tuple[Code, ...] = Field(default=(), title="需求", description="Needs")
    next: Hidden[Text] | None = Field(default=None, title="下一步", description="Next step")
    photo: Doc | None = Field(default=None, title="照片", description="Photograph")


class EndFollowUp(Command):
    """End the follow-up of a person in stable work for half a year (R92)."""

    type: ClassVar[str] = "assistance.end_follow_up"
    zh: ClassVar[str] = "结束跟踪随访"
    en: ClassVar[str] = "End the follow-up"
    actors: ClassVar[tuple[str, ...]] = ("community_head",)
    requirements: ClassVar[tuple[str, ...]] = ("R92",)

    case: WhichCase
