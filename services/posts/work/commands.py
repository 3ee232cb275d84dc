"""Wishes about a person's work (domain.md C3.4)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import (
    BatchId,
    CaseId,
    Code,
    Division,
    Doc,
    EmployerId,
    EventId,
    OfferId,
    Open,
    PostId,
)
from events.contracts.posts import Channel, ConfirmedBy, Contract, FlexibleKind, Then, Wage
from services.kit.decider import Command
from services.posts.fields import Whom


class PlaceInJob(Command):
    """Record that the person started work; the day of the fact is the first day (R59–R80)."""

    type: ClassVar[str] = "posts.place_in_job"
    zh: ClassVar[str] = "登记就业"
    en: ClassVar[str] = "Place in a job"
    actors: ClassVar[tuple[str, ...]] = ("street", "community", "pes_clerk", "county", "system")
    requirements: ClassVar[tuple[str, ...]] = (
        "R59", "R69", "R70", "R74", "R75", "R76", "R79", "R80",
    )  # fmt: skip

    person: Whom
    case: CaseId | None = Field(default=None, title="个案", description="Case; else the open one")
    channel: Open[Channel] = Field(title="就业渠道", description="Channel")
    flexible_kind: Open[FlexibleKind] | None = Field(
        default=None, title="灵活就业方式", description="Kind of flexible employment"
    )
    employer: EmployerId | None = Field(default=None, title="用人单位", description="Employer")
    post: PostId | None = Field(default=None, title="岗位", description="Post")
    offer: OfferId | None = Field(default=None, title="岗位提供记录", description="Offer")
    batch: BatchId | None = Field(default=None, title="输出批次", description="Export batch")
    contract: Contract | None = Field(default=None, title="劳动合同", description="Contract")
    proof: Doc | None = Field(default=None, title="证明", description="Proof")
    wage: Wage | None = Field(
        default=None, title="工资（分/月）", description="Wage in fen a month"
    )
    work_division: Division = Field(title="工作地点", description="Division of work")


class ConfirmOnJob(Command):
    """Confirm that the person is at work (R91)."""

    type: ClassVar[str] = "posts.confirm_on_job"
    zh: ClassVar[str] = "确认在岗"
    en: ClassVar[str] = "Confirm on the job"
    actors: ClassVar[tuple[str, ...]] = ("community",)
    requirements: ClassVar[tuple[str, ...]] = ("R91",)

    person: Whom
    how: Open[ConfirmedBy] = Field(title="确认方式", description="How")


class EndEmployment(Command):
    """Record the end of work; the day of the fact is the last day (R35, R39, AS 16)."""

    type: ClassVar[str] = "posts.end_employment"
    zh: ClassVar[str] = "登记终止就业"
    en: ClassVar[str] = "End an employment"
    actors: ClassVar[tuple[str, ...]] = ("street", "community", "pes_clerk", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R35", "R39")

    person: Whom
    reason: Code = Field(title="原因", description="Reason")
    then: Open[Then] = Field(title="之后", description="Unemployed, or next job")
    proof: Doc | None = Field(default=None, title="证明", description="Proof")


class RegisterHire(Command):
    """Register a hire on the employer's behalf (T21)."""

    type: ClassVar[str] = "posts.register_hire"
    zh: ClassVar[str] = "招用备案"
    en: ClassVar[str] = "Register a hire"
    actors: ClassVar[tuple[str, ...]] = ("employer", "pes_clerk", "street")
    requirements: ClassVar[tuple[str, ...]] = ("R70",)

    person: Whom
    placement: EventId = Field(title="就业记录", description="The placement")


class RegisterEndOfEmployment(Command):
    """Register the end of an employment on the employer's behalf (T21)."""

    type: ClassVar[str] = "posts.register_end_of_employment"
    zh: ClassVar[str] = "终止或解除备案"
    en: ClassVar[str] = "Register an end of employment"
    actors: ClassVar[tuple[str, ...]] = ("employer", "pes_clerk", "street")
    requirements: ClassVar[tuple[str, ...]] = ("R70",)

    person: Whom
    end: EventId = Field(title="终止记录", description="The end of employment")
