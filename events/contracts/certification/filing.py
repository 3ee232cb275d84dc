"""Facts of the application: filing, registration at the community, the notice, the way back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from events.contracts.base import (
    CaseId,
    CategoryId,
    Code,
    Count,
    Day,
    Doc,
    Event,
    EventId,
    Found,
    FromDay,
    HouseholdId,
    OfficeId,
    Open,
    PersonId,
    Restricted,
    Sealed,
    Sha256,
    Short,
    Text,
    UserId,
)
from events.contracts.certification.values import (
    CaseNo,
    Category,
    Cause,
    Changes,
    ContinuousUnemployment,
    Phone,
    Stage,
)

Index = Annotated[int, Field(ge=0, le=200)]


class ApplicationFiled(Event):
    """A person applied at the community of residence (R17); ages are taken on this day."""

    type: ClassVar[str] = "certification.application_filed.v1"
    zh: ClassVar[str] = "提出认定申请"
    en: ClassVar[str] = "Application filed"

    person: PersonId
    categories: Restricted[tuple[Category, ...]]
    city_category: CategoryId | None = None
    household: HouseholdId | None = None
    causes: Restricted[tuple[Cause, ...]]
    cause_text: Sealed[Text] | None = None
    evidence: tuple[Doc, ...]
    attest_ability: Open[bool]
    attest_wish: Open[bool]
    commitment: Doc | None = None
    signed: Doc
    previous_case: CaseId | None = None
    case_no: CaseNo
    primary: Restricted[Category]
    continuous_unemployment: ContinuousUnemployment
    findings: tuple[Found, ...]


class CommunityRegistered(Event):
    """The community saw the originals and registered the application (R19)."""

    type: ClassVar[str] = "certification.community_registered.v1"
    zh: ClassVar[str] = "社区登记"
    en: ClassVar[str] = "Registered at the community"

    originals_seen: Open[tuple[Index, ...]]
    visited_on: Day | None = None
    opinion: Sealed[Text]


class PublicNoticePosted(Event):
    """The application was posted publicly (R19, R20); `until` is the last notice day."""

    type: ClassVar[str] = "certification.public_notice_posted.v1"
    zh: ClassVar[str] = "张贴公示"
    en: ClassVar[str] = "Public notice posted"

    from_day: FromDay
    until: Day
    place: Open[Short]
    channels: Open[tuple[Literal["board", "web"], ...]]
    handler: UserId
    office_phone: Phone
    sheet: Sha256


class PublicNoticeClosed(Event):
    """The notice ran its time (T1)."""

    type: ClassVar[str] = "certification.public_notice_closed.v1"
    zh: ClassVar[str] = "公示结束"
    en: ClassVar[str] = "Public notice closed"

    notice: EventId
    objections_open: Count


class ObjectionLodged(Event):
    """Somebody objected while the notice ran (X1); an anonymous one carries no name."""

    type: ClassVar[str] = "certification.objection_lodged.v1"
    zh: ClassVar[str] = "提出异议"
    en: ClassVar[str] = "Objection lodged"

    objector: Sealed[Short] | None = None
    anonymous: Open[bool]
    statement: Sealed[Text]
    received_by: OfficeId


class ObjectionDecided(Event):
    """An objection was answered (X1, AS 3)."""

    type: ClassVar[str] = "certification.objection_decided.v1"
    zh: ClassVar[str] = "异议处理"
    en: ClassVar[str] = "Objection decided"

    objection: EventId
    outcome: Open[Literal["upheld", "dismissed"]]
    finding: Sealed[Text]
    answer: Sealed[Text]


class ApplicationReturned(Event):
    """The application went back for what is missing; the step's clock waits (X9)."""

    type: ClassVar[str] = "certification.application_returned.v1"
    zh: ClassVar[str] = "退回补正"
    en: ClassVar[str] = "Application returned"

    reasons: tuple[Code, ...]
    missing: tuple[Code, ...]
    text: Sealed[Text]


class ApplicationResubmitted(Event):
    """The application came back and goes on at `back_to` (X9)."""

    type: ClassVar[str] = "certification.application_resubmitted.v1"
    zh: ClassVar[str] = "补正后重新提交"
    en: ClassVar[str] = "Application resubmitted"

    evidence: tuple[Doc, ...]
    changes: Changes | None = None
    back_to: Open[Stage]
    primary: Restricted[Category]
    findings: tuple[Found, ...]


class ApplicationWithdrawn(Event):
    """The person took the application back before the decision."""

    type: ClassVar[str] = "certification.application_withdrawn.v1"
    zh: ClassVar[str] = "撤回申请"
    en: ClassVar[str] = "Application withdrawn"

    statement: Doc


class CaseAssigned(Event):
    """An officer of the office that holds the case took it on (X10)."""

    type: ClassVar[str] = "certification.case_assigned.v1"
    zh: ClassVar[str] = "分派经办人"
    en: ClassVar[str] = "Case assigned"

    officer: UserId


FilingEvent: TypeAlias = (
    ApplicationFiled
    | CommunityRegistered
    | PublicNoticePosted
    | PublicNoticeClosed
    | ObjectionLodged
    | ObjectionDecided
    | ApplicationReturned
    | ApplicationResubmitted
    | ApplicationWithdrawn
    | CaseAssigned
)
