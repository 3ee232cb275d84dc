"""Wishes about trials of rules."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, JsonValue

from events.contracts.base import (
    Count,
    EventId,
    Open,
    ParameterKey,
    Seq,
    Sha256,
    Short,
    Text,
    TrialId,
)
from services.kit.decider import Command

_TRIAL = Field(title="试算", description="Trial")
_PROPOSAL = Field(title="提议", description="Proposal")


class ProposeTrial(Command):
    """Ask what the office's history would have come to under other rules (R2, X17)."""

    type: ClassVar[str] = "registry.propose_trial"
    zh: ClassVar[str] = "提议规则试算"
    en: ClassVar[str] = "Propose a trial of rules"
    actors: ClassVar[tuple[str, ...]] = ("labour", "auditor", "rule_admin")
    requirements: ClassVar[tuple[str, ...]] = ("R2", "X17")

    rule_set: Open[Short] | None = Field(default=None, title="规则集", description="Rule set")
    key: ParameterKey | None = Field(default=None, title="参数", description="Parameter")
    value: Open[JsonValue] = Field(default=None, title="参数值", description="Its supposed value")
    known: Seq | None = Field(
        default=None, title="知悉点", description="Seq up to which history is judged"
    )
    reason: Open[Text] = Field(title="理由", description="Reason")


class ApproveTrial(Command):
    """Let a trial run that another person asked for (X17)."""

    type: ClassVar[str] = "registry.approve_trial"
    zh: ClassVar[str] = "批准规则试算"
    en: ClassVar[str] = "Approve a trial of rules"
    actors: ClassVar[tuple[str, ...]] = ("head",)
    requirements: ClassVar[tuple[str, ...]] = ("X17",)

    trial: TrialId = _TRIAL
    proposal: EventId = _PROPOSAL


class RejectTrial(Command):
    """Turn a trial down (X17)."""

    type: ClassVar[str] = "registry.reject_trial"
    zh: ClassVar[str] = "退回规则试算"
    en: ClassVar[str] = "Reject a trial of rules"
    actors: ClassVar[tuple[str, ...]] = ("head",)
    requirements: ClassVar[tuple[str, ...]] = ("X17",)

    trial: TrialId = _TRIAL
    proposal: EventId = _PROPOSAL
    reason: Open[Text] = Field(title="理由", description="Reason")


class CompleteTrial(Command):
    """Record what a trial came to (X17)."""

    type: ClassVar[str] = "registry.complete_trial"
    zh: ClassVar[str] = "完成规则试算"
    en: ClassVar[str] = "Complete a trial of rules"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("X17",)

    trial: TrialId = _TRIAL
    proposal: EventId = _PROPOSAL
    known: Seq = Field(title="知悉点", description="Seq up to which history was judged")
    cases: Count = Field(title="案件数", description="Cases judged")
    differing: Count = Field(title="不同的案件", description="Cases that come out otherwise")
    not_reproduced: Count = Field(
        title="未能重现", description="Decisions that their own rules do not give again"
    )
    sha256: Sha256 = Field(title="清单校验值", description="Hash of the list")
