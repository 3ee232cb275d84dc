"""Wishes to read a person, and the record of every read (domain.md C3.1)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from events.contracts.base import Body, Code, EventId, Open, PersonId
from events.contracts.base import Text as LongText
from events.contracts.registry import ReadMode, Revealed
from services.kit.decider import Command
from services.registry.fields import Hidden, Whom


class RecordRead(Command):
    """Record that somebody read fields of a person; the envelope says who (X14, X15, X20)."""

    type: ClassVar[str] = "registry.record_read"
    zh: ClassVar[str] = "登记查阅"
    en: ClassVar[str] = "Record a read"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("X14", "X15", "X20")

    person: Whom
    page: Code = Field(title="页面", description="Page")
    fields: tuple[Code, ...] = Field(title="查阅的信息项", description="Fields read")
    mode: Open[ReadMode] = Field(title="方式", description="How it was read")
    purpose: Code | None = Field(default=None, title="用途", description="Purpose")
    under: EventId | None = Field(
        default=None, title="依据", description="The emergency or export that let it be read"
    )


class OneRead(Body):
    """What was read of one person, and what let it be."""

    person: PersonId = Field(title="人员", description="Person")
    fields: tuple[Code, ...] = Field(title="查阅的信息项", description="Fields read")
    under: EventId | None = Field(
        default=None, title="依据", description="The emergency or export that let it be read"
    )


class RecordReads(Command):
    """Record that somebody read a page of several persons, all at once (X14, X15, X20)."""

    type: ClassVar[str] = "registry.record_reads"
    zh: ClassVar[str] = "登记一页查阅"
    en: ClassVar[str] = "Record the reads of a page"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("X14", "X15", "X20")

    reads: tuple[OneRead, ...] = Field(title="所查人员", description="Persons read")
    page: Code = Field(title="页面", description="Page")
    mode: Open[ReadMode] = Field(title="方式", description="How it was read")
    purpose: Code | None = Field(default=None, title="用途", description="Purpose")


class RevealFields(Command):
    """Ask for a full number once, for a reason; the event is the ticket (X14)."""

    type: ClassVar[str] = "registry.reveal_fields"
    zh: ClassVar[str] = "显示完整号码"
    en: ClassVar[str] = "Reveal masked fields"
    actors: ClassVar[tuple[str, ...]] = ("readers",)
    requirements: ClassVar[tuple[str, ...]] = ("X14", "X15")

    person: Whom
    fields: Annotated[tuple[Open[Revealed], ...], Field(min_length=1, max_length=2)] = Field(
        title="号码", description="Fields to be shown in full"
    )
    reason: Code = Field(title="理由", description="Reason")
    text: Hidden[LongText] | None = Field(default=None, title="说明", description="Note")


class OpenEmergencyAccess(Command):
    """Read a person outside one's own area, for a reason; it ends by itself (X14, AS 46)."""

    type: ClassVar[str] = "registry.open_emergency_access"
    zh: ClassVar[str] = "开启紧急查阅"
    en: ClassVar[str] = "Open emergency access"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "county", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("X14",)

    person: Whom
    reason: Hidden[LongText] = Field(title="理由", description="Reason")
