"""Corrections of the registry's own facts: proposed and approved by two persons (X2)."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from events.contracts.base import Code, Doc, Event, EventId, Sealed, Text

BodyText: TypeAlias = Annotated[str, Field(min_length=2, max_length=20_000)]
"""An event body of the corrected type as JSON text."""


class CorrectionProposed(Event):
    """Another body was proposed for a recorded fact; none means that the fact is void (X2)."""

    type: ClassVar[str] = "registry.correction_proposed.v1"
    zh: ClassVar[str] = "更正已提议"
    en: ClassVar[str] = "Correction proposed"

    corrects: EventId
    replacement: Sealed[BodyText] | None = None
    reason: Code
    text: Sealed[Text]
    evidence: Doc | None = None


class FactCorrected(Event):
    """The proposed correction was approved by another person (X2)."""

    type: ClassVar[str] = "registry.fact_corrected.v1"
    zh: ClassVar[str] = "事实已更正"
    en: ClassVar[str] = "Fact corrected"

    proposal: EventId


class CorrectionRejected(Event):
    """The proposed correction was turned down (X2)."""

    type: ClassVar[str] = "registry.correction_rejected.v1"
    zh: ClassVar[str] = "更正提议已退回"
    en: ClassVar[str] = "Correction rejected"

    proposal: EventId
    reason: Sealed[Text]


CorrectionFact: TypeAlias = CorrectionProposed | FactCorrected | CorrectionRejected
