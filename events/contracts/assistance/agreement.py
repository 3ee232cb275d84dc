"""Facts about the file, the agreement with the person, the helper and the plan (R3, R83–R86)."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from events.contracts.assistance.values import Measure
from events.contracts.base import (
    CaseId,
    Code,
    Doc,
    Event,
    EventId,
    FromDay,
    HouseholdId,
    OfficeId,
    Open,
    PersonId,
    Sealed,
    Text,
    UserId,
)


class FileOpened(Event):
    """A certified person has an assistance file at the community; tracking begins (R3, R36)."""

    type: ClassVar[str] = "assistance.file_opened.v1"
    zh: ClassVar[str] = "援助档案已建立"
    en: ClassVar[str] = "File opened"

    case: CaseId
    person: PersonId
    household: HouseholdId | None = None
    from_day: FromDay
    community: OfficeId


class FileClosed(Event):
    """The status ended and with it the file; `end` is the event that ended it (R34, R35, X4)."""

    type: ClassVar[str] = "assistance.file_closed.v1"
    zh: ClassVar[str] = "援助档案已关闭"
    en: ClassVar[str] = "File closed"

    end: EventId


class FileReopened(Event):
    """The exit was reversed or set aside; the file stands as before (R30, X3)."""

    type: ClassVar[str] = "assistance.file_reopened.v1"
    zh: ClassVar[str] = "援助档案已恢复"
    en: ClassVar[str] = "File reopened"

    because: EventId


class FileMoved(Event):
    """The person moved; the new community names a helper (X6, R43)."""

    type: ClassVar[str] = "assistance.file_moved.v1"
    zh: ClassVar[str] = "援助档案已转移"
    en: ClassVar[str] = "File moved"

    transfer: EventId
    to: OfficeId


class AgreementSigned(Event):
    """The person signed the Agreement to Receive Employment Assistance (R83, R84, R86)."""

    type: ClassVar[str] = "assistance.agreement_signed.v1"
    zh: ClassVar[str] = "就业援助协议书已签订"
    en: ClassVar[str] = "Agreement signed"

    template: Code
    helper: UserId
    content: tuple[Code, ...]
    measures: Sealed[Text]
    one_to_one: Open[bool]
    scan: Doc


class AgreementSupplemented(Event):
    """The agreement was supplemented (R84)."""

    type: ClassVar[str] = "assistance.agreement_supplemented.v1"
    zh: ClassVar[str] = "就业援助协议书已补充"
    en: ClassVar[str] = "Agreement supplemented"

    changes: Sealed[Text]
    scan: Doc


class HelperChanged(Event):
    """Another officer is responsible for the person (R84, R86, X10)."""

    type: ClassVar[str] = "assistance.helper_changed.v1"
    zh: ClassVar[str] = "援助责任人已变更"
    en: ClassVar[str] = "Helper changed"

    from_user: Annotated[UserId, Field(alias="from")]
    to: UserId
    reason: Code


class AgreementEnded(Event):
    """The agreement ended (R83)."""

    type: ClassVar[str] = "assistance.agreement_ended.v1"
    zh: ClassVar[str] = "就业援助协议已终止"
    en: ClassVar[str] = "Agreement ended"

    reason: Code


class PlanMade(Event):
    """The individual assistance plan; `facts` are the profile facts it rests on (R85)."""

    type: ClassVar[str] = "assistance.plan_made.v1"
    zh: ClassVar[str] = "就业援助计划已制订"
    en: ClassVar[str] = "Plan made"

    facts: tuple[EventId, ...]
    goals: Sealed[Text]
    measures: tuple[Measure, ...]


class PlanRevised(Event):
    """The plan was revised; its measures are those named here (R85)."""

    type: ClassVar[str] = "assistance.plan_revised.v1"
    zh: ClassVar[str] = "就业援助计划已调整"
    en: ClassVar[str] = "Plan revised"

    facts: tuple[EventId, ...]
    goals: Sealed[Text] | None = None
    measures: tuple[Measure, ...]
    reason: Code


class MeasureDelivered(Event):
    """A measure of the plan was carried out (R52)."""

    type: ClassVar[str] = "assistance.measure_delivered.v1"
    zh: ClassVar[str] = "帮扶措施已落实"
    en: ClassVar[str] = "Measure delivered"

    measure: Code
    service: EventId | None = None
    result: Code


AgreementEvent: TypeAlias = (
    FileOpened
    | FileClosed
    | FileReopened
    | FileMoved
    | AgreementSigned
    | AgreementSupplemented
    | HelperChanged
    | AgreementEnded
    | PlanMade
    | PlanRevised
    | MeasureDelivered
)
