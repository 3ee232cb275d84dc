"""Wishes about leaving the status (domain.md C3.2)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import Day, Doc, EventId, FromDay, OfferId, Open, Text
from services.certification.fields import Hidden, Proposal, Which, Whom
from services.kit.decider import Command

_COUNTY = ("county_certifier",)
_JUDGEMENTS = Field(default=(), title="逐次确认", description="Judgements confirmed, one by one")


class CountRefusal(Command):
    """Count a judged refusal of a counting offer (R29–R31)."""

    type: ClassVar[str] = "certification.count_refusal"
    zh: ClassVar[str] = "未上岗计次"
    en: ClassVar[str] = "Count a refusal"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R29", "R30", "R31")

    case: Which
    offer: OfferId = Field(title="推荐岗位", description="Offer")
    judged: Open[ev.Judged] = Field(title="认定", description="Judged")
    judgement: EventId = Field(title="认定事件", description="Judgement")


class ProposeExit(Command):
    """Propose the exit when a ground holds (R32, T6)."""

    type: ClassVar[str] = "certification.propose_exit"
    zh: ClassVar[str] = "提出退出"
    en: ClassVar[str] = "Propose the exit"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R29", "R32", "R33")

    case: Which
    ground: Open[ev.ExitGround] = Field(title="情形", description="Ground")
    facts: tuple[EventId, ...] = Field(title="事实", description="Facts")


class WithdrawExitProposal(Command):
    """Withdraw a proposal for want of a report when one in time became known (R32)."""

    type: ClassVar[str] = "certification.withdraw_exit_proposal"
    zh: ClassVar[str] = "撤回退出提议"
    en: ClassVar[str] = "Withdraw an exit proposal"
    actors: ClassVar[tuple[str, ...]] = ("system", "county_reviewer")
    requirements: ClassVar[tuple[str, ...]] = ("R32",)

    case: Which
    proposal: EventId | None = Field(default=None, title="提议", description="Proposal")
    because: EventId = Field(title="依据", description="The report")


class WithdrawWish(Command):
    """Record that the person gives up the wish to work, by a signed statement (R33)."""

    type: ClassVar[str] = "certification.withdraw_wish"
    zh: ClassVar[str] = "放弃就业要求"
    en: ClassVar[str] = "Withdraw the wish to work"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "person")
    requirements: ClassVar[tuple[str, ...]] = ("R33",)

    case: Which
    statement: Doc = Field(title="本人声明", description="Signed statement")


class ConfirmExit(Command):
    """Decide that the person leaves (R29–R34, T25)."""

    type: ClassVar[str] = "certification.confirm_exit"
    zh: ClassVar[str] = "确认退出"
    en: ClassVar[str] = "Confirm the exit"
    actors: ClassVar[tuple[str, ...]] = _COUNTY
    requirements: ClassVar[tuple[str, ...]] = ("R29", "R30", "R32", "R33", "R34")

    case: Which
    proposal: Proposal
    judgements: tuple[ev.Confirmation, ...] = _JUDGEMENTS
    reason: Hidden[Text] = Field(title="理由", description="Reason")
    from_day: FromDay = Field(title="退出日期", description="First day out")
    told_on: Day = Field(title="告知日期", description="Day the person was told")


class RejectExit(Command):
    """Decide that the status stays (R30, T25)."""

    type: ClassVar[str] = "certification.reject_exit"
    zh: ClassVar[str] = "不予退出"
    en: ClassVar[str] = "Reject the exit"
    actors: ClassVar[tuple[str, ...]] = _COUNTY
    requirements: ClassVar[tuple[str, ...]] = ("R29", "R30")

    case: Which
    proposal: Proposal
    judgements: tuple[ev.Confirmation, ...] = _JUDGEMENTS
    reason: Hidden[Text] = Field(title="理由", description="Reason")


class ProposeExitReversal(Command):
    """Propose to undo an exit (R30)."""

    type: ClassVar[str] = "certification.propose_exit_reversal"
    zh: ClassVar[str] = "提出撤销退出"
    en: ClassVar[str] = "Propose to reverse an exit"
    actors: ClassVar[tuple[str, ...]] = ("county_reviewer",)
    requirements: ClassVar[tuple[str, ...]] = ("R30",)

    case: Which
    exit: EventId = Field(title="退出决定", description="Exit")
    reason: Hidden[Text] = Field(title="理由", description="Reason")
    facts: tuple[EventId, ...] = Field(title="事实", description="Facts")


class ApproveExitReversal(Command):
    """Undo an exit as a second officer (R30)."""

    type: ClassVar[str] = "certification.approve_exit_reversal"
    zh: ClassVar[str] = "批准撤销退出"
    en: ClassVar[str] = "Approve the reversal"
    actors: ClassVar[tuple[str, ...]] = _COUNTY
    requirements: ClassVar[tuple[str, ...]] = ("R30",)

    case: Which
    proposal: Proposal


class Lapse(Command):
    """End the status of a person who is unemployed again (R35)."""

    type: ClassVar[str] = "certification.lapse"
    zh: ClassVar[str] = "认定失效"
    en: ClassVar[str] = "Let the certification lapse"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R35",)

    person: Whom
    facts: tuple[EventId, ...] = Field(title="事实", description="Facts")
