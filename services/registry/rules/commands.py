"""Wishes about parameters, city categories and the calendar (domain.md C3.1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, JsonValue

from events.contracts.base import (
    CategoryId,
    Day,
    Doc,
    EventId,
    FromDay,
    OfficeId,
    Open,
    ParameterKey,
    Short,
    Text,
)
from events.contracts.registry import Preview, Year
from services.kit.decider import Command

HEADS = ("province_head", "city_head", "county_head")


class ProposeRuleParameter(Command):
    """Propose another value for the asker's own area (R5, X17)."""

    type: ClassVar[str] = "registry.propose_rule_parameter"
    zh: ClassVar[str] = "提议规则参数"
    en: ClassVar[str] = "Propose a rule parameter"
    actors: ClassVar[tuple[str, ...]] = ("rule_admin", "city_officer", "county_reviewer")
    requirements: ClassVar[tuple[str, ...]] = ("R5", "X17")

    key: ParameterKey = Field(title="参数", description="Parameter")
    value: Open[JsonValue] = Field(title="参数值", description="Value")
    from_day: FromDay = Field(title="生效日期", description="First day")
    until: Day | None = Field(default=None, title="截止日期", description="Last day")
    document: Doc | None = Field(default=None, title="依据文件", description="Document")
    reason: Open[Text] = Field(title="理由", description="Reason")


class ApproveRuleParameter(Command):
    """Put a proposed value into force, having seen which cases it touches (X17)."""

    type: ClassVar[str] = "registry.approve_rule_parameter"
    zh: ClassVar[str] = "批准规则参数"
    en: ClassVar[str] = "Approve a rule parameter"
    actors: ClassVar[tuple[str, ...]] = HEADS
    requirements: ClassVar[tuple[str, ...]] = ("X17",)

    office: OfficeId = Field(title="提议单位", description="Office that proposed it")
    key: ParameterKey = Field(title="参数", description="Parameter")
    proposal: EventId = Field(title="提议", description="Proposal")
    preview: Preview = Field(title="影响预览", description="Cases touched, as shown")


class RejectRuleParameter(Command):
    """Turn a proposed value down (X17)."""

    type: ClassVar[str] = "registry.reject_rule_parameter"
    zh: ClassVar[str] = "退回规则参数提议"
    en: ClassVar[str] = "Reject a rule parameter"
    actors: ClassVar[tuple[str, ...]] = HEADS
    requirements: ClassVar[tuple[str, ...]] = ("X17",)

    office: OfficeId = Field(title="提议单位", description="Office that proposed it")
    key: ParameterKey = Field(title="参数", description="Parameter")
    proposal: EventId = Field(title="提议", description="Proposal")
    reason: Open[Text] = Field(title="理由", description="Reason")


class DefineCityCategory(Command):
    """Name further persons with difficulty finding work, for the asker's own city (R16)."""

    type: ClassVar[str] = "registry.define_city_category"
    zh: ClassVar[str] = "设立市定类别"
    en: ClassVar[str] = "Define a city category"
    actors: ClassVar[tuple[str, ...]] = ("city_head",)
    requirements: ClassVar[tuple[str, ...]] = ("R16",)

    name: Open[Short] = Field(title="类别名称", description="Name")
    conditions: Open[JsonValue] = Field(title="条件", description="Conditions (rule language)")
    document: Doc = Field(title="市政府文件", description="Document of the city government")
    from_day: FromDay = Field(title="生效日期", description="First day")
    until: Day | None = Field(default=None, title="截止日期", description="Last day")


class EndCityCategory(Command):
    """End a category for new cases; old cases keep it (R16)."""

    type: ClassVar[str] = "registry.end_city_category"
    zh: ClassVar[str] = "终止市定类别"
    en: ClassVar[str] = "End a city category"
    actors: ClassVar[tuple[str, ...]] = ("city_head",)
    requirements: ClassVar[tuple[str, ...]] = ("R16",)

    category: CategoryId = Field(title="市定类别", description="City category")
    until: Day = Field(title="截止日期", description="Last day")
    document: Doc | None = Field(default=None, title="依据文件", description="Document")


class SetCalendar(Command):
    """Enter the State Council's holiday notice of a year; a newer one supersedes it (X18)."""

    type: ClassVar[str] = "registry.set_calendar"
    zh: ClassVar[str] = "设置节假日安排"
    en: ClassVar[str] = "Set the calendar"
    actors: ClassVar[tuple[str, ...]] = ("rule_admin",)
    requirements: ClassVar[tuple[str, ...]] = ("X18",)

    year: Open[Year] = Field(title="年度", description="Year")
    holidays: tuple[Day, ...] = Field(
        title="放假日", description="Days off, weekends inside a holiday included"
    )
    make_up_workdays: tuple[Day, ...] = Field(
        default=(), title="调休上班日", description="Weekend days that are worked"
    )
    notice: Doc = Field(title="通知文件", description="Notice")
