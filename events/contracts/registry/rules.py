"""Facts about rules as data: city categories, parameters, the calendar (R5, R16, X17, X18)."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field, JsonValue

from events.contracts.base import (
    Body,
    Count,
    Day,
    Doc,
    Event,
    EventId,
    FromDay,
    Open,
    ParameterKey,
    Seq,
    Sha256,
    Short,
    Text,
)

Year: TypeAlias = Annotated[int, Field(ge=1949, le=2999)]


class Preview(Body):
    """What a parameter would touch: figures of the read side, known at `known` (X17)."""

    cases: Count
    known: Seq
    sha256: Sha256


class CityCategoryDefined(Event):
    """A city government named further persons with difficulty finding work (R16).

    `conditions` is written in the rule language of `events.rules.conditions`.
    """

    type: ClassVar[str] = "registry.city_category_defined.v1"
    zh: ClassVar[str] = "市定类别已设立"
    en: ClassVar[str] = "City category defined"

    name: Open[Short]
    conditions: Open[JsonValue]
    document: Doc
    from_day: FromDay
    until: Day | None = None


class CityCategoryEnded(Event):
    """A city's category ends with a day; cases certified under it keep it (R16)."""

    type: ClassVar[str] = "registry.city_category_ended.v1"
    zh: ClassVar[str] = "市定类别已终止"
    en: ClassVar[str] = "City category ended"

    until: Day
    document: Doc | None = None


class RuleParameterProposed(Event):
    """Another value of a parameter was proposed; it has no effect yet (R5, X17)."""

    type: ClassVar[str] = "registry.rule_parameter_proposed.v1"
    zh: ClassVar[str] = "规则参数已提议"
    en: ClassVar[str] = "Rule parameter proposed"

    key: ParameterKey
    value: Open[JsonValue]
    from_day: FromDay
    until: Day | None = None
    document: Doc | None = None
    reason: Open[Text]


class RuleParameterSet(Event):
    """The proposed value was approved by another person, who saw the preview (X17)."""

    type: ClassVar[str] = "registry.rule_parameter_set.v1"
    zh: ClassVar[str] = "规则参数已生效"
    en: ClassVar[str] = "Rule parameter set"

    proposal: EventId
    preview: Preview


class RuleParameterRejected(Event):
    """The proposed value was turned down (X17)."""

    type: ClassVar[str] = "registry.rule_parameter_rejected.v1"
    zh: ClassVar[str] = "规则参数提议已退回"
    en: ClassVar[str] = "Rule parameter rejected"

    proposal: EventId
    reason: Open[Text]


class CalendarSet(Event):
    """The holiday notice of a year; a newer one supersedes it (X18, A11)."""

    type: ClassVar[str] = "registry.calendar_set.v1"
    zh: ClassVar[str] = "节假日安排已设置"
    en: ClassVar[str] = "Calendar set"

    year: Open[Year]
    holidays: tuple[Day, ...]
    make_up_workdays: tuple[Day, ...]
    notice: Doc


RuleFact: TypeAlias = (
    CityCategoryDefined
    | CityCategoryEnded
    | RuleParameterProposed
    | RuleParameterSet
    | RuleParameterRejected
    | CalendarSet
)
