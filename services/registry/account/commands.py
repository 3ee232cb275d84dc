"""Wishes about accounts and roles (domain.md C3.1)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from events.contracts.base import (
    CaseId,
    Code,
    Day,
    EventId,
    FromDay,
    OfficeId,
    Open,
    Short,
    UserId,
)
from events.contracts.registry import DelegationReason
from services.kit.decider import Command


class OpenAccount(Command):
    """Open an account for a person who works in an office; one person, one account (R82)."""

    type: ClassVar[str] = "registry.open_account"
    zh: ClassVar[str] = "开通账号"
    en: ClassVar[str] = "Open an account"
    actors: ClassVar[tuple[str, ...]] = ("operator", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R82",)

    office: OfficeId = Field(title="单位", description="Office")
    name: Open[Short] = Field(title="姓名", description="Name")
    login: Open[Short] = Field(title="登录名", description="Login")


class ProposeRole(Command):
    """Propose a role over areas for an account; another person approves it (R23)."""

    type: ClassVar[str] = "registry.propose_role"
    zh: ClassVar[str] = "提名岗位"
    en: ClassVar[str] = "Propose a role"
    actors: ClassVar[tuple[str, ...]] = ("head", "operator", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R23", "R82")

    user: UserId = Field(title="账号", description="Account")
    role: Code = Field(title="岗位", description="Role")
    areas: Annotated[tuple[OfficeId, ...], Field(min_length=1)] = Field(
        title="辖区", description="Offices over whose areas the role holds"
    )
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day | None = Field(default=None, title="截止日期", description="Last day")


class ApproveRole(Command):
    """Give a proposed role; the head of the superior office decides (R23)."""

    type: ClassVar[str] = "registry.approve_role"
    zh: ClassVar[str] = "批准岗位"
    en: ClassVar[str] = "Approve a role"
    actors: ClassVar[tuple[str, ...]] = ("head", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R23",)

    user: UserId = Field(title="账号", description="Account")
    proposal: EventId = Field(title="提名", description="Proposal")


class RevokeRole(Command):
    """Take a role back; `from` is the first day without it."""

    type: ClassVar[str] = "registry.revoke_role"
    zh: ClassVar[str] = "收回岗位"
    en: ClassVar[str] = "Revoke a role"
    actors: ClassVar[tuple[str, ...]] = ("head", "operator")
    requirements: ClassVar[tuple[str, ...]] = ("R23",)

    user: UserId = Field(title="账号", description="Account")
    grant: EventId = Field(title="授予记录", description="The event that granted the role")
    from_day: FromDay = Field(title="收回日期", description="First day without it")
    reason: Code = Field(title="原因", description="Reason")


class CloseAccount(Command):
    """Close an account; `from` is the first day without it (X10)."""

    type: ClassVar[str] = "registry.close_account"
    zh: ClassVar[str] = "注销账号"
    en: ClassVar[str] = "Close an account"
    actors: ClassVar[tuple[str, ...]] = ("operator",)
    requirements: ClassVar[tuple[str, ...]] = ("X10",)

    user: UserId = Field(title="账号", description="Account")
    from_day: FromDay = Field(title="注销日期", description="First day without it")


class Delegate(Command):
    """Give roles of an officer to a deputy of the same office for a time (X10, R23)."""

    type: ClassVar[str] = "registry.delegate"
    zh: ClassVar[str] = "授权代办"
    en: ClassVar[str] = "Delegate"
    actors: ClassVar[tuple[str, ...]] = (
        "community_head",
        "street_signer",
        "county_head",
        "city_head",
    )
    requirements: ClassVar[tuple[str, ...]] = ("X10", "R23")

    user: UserId = Field(title="授权人", description="The officer whose roles are delegated")
    deputy: UserId = Field(title="代办人", description="Deputy")
    scope: Annotated[tuple[Code, ...], Field(min_length=1)] = Field(
        title="授权岗位", description="Roles delegated"
    )
    cases: tuple[CaseId, ...] = Field(
        default=(), title="限于个案", description="The only cases; all where none is named"
    )
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day = Field(title="截止日期", description="Last day")
    reason: Open[DelegationReason] = Field(title="原因", description="Reason")


class EndDelegation(Command):
    """End a delegation before its last day (X10)."""

    type: ClassVar[str] = "registry.end_delegation"
    zh: ClassVar[str] = "结束代办授权"
    en: ClassVar[str] = "End a delegation"
    actors: ClassVar[tuple[str, ...]] = ("labour",)
    requirements: ClassVar[tuple[str, ...]] = ("X10",)

    user: UserId = Field(title="授权人", description="The officer whose roles were delegated")
    delegation: EventId = Field(title="授权记录", description="The event that delegated")


class RecordLeave(Command):
    """Record that an officer is away for some days (X10)."""

    type: ClassVar[str] = "registry.record_leave"
    zh: ClassVar[str] = "登记离岗"
    en: ClassVar[str] = "Record a leave"
    actors: ClassVar[tuple[str, ...]] = ("office",)
    requirements: ClassVar[tuple[str, ...]] = ("X10",)

    user: UserId = Field(title="人员", description="The officer")
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day = Field(title="截止日期", description="Last day")
    deputy: UserId | None = Field(default=None, title="代办人", description="Deputy")
