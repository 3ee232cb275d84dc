"""Facts of trials: history judged under supposed rules, asked for by one hand, let by another."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from pydantic import JsonValue

from events.contracts.base import (
    Count,
    Event,
    EventId,
    Open,
    ParameterKey,
    Seq,
    Sha256,
    Short,
    Text,
)


class TrialProposed(Event):
    """Other rules are to be tried on the office's history: a rule set, or one parameter (R2, X17).

    `known` is the point of knowledge that is judged; the approval's own where absent.
    """

    type: ClassVar[str] = "registry.trial_proposed.v1"
    zh: ClassVar[str] = "规则试算已提议"
    en: ClassVar[str] = "Trial of rules proposed"

    rule_set: Open[Short] | None = None
    key: ParameterKey | None = None
    value: Open[JsonValue] = None
    known: Seq | None = None
    reason: Open[Text]


class TrialApproved(Event):
    """Another person let the trial run; it decides nothing (X17)."""

    type: ClassVar[str] = "registry.trial_approved.v1"
    zh: ClassVar[str] = "规则试算已批准"
    en: ClassVar[str] = "Trial of rules approved"

    proposal: EventId


class TrialRejected(Event):
    """The trial was turned down (X17)."""

    type: ClassVar[str] = "registry.trial_rejected.v1"
    zh: ClassVar[str] = "规则试算已退回"
    en: ClassVar[str] = "Trial of rules rejected"

    proposal: EventId
    reason: Open[Text]


class TrialCompleted(Event):
    """The trial ran over the history up to `known`; its list has this hash (X17)."""

    type: ClassVar[str] = "registry.trial_completed.v1"
    zh: ClassVar[str] = "规则试算已完成"
    en: ClassVar[str] = "Trial of rules completed"

    proposal: EventId
    known: Seq
    cases: Count
    differing: Count
    not_reproduced: Count
    sha256: Sha256


TrialFact: TypeAlias = TrialProposed | TrialApproved | TrialRejected | TrialCompleted
