"""Facts about accounts, roles and delegation (R23, R82, X10)."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from events.contracts.base import (
    CaseId,
    Code,
    Day,
    Event,
    EventId,
    FromDay,
    OfficeId,
    Open,
    Short,
    UserId,
)

DelegationReason: TypeAlias = Literal["leave", "absence", "vacancy"]


class AccountOpened(Event):
    """A person who works in an office has an account (R82)."""

    type: ClassVar[str] = "registry.account_opened.v1"
    zh: ClassVar[str] = "账号已开通"
    en: ClassVar[str] = "Account opened"

    office: OfficeId
    name: Open[Short]
    login: Open[Short]


class RoleProposed(Event):
    """A role over areas was proposed for the account; it has no effect yet."""

    type: ClassVar[str] = "registry.role_proposed.v1"
    zh: ClassVar[str] = "岗位已提名"
    en: ClassVar[str] = "Role proposed"

    role: Code
    areas: tuple[OfficeId, ...]
    from_day: FromDay
    until: Day | None = None


class RoleGranted(Event):
    """The proposed role was approved by another person; the grant's id is this event's."""

    type: ClassVar[str] = "registry.role_granted.v1"
    zh: ClassVar[str] = "岗位已授予"
    en: ClassVar[str] = "Role granted"

    proposal: EventId


class RoleRevoked(Event):
    """A granted role ended: `from_day` is the first day without it."""

    type: ClassVar[str] = "registry.role_revoked.v1"
    zh: ClassVar[str] = "岗位已收回"
    en: ClassVar[str] = "Role revoked"

    grant: EventId
    from_day: FromDay
    reason: Code


class AccountClosed(Event):
    """The account ended: `from_day` is the first day without it (X10)."""

    type: ClassVar[str] = "registry.account_closed.v1"
    zh: ClassVar[str] = "账号已注销"
    en: ClassVar[str] = "Account closed"

    from_day: FromDay


class DelegationGranted(Event):
    """The holder gave roles to a deputy of the same office for a time (X10, R23)."""

    type: ClassVar[str] = "registry.delegation_granted.v1"
    zh: ClassVar[str] = "已授权代办"
    en: ClassVar[str] = "Delegation granted"

    deputy: UserId
    scope: tuple[Code, ...]
    cases: tuple[CaseId, ...] = ()
    from_day: FromDay
    until: Day
    reason: Open[DelegationReason]


class DelegationEnded(Event):
    """A delegation ended before its last day (X10)."""

    type: ClassVar[str] = "registry.delegation_ended.v1"
    zh: ClassVar[str] = "代办授权已结束"
    en: ClassVar[str] = "Delegation ended"

    delegation: EventId


class LeaveRecorded(Event):
    """The officer is away for some days (X10)."""

    type: ClassVar[str] = "registry.leave_recorded.v1"
    zh: ClassVar[str] = "离岗已登记"
    en: ClassVar[str] = "Leave recorded"

    from_day: FromDay
    until: Day
    deputy: UserId | None = None


AccountFact: TypeAlias = (
    AccountOpened
    | RoleProposed
    | RoleGranted
    | RoleRevoked
    | AccountClosed
    | DelegationGranted
    | DelegationEnded
    | LeaveRecorded
)
