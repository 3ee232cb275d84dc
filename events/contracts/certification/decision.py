"""Facts of review and decision: street, county, the annotation, the person's request for review."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from events.contracts.base import (
    CategoryId,
    Code,
    Day,
    Doc,
    Event,
    EventId,
    Found,
    FromDay,
    HouseholdId,
    OfficeId,
    Open,
    Restricted,
    Sealed,
    Short,
    Text,
)
from events.contracts.certification.values import (
    Category,
    CertificateKind,
    DataCheck,
    Opinion,
)


class StreetReviewed(Event):
    """The street gave its signed opinion (R21)."""

    type: ClassVar[str] = "certification.street_reviewed.v1"
    zh: ClassVar[str] = "街道审核"
    en: ClassVar[str] = "Street reviewed"

    opinion: Open[Opinion]
    text: Sealed[Text]
    signature: Doc


class ForwardedToCounty(Event):
    """The case was reported to the county (R22); T4 starts."""

    type: ClassVar[str] = "certification.forwarded_to_county.v1"
    zh: ClassVar[str] = "报县级认定"
    en: ClassVar[str] = "Forwarded to the county"

    county: OfficeId


class CountyReviewed(Event):
    """In an independent mining area the county did the street's step (R24)."""

    type: ClassVar[str] = "certification.county_reviewed.v1"
    zh: ClassVar[str] = "县级审核"
    en: ClassVar[str] = "County reviewed"

    opinion: Open[Opinion]
    text: Sealed[Text]
    signature: Doc


class PersonCertified(Event):
    """The county certified the person (R22); `member_of` when as a zero-employment household's."""

    type: ClassVar[str] = "certification.person_certified.v1"
    zh: ClassVar[str] = "认定为就业困难人员"
    en: ClassVar[str] = "Person certified"

    category: Restricted[Category]
    city_category: CategoryId | None = None
    reason: Sealed[Text] | None = None
    data_checks: tuple[DataCheck, ...] = ()
    findings: tuple[Found, ...]
    responsible_office: OfficeId
    member_of: HouseholdId | None = None


class CertificationRefused(Event):
    """The county refused with a reason; the person may ask for review from `told_on` (R22, X3)."""

    type: ClassVar[str] = "certification.certification_refused.v1"
    zh: ClassVar[str] = "不予认定"
    en: ClassVar[str] = "Certification refused"

    grounds: tuple[Code, ...]
    reason: Sealed[Text]
    told_on: Day
    findings: tuple[Found, ...]


class CertificateAnnotated(Event):
    """The certificate bears the mark 就业困难人员 (R25)."""

    type: ClassVar[str] = "certification.certificate_annotated.v1"
    zh: ClassVar[str] = "证件加注"
    en: ClassVar[str] = "Certificate annotated"

    certificate: Open[CertificateKind]
    number: Sealed[Short]
    category: Restricted[Category]
    sealed: Open[bool]


class AnnotationCancelled(Event):
    """The mark ended with the status (R34)."""

    type: ClassVar[str] = "certification.annotation_cancelled.v1"
    zh: ClassVar[str] = "注销加注"
    en: ClassVar[str] = "Annotation cancelled"

    end: EventId
    reason: Code


class ReviewRequested(Event):
    """The person asked the city to review a refusal or an exit (X3)."""

    type: ClassVar[str] = "certification.review_requested.v1"
    zh: ClassVar[str] = "申请复核"
    en: ClassVar[str] = "Review requested"

    against: EventId
    grounds: Sealed[Text]
    documents: tuple[Doc, ...] = ()


class ReviewDecided(Event):
    """The city upheld the decision or set it aside (X3)."""

    type: ClassVar[str] = "certification.review_decided.v1"
    zh: ClassVar[str] = "复核决定"
    en: ClassVar[str] = "Review decided"

    review: EventId
    outcome: Open[Literal["upheld", "set_aside"]]
    reason: Sealed[Text]
    of: Open[Literal["refusal", "exit"]]


class RevocationProposed(Event):
    """Certification was obtained wrongly; to be void from a day on (X4)."""

    type: ClassVar[str] = "certification.revocation_proposed.v1"
    zh: ClassVar[str] = "提出撤销认定"
    en: ClassVar[str] = "Revocation proposed"

    from_day: FromDay
    reason: Sealed[Text]
    evidence: tuple[Doc, ...]


class CertificationRevoked(Event):
    """A second county officer revoked the certification from a day on (X4)."""

    type: ClassVar[str] = "certification.certification_revoked.v1"
    zh: ClassVar[str] = "撤销认定"
    en: ClassVar[str] = "Certification revoked"

    proposal: EventId
    from_day: FromDay


class RevocationRejected(Event):
    """The proposed revocation was not followed (X4)."""

    type: ClassVar[str] = "certification.revocation_rejected.v1"
    zh: ClassVar[str] = "不予撤销"
    en: ClassVar[str] = "Revocation rejected"

    proposal: EventId
    reason: Sealed[Text]


DecisionEvent: TypeAlias = (
    StreetReviewed
    | ForwardedToCounty
    | CountyReviewed
    | PersonCertified
    | CertificationRefused
    | CertificateAnnotated
    | AnnotationCancelled
    | ReviewRequested
    | ReviewDecided
    | RevocationProposed
    | CertificationRevoked
    | RevocationRejected
)
