"""Corrections of the registry's own facts: proposed and approved by two persons (X2)."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact


class CorrectionProposed(ProposedCorrection):
    """Another body was proposed for a recorded fact; none means that the fact is void (X2)."""

    type: ClassVar[str] = "registry.correction_proposed.v1"
    zh: ClassVar[str] = "更正已提议"
    en: ClassVar[str] = "Correction proposed"


class FactCorrected(RestatedFact):
    """The proposed correction was approved by another person (X2)."""

    type: ClassVar[str] = "registry.fact_corrected.v1"
    zh: ClassVar[str] = "事实已更正"
    en: ClassVar[str] = "Fact corrected"


class CorrectionRejected(RejectedCorrection):
    """The proposed correction was turned down (X2)."""

    type: ClassVar[str] = "registry.correction_rejected.v1"
    zh: ClassVar[str] = "更正提议已退回"
    en: ClassVar[str] = "Correction rejected"


CorrectionFact: TypeAlias = CorrectionProposed | FactCorrected | CorrectionRejected
