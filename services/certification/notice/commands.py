"""Wishes about the public notice (domain.md C3.2)."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import (
    Day,
    EventId,
    FromDay,
    OfficeId,
    Open,
    Sha256,
    Short,
    Text,
    UserId,
)
from services.certification.fields import Hidden, Which
from services.kit.decider import Command


class PostNotice(Command):
    """Post the application publicly: full name, never an ID number (R19, R20)."""

    type: ClassVar[str] = "certification.post_notice"
    zh: ClassVar[str] = "张贴公示"
    en: ClassVar[str] = "Post the notice"
    actors: ClassVar[tuple[str, ...]] = ("community_officer",)
    requirements: ClassVar[tuple[str, ...]] = ("R19", "R20")

    case: Which
    from_day: FromDay = Field(title="公示开始日", description="First day")
    until: Day = Field(title="公示截止日", description="Last day")
    place: Open[Short] = Field(title="公示地点", description="Place")
    channels: Open[tuple[Literal["board", "web"], ...]] = Field(
        title="公示方式", description="Channels", min_length=1
    )
    handler: UserId = Field(title="经办人", description="Handler")
    office_phone: ev.Phone = Field(title="单位电话", description="Telephone of the office")
    sheet: Sha256 = Field(title="公示表指纹", description="Hash of the sheet")


class CloseNotice(Command):
    """Close a notice whose last day is over (T1)."""

    type: ClassVar[str] = "certification.close_notice"
    zh: ClassVar[str] = "结束公示"
    en: ClassVar[str] = "Close the notice"
    actors: ClassVar[tuple[str, ...]] = ("community_officer", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R19",)

    case: Which
    notice: EventId = Field(title="公示", description="Notice")


class LodgeObjection(Command):
    """Record an objection while the notice runs (X1)."""

    type: ClassVar[str] = "certification.lodge_objection"
    zh: ClassVar[str] = "提出异议"
    en: ClassVar[str] = "Lodge an objection"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "county", "person")
    requirements: ClassVar[tuple[str, ...]] = ("X1",)

    case: Which
    objector: Hidden[Short] | None = Field(default=None, title="异议人", description="Who objects")
    anonymous: Open[bool] = Field(title="匿名", description="Anonymous")
    statement: Hidden[Text] = Field(title="异议内容", description="Statement")
    received_by: OfficeId = Field(title="受理单位", description="Received by")


class DecideObjection(Command):
    """Answer an objection; an upheld one sends the application back (X1, AS 3)."""

    type: ClassVar[str] = "certification.decide_objection"
    zh: ClassVar[str] = "处理异议"
    en: ClassVar[str] = "Decide an objection"
    actors: ClassVar[tuple[str, ...]] = ("street_signer", "county_reviewer")
    requirements: ClassVar[tuple[str, ...]] = ("X1",)

    case: Which
    objection: EventId = Field(title="异议", description="Objection")
    outcome: Open[Literal["upheld", "dismissed"]] = Field(title="结论", description="Outcome")
    finding: Hidden[Text] = Field(title="查明情况", description="Finding")
    answer: Hidden[Text] = Field(title="答复", description="Answer")
