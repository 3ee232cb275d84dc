"""Wishes about a person's file, agreement, helper and plan (domain.md C3.3)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from events.contracts.assistance import Measure
from events.contracts.base import (
    Code,
    Doc,
    EventId,
    FromDay,
    HouseholdId,
    Open,
    PersonId,
    Text,
    UserId,
)
from services.assistance.fields import Hidden, WhichCase
from services.kit.decider import Command


class OpenFile(Command):
    """Open the assistance file of a person just certified (R3, R36)."""

    type: ClassVar[str] = "assistance.open_file"
    zh: ClassVar[str] = "建立援助档案"
    en: ClassVar[str] = "Open the assistance file"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R3", "R36")

    case: WhichCase
    person: PersonId = Field(title="人员", description="The certified person")
    household: HouseholdId | None = Field(
        default=None, title="零就业家庭", description="Zero-employment household, if any"
    )
    from_day: FromDay = Field(title="起始日期", description="First day of the file")


class CloseFile(Command):
    """Close the file of a person whose status ended (R34, R35, X4)."""

    type: ClassVar[str] = "assistance.close_file"
    zh: ClassVar[str] = "关闭援助档案"
    en: ClassVar[str] = "Close the assistance file"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R34", "R35", "X4")

    case: WhichCase
    end: EventId = Field(title="终止事件", description="The event that ended the status")


class ReopenFile(Command):
    """Open the file again after an exit was reversed or set aside (R30, X3)."""

    type: ClassVar[str] = "assistance.reopen_file"
    zh: ClassVar[str] = "恢复援助档案"
    en: ClassVar[str] = "Reopen the assistance file"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R30", "X3")

    case: WhichCase
    because: EventId = Field(title="依据事件", description="The event that undid the exit")


class SignAgreement(Command):
    """Sign the Agreement to Receive Employment Assistance with the person (R83, R84, R86)."""

    type: ClassVar[str] = "assistance.sign_agreement"
    zh: ClassVar[str] = "签订就业援助协议书"
    en: ClassVar[str] = "Sign the agreement"
    actors: ClassVar[tuple[str, ...]] = ("street", "community")
    requirements: ClassVar[tuple[str, ...]] = ("R83", "R84", "R86")

    case: WhichCase
    template: Code = Field(title="协议文本", description="Version of the agreement's text")
    helper: UserId = Field(title="援助责任人", description="Responsible helper")
    content: tuple[Code, ...] = Field(title="援助内容", description="Content of assistance")
    measures: Hidden[Text] = Field(title="援助措施", description="Measures of assistance")
    one_to_one: Open[bool] = Field(title="一对一服务", description="One-to-one service")
    scan: Doc = Field(title="协议扫描件", description="The signed agreement")


class SupplementAgreement(Command):
    """Supplement the active agreement (R84)."""

    type: ClassVar[str] = "assistance.supplement_agreement"
    zh: ClassVar[str] = "签订补充协议"
    en: ClassVar[str] = "Supplement the agreement"
    actors: ClassVar[tuple[str, ...]] = ("street", "community")
    requirements: ClassVar[tuple[str, ...]] = ("R84",)

    case: WhichCase
    changes: Hidden[Text] = Field(title="补充内容", description="What is added or changed")
    scan: Doc = Field(title="补充协议扫描件", description="The signed supplement")


class ChangeHelper(Command):
    """Name another officer of the office as responsible helper (R84, R86)."""

    type: ClassVar[str] = "assistance.change_helper"
    zh: ClassVar[str] = "变更援助责任人"
    en: ClassVar[str] = "Change the helper"
    actors: ClassVar[tuple[str, ...]] = ("street_signer", "community_head")
    requirements: ClassVar[tuple[str, ...]] = ("R84", "R86")

    case: WhichCase
    from_user: Annotated[UserId, Field(alias="from")] = Field(
        title="原责任人", description="Present helper"
    )
    to: UserId = Field(title="新责任人", description="New helper")
    reason: Code = Field(title="原因", description="Reason")


class EndAgreement(Command):
    """End the active agreement (R83)."""

    type: ClassVar[str] = "assistance.end_agreement"
    zh: ClassVar[str] = "终止援助协议"
    en: ClassVar[str] = "End the agreement"
    actors: ClassVar[tuple[str, ...]] = ("street", "community")
    requirements: ClassVar[tuple[str, ...]] = ("R83",)

    case: WhichCase
    reason: Code = Field(title="原因", description="Reason")


class MakePlan(Command):
    """Make the individual assistance plan from the person's profile (R85)."""

    type: ClassVar[str] = "assistance.make_plan"
    zh: ClassVar[str] = "制订援助计划"
    en: ClassVar[str] = "Make the plan"
    actors: ClassVar[tuple[str, ...]] = ("street", "community")
    requirements: ClassVar[tuple[str, ...]] = ("R85",)

    case: WhichCase
    facts: tuple[EventId, ...] = Field(
        title="档案依据", description="Facts of the profile that the plan rests on"
    )
    goals: Hidden[Text] = Field(title="目标", description="Goals")
    measures: tuple[Measure, ...] = Field(title="帮扶措施", description="Measures")


class RevisePlan(Command):
    """Revise the plan in force (R85)."""

    type: ClassVar[str] = "assistance.revise_plan"
    zh: ClassVar[str] = "调整援助计划"
    en: ClassVar[str] = "Revise the plan"
    actors: ClassVar[tuple[str, ...]] = ("street", "community")
    requirements: ClassVar[tuple[str, ...]] = ("R85",)

    case: WhichCase
    facts: tuple[EventId, ...] = Field(
        default=(), title="档案依据", description="Facts that the revision rests on"
    )
    goals: Hidden[Text] | None = Field(default=None, title="目标", description="New goals")
    measures: tuple[Measure, ...] = Field(
        title="帮扶措施", description="All measures of the revised plan"
    )
    reason: Code = Field(title="原因", description="Reason")


class CompleteMeasure(Command):
    """Record that a measure of the plan was carried out (R52)."""

    type: ClassVar[str] = "assistance.complete_measure"
    zh: ClassVar[str] = "登记措施落实"
    en: ClassVar[str] = "Complete a measure"
    actors: ClassVar[tuple[str, ...]] = (
        "street", "community", "pes_clerk", "trainer", "union", "youth", "women", "agency",
    )  # fmt: skip
    requirements: ClassVar[tuple[str, ...]] = ("R52", "R119")

    case: WhichCase
    measure: Code = Field(title="措施编号", description="Measure of the current plan")
    service: EventId | None = Field(
        default=None, title="服务记录", description="The service that carried it out"
    )
    result: Code = Field(title="结果", description="Result")
