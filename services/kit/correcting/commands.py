"""The three wishes about a recorded fact; each context's carry its own prefix (X2)."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, Field

from events.contracts.base import Code, Doc, EventId, Instant, Privacy, Text, printable
from events.contracts.restating import BodyText
from services.kit.decider import Command

StreamName: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=120), AfterValidator(printable), Privacy.OPEN
]
APPROVERS = ("labour", "pes_head")
_STREAM = Field(title="所在记录", description="The stream of the event, as its page shows it")
_PROPOSAL = Field(title="更正提议", description="The event by which it was proposed")


class ProposeCorrection(Command):
    """Say what holds instead of a recorded fact, or that it never happened (X2)."""

    zh: ClassVar[str] = "提出更正"
    en: ClassVar[str] = "Propose a correction"
    requirements: ClassVar[tuple[str, ...]] = ("X2",)

    stream: StreamName = _STREAM
    corrects: EventId = Field(title="被更正的事件", description="The event that is wrong")
    replacement: Annotated[BodyText, Privacy.SEALED] | None = Field(
        default=None,
        title="更正后的内容",
        description="The fields that should say something else, as JSON, a null for one to be"
        " taken out; without them and without a day the record is void",
    )
    happened_at: Instant | None = Field(
        default=None, title="更正后的发生时间", description="When it really happened"
    )
    reason: Code = Field(title="更正原因", description="Why: code(correction)")
    text: Annotated[Text, Privacy.SEALED] = Field(
        title="说明", description="What was wrong and how it is known"
    )
    evidence: Doc | None = Field(default=None, title="依据材料", description="Evidence")


class ApproveCorrection(Command):
    """Let a proposed correction take effect: another person, a head or one level up (X2)."""

    zh: ClassVar[str] = "批准更正"
    en: ClassVar[str] = "Approve a correction"
    actors: ClassVar[tuple[str, ...]] = APPROVERS
    requirements: ClassVar[tuple[str, ...]] = ("X2",)

    stream: StreamName = _STREAM
    proposal: EventId = _PROPOSAL


class RejectCorrection(Command):
    """Turn a proposed correction down, with the reason (X2)."""

    zh: ClassVar[str] = "不予更正"
    en: ClassVar[str] = "Reject a correction"
    actors: ClassVar[tuple[str, ...]] = APPROVERS
    requirements: ClassVar[tuple[str, ...]] = ("X2",)

    stream: StreamName = _STREAM
    proposal: EventId = _PROPOSAL
    reason: Annotated[Text, Privacy.SEALED] = Field(title="理由", description="Why not")
