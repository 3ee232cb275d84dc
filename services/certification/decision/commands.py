"""Wishes about the county's decision and its review (domain.md C3.2)."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import (
    CategoryId,
    Code,
    Day,
    Doc,
    EventId,
    Open,
    Restricted,
    Short,
    Text,
)
from services.certification.fields import Hidden, Which
from services.kit.decider import Command


class Certify(Command):
    """Certify the person as one with difficulty finding work (R22–R24)."""

    type: ClassVar[str] = "certification.certify"
    zh: ClassVar[str] = "予以认定"
    en: ClassVar[str] = "Certify"
    actors: ClassVar[tuple[str, ...]] = ("county_certifier",)
    requirements: ClassVar[tuple[str, ...]] = ("R8", "R14", "R22", "R23", "R24", "R44")

    case: Which
    category: Restricted[ev.Category] = Field(title="认定类别", description="Category")
    city_category: CategoryId | None = Field(
        default=None, title="市定类别", description="Category of the city"
    )
    reason: Hidden[Text] | None = Field(default=None, title="理由", description="Reason")
    data_checks: tuple[ev.DataCheck, ...] = Field(
        default=(), title="数据比对", description="Data checks"
    )


class RefuseCertification(Command):
    """Refuse with a reason and tell the person of the review (R22, X3)."""

    type: ClassVar[str] = "certification.refuse_certification"
    zh: ClassVar[str] = "不予认定"
    en: ClassVar[str] = "Refuse certification"
    actors: ClassVar[tuple[str, ...]] = ("county_certifier",)
    requirements: ClassVar[tuple[str, ...]] = ("R22", "R23", "X3")

    case: Which
    grounds: tuple[Code, ...] = Field(title="依据", description="Grounds", min_length=1)
    reason: Hidden[Text] = Field(title="理由", description="Reason")
    told_on: Day = Field(title="告知日期", description="Day the person was told")


class AnnotateCertificate(Command):
    """Put the mark on the person's certificate (R25)."""

    type: ClassVar[str] = "certification.annotate_certificate"
    zh: ClassVar[str] = "证件加注"
    en: ClassVar[str] = "Annotate the certificate"
    actors: ClassVar[tuple[str, ...]] = ("county_reviewer", "county_certifier")
    requirements: ClassVar[tuple[str, ...]] = ("R25",)

    case: Which
    certificate: Open[ev.CertificateKind] = Field(title="证件种类", description="Certificate")
    number: Hidden[Short] = Field(title="证件号码", description="Number of the certificate")
    category: Restricted[ev.Category] = Field(title="类别", description="Category")
    sealed: Open[bool] = Field(title="已盖章", description="Seal placed")


class CancelAnnotation(Command):
    """Cancel the mark after the status ended (R34)."""

    type: ClassVar[str] = "certification.cancel_annotation"
    zh: ClassVar[str] = "注销加注"
    en: ClassVar[str] = "Cancel the annotation"
    actors: ClassVar[tuple[str, ...]] = ("county_reviewer", "county_certifier")
    requirements: ClassVar[tuple[str, ...]] = ("R34",)

    case: Which
    end: EventId = Field(title="结束决定", description="The ending")
    reason: Code = Field(title="原因", description="Reason")


class RequestReview(Command):
    """Ask the city to review a refusal or an exit (X3)."""

    type: ClassVar[str] = "certification.request_review"
    zh: ClassVar[str] = "申请复核"
    en: ClassVar[str] = "Request a review"
    actors: ClassVar[tuple[str, ...]] = ("labour", "person")
    requirements: ClassVar[tuple[str, ...]] = ("X3",)

    case: Which
    against: EventId = Field(title="复核对象", description="Decision to review")
    grounds: Hidden[Text] = Field(title="理由", description="Grounds")
    documents: tuple[Doc, ...] = Field(default=(), title="材料", description="Documents")


class DecideReview(Command):
    """Uphold the decision, or set it aside (X3)."""

    type: ClassVar[str] = "certification.decide_review"
    zh: ClassVar[str] = "作出复核决定"
    en: ClassVar[str] = "Decide a review"
    actors: ClassVar[tuple[str, ...]] = ("city_officer", "city_head")
    requirements: ClassVar[tuple[str, ...]] = ("X3",)

    case: Which
    review: EventId = Field(title="复核申请", description="Request for review")
    outcome: Open[Literal["upheld", "set_aside"]] = Field(title="结论", description="Outcome")
    reason: Hidden[Text] = Field(title="理由", description="Reason")
