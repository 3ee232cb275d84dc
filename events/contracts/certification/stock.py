"""Facts about households as certified ones, about imported stock, and corrections."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from events.contracts.base import (
    CaseId,
    CategoryId,
    Count,
    Day,
    Doc,
    Event,
    EventId,
    OfficeId,
    Open,
    PersonId,
    Privacy,
    Ref,
    Restricted,
    Sha256,
    Short,
)
from events.contracts.certification.values import CaseNo, Category, LeftReason
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact

ImportId = Annotated[
    str,
    Ref("import"),
    Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Privacy.OPEN,
]


class HouseholdCertified(Event):
    """A zero-employment household was certified with its first member (R14); T8 starts."""

    type: ClassVar[str] = "certification.household_certified.v1"
    zh: ClassVar[str] = "认定零就业家庭"
    en: ClassVar[str] = "Household certified"

    member: PersonId
    case: CaseId
    responsible_office: OfficeId


class HouseholdCleared(Event):
    """The first counted member is at work (R87); `days` from certification to that day."""

    type: ClassVar[str] = "certification.household_cleared.v1"
    zh: ClassVar[str] = "零就业家庭消零"
    en: ClassVar[str] = "Household cleared"

    member: PersonId
    placement: EventId
    in_time: Open[bool]
    days: Count
    others: tuple[CaseId, ...]


class HouseholdLeft(Event):
    """The household no longer qualifies for another reason (R14)."""

    type: ClassVar[str] = "certification.household_left.v1"
    zh: ClassVar[str] = "零就业家庭退出"
    en: ClassVar[str] = "Household left"

    reason: Open[LeftReason]
    facts: tuple[EventId, ...]
    others: tuple[CaseId, ...]


class ImportOpened(Event):
    """The stock of a day is to be taken over from a file (X11)."""

    type: ClassVar[str] = "certification.import_opened.v1"
    zh: ClassVar[str] = "开始存量导入"
    en: ClassVar[str] = "Import opened"

    source: Open[Short]
    sha256: Sha256
    rows: Count
    stock_day: Day


class CertificationImported(Event):
    """One certification of the old stock was taken over (X11)."""

    type: ClassVar[str] = "certification.certification_imported.v1"
    zh: ClassVar[str] = "导入既有认定"
    en: ClassVar[str] = "Certification imported"

    import_id: ImportId
    row: Count
    person: PersonId
    category: Restricted[Category]
    city_category: CategoryId | None = None
    office: OfficeId
    certificate: Doc | None = None
    case_no: CaseNo
    imported_on: Day


class ImportClosed(Event):
    """Every row was taken or refused (X11)."""

    type: ClassVar[str] = "certification.import_closed.v1"
    zh: ClassVar[str] = "结束存量导入"
    en: ClassVar[str] = "Import closed"

    taken: Count
    refused: Count


class CorrectionProposed(ProposedCorrection):
    """A recorded fact was wrong; without `replacement` it is to be void (X2)."""

    type: ClassVar[str] = "certification.correction_proposed.v1"
    zh: ClassVar[str] = "提出更正"
    en: ClassVar[str] = "Correction proposed"


class FactCorrected(RestatedFact):
    """A second person approved a correction (X2)."""

    type: ClassVar[str] = "certification.fact_corrected.v1"
    zh: ClassVar[str] = "更正生效"
    en: ClassVar[str] = "Fact corrected"


class CorrectionRejected(RejectedCorrection):
    """A proposed correction was not followed (X2)."""

    type: ClassVar[str] = "certification.correction_rejected.v1"
    zh: ClassVar[str] = "不予更正"
    en: ClassVar[str] = "Correction rejected"


HouseholdMark: TypeAlias = HouseholdCertified | HouseholdCleared | HouseholdLeft
"""Certification's facts on the `household-…` stream that registry owns."""
ImportEvent: TypeAlias = ImportOpened | ImportClosed
CorrectionEvent: TypeAlias = CorrectionProposed | FactCorrected | CorrectionRejected
