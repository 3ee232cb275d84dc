"""Wishes about the review before the decision (domain.md C3.2)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import Doc, OfficeId, Open, Text
from services.certification.fields import Hidden, Which
from services.kit.decider import Command


class _Opinion(Command):
    case: Which
    opinion: Open[ev.Opinion] = Field(title="意见", description="Opinion")
    text: Hidden[Text] = Field(title="意见内容", description="Text of the opinion")
    signature: Doc = Field(title="签署", description="Signature")


class StreetReview(_Opinion):
    """Review and sign an opinion at the street (R21)."""

    type: ClassVar[str] = "certification.street_review"
    zh: ClassVar[str] = "街道审核"
    en: ClassVar[str] = "Review at the street"
    actors: ClassVar[tuple[str, ...]] = ("street_signer",)
    requirements: ClassVar[tuple[str, ...]] = ("R21", "R23")


class CountyReview(_Opinion):
    """Review at the county, in an independent mining area (R24)."""

    type: ClassVar[str] = "certification.county_review"
    zh: ClassVar[str] = "县级审核"
    en: ClassVar[str] = "Review at the county"
    actors: ClassVar[tuple[str, ...]] = ("county_reviewer",)
    requirements: ClassVar[tuple[str, ...]] = ("R24",)


class ForwardToCounty(Command):
    """Report the case to the county for certification (R22, R24)."""

    type: ClassVar[str] = "certification.forward_to_county"
    zh: ClassVar[str] = "报县级认定"
    en: ClassVar[str] = "Forward to the county"
    actors: ClassVar[tuple[str, ...]] = ("street_officer", "street_signer", "community_head")
    requirements: ClassVar[tuple[str, ...]] = ("R22", "R24")

    case: Which
    county: OfficeId = Field(title="县级部门", description="County")
