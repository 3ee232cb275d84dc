"""Facts about personal data itself: reads, exports, messages, forks (X14, X15, A14)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, JsonValue

from events.contracts.base import (
    Body,
    Code,
    Count,
    Day,
    Doc,
    Event,
    EventId,
    FromDay,
    Instant,
    Open,
    PersonId,
    Sealed,
    Seq,
    Sha256,
    Text,
    UserId,
)

ReadMode: TypeAlias = Literal["view", "print", "export"]
Revealed: TypeAlias = Literal["national_id", "phone"]
ExportFormat: TypeAlias = Literal["csv", "ndjson", "xlsx", "ocel", "xes"]
Channel: TypeAlias = Literal["sms", "in_app"]
SignedNote: TypeAlias = Annotated[str, Field(min_length=1, max_length=20_000)]


class PersonRead(Event):
    """Somebody read fields of a person; `under` is the emergency or export behind it (X14, X15)."""

    type: ClassVar[str] = "registry.person_read.v1"
    zh: ClassVar[str] = "个人信息已查阅"
    en: ClassVar[str] = "Person read"

    person: PersonId
    page: Code
    fields: tuple[Code, ...]
    mode: Open[ReadMode]
    purpose: Code | None = None
    under: EventId | None = None


class FieldsRevealed(Event):
    """Masked fields may be shown once, for a reason; the event is the ticket (X14)."""

    type: ClassVar[str] = "registry.fields_revealed.v1"
    zh: ClassVar[str] = "已申请显示完整号码"
    en: ClassVar[str] = "Fields revealed"

    person: PersonId
    fields: tuple[Open[Revealed], ...]
    reason: Code
    text: Sealed[Text] | None = None


class EmergencyAccessOpened(Event):
    """Emergency access to a person's record; it ends by itself at `until` (X14, AS 46)."""

    type: ClassVar[str] = "registry.emergency_access_opened.v1"
    zh: ClassVar[str] = "已开启紧急查阅"
    en: ClassVar[str] = "Emergency access opened"

    person: PersonId
    reason: Sealed[Text]
    until: Instant


class ExportRequested(Event):
    """Somebody asked for an export; a masked one runs at once (X15)."""

    type: ClassVar[str] = "registry.export_requested.v1"
    zh: ClassVar[str] = "已申请导出"
    en: ClassVar[str] = "Export requested"

    query: Open[JsonValue]
    masked: Open[bool]
    reason: Open[Text]
    format: Open[ExportFormat]


class ExportApproved(Event):
    """An unmasked export was approved by another person (X15)."""

    type: ClassVar[str] = "registry.export_approved.v1"
    zh: ClassVar[str] = "导出已批准"
    en: ClassVar[str] = "Export approved"

    request: EventId


class ExportRejected(Event):
    """An unmasked export was turned down (X15)."""

    type: ClassVar[str] = "registry.export_rejected.v1"
    zh: ClassVar[str] = "导出已退回"
    en: ClassVar[str] = "Export rejected"

    request: EventId
    reason: Open[Text]


class ExportCompleted(Event):
    """A file of the export was handed over: rows, persons opened, hash, last day (X15)."""

    type: ClassVar[str] = "registry.export_completed.v1"
    zh: ClassVar[str] = "导出已完成"
    en: ClassVar[str] = "Export completed"

    request: EventId
    rows: Count
    sha256: Sha256
    known: Seq
    expires_on: Day
    persons: Count | None = None


class ProcessingRestricted(Event):
    """The person's data is kept but no longer processed (A14)."""

    type: ClassVar[str] = "registry.processing_restricted.v1"
    zh: ClassVar[str] = "已限制处理个人信息"
    en: ClassVar[str] = "Processing restricted"

    basis: Code
    from_day: FromDay


class ShreddingProposed(Event):
    """The destruction of the person's key was proposed; the cooling-off begins (A14, AS 48)."""

    type: ClassVar[str] = "registry.shredding_proposed.v1"
    zh: ClassVar[str] = "已提议销毁个人密钥"
    en: ClassVar[str] = "Shredding proposed"

    basis: Code
    document: Doc


class SubjectShredded(Event):
    """The person's key was destroyed by a second signature (A14)."""

    type: ClassVar[str] = "registry.subject_shredded.v1"
    zh: ClassVar[str] = "个人密钥已销毁"
    en: ClassVar[str] = "Subject shredded"

    proposal: EventId


class ToPerson(Body):
    """A message's addressee: a person of the register."""

    person: PersonId


class ToUser(Body):
    """A message's addressee: an officer."""

    user: UserId


class MessageSent(Event):
    """A message went out to a person or an officer (X21)."""

    type: ClassVar[str] = "registry.message_sent.v1"
    zh: ClassVar[str] = "消息已发送"
    en: ClassVar[str] = "Message sent"

    to: ToPerson | ToUser
    about: Code
    channel: Open[Channel]
    text: Sealed[Text]
    ref: EventId


class MessageDelivered(Event):
    """The message arrived (X21)."""

    type: ClassVar[str] = "registry.message_delivered.v1"
    zh: ClassVar[str] = "消息已送达"
    en: ClassVar[str] = "Message delivered"

    message: EventId
    outcome: Open[Literal["delivered"]] = "delivered"


class MessageFailed(Event):
    """The message did not arrive (X21)."""

    type: ClassVar[str] = "registry.message_failed.v1"
    zh: ClassVar[str] = "消息未送达"
    en: ClassVar[str] = "Message failed"

    message: EventId
    outcome: Open[Literal["failed"]] = "failed"
    error: Code | None = None


class LogForked(Event):
    """A restored log opened a new epoch after `last`, by two signed statements (log.md 4)."""

    type: ClassVar[str] = "registry.log_forked.v1"
    zh: ClassVar[str] = "日志已分叉"
    en: ClassVar[str] = "Log forked"

    epoch: Count
    checkpoint: Open[SignedNote]
    last: Seq
    statements: tuple[Sha256, ...]


PrivacyFact: TypeAlias = (
    PersonRead
    | FieldsRevealed
    | EmergencyAccessOpened
    | ExportRequested
    | ExportApproved
    | ExportRejected
    | ExportCompleted
    | ProcessingRestricted
    | ShreddingProposed
    | SubjectShredded
    | MessageSent
    | MessageDelivered
    | MessageFailed
    | LogForked
)
