"""Nested values and closed lists of the certification context."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from events.contracts.base import (
    Body,
    CaseId,
    CategoryId,
    Code,
    Count,
    Day,
    Doc,
    FromDay,
    HouseholdId,
    OfferId,
    Open,
    Privacy,
    Restricted,
    Sealed,
    Text,
)

Category: TypeAlias = Literal["aged_4050", "zero_household", "long_term", "city"]
"""The four categories of the opinion (R12–R16)."""
Cause: TypeAlias = Literal["health", "skill", "family", "land", "other"]
"""Why work is hard to find (R6): recorded and counted, never tested."""
Opinion: TypeAlias = Literal["agree", "disagree"]
Stage: TypeAlias = Literal[
    "filed", "registered", "notice_closed", "street_reviewed", "at_county", "county_reviewed"
]
"""States that an application may be returned from, and so come back to (X9)."""
ExitGround: TypeAlias = Literal["refusals", "no_report", "gave_up"]
"""The three grounds of exit (R29, R32, R33)."""
Judged: TypeAlias = Literal["just", "unjust"]
LapseGround: TypeAlias = Literal["unemployed_again", "condition_lost", "no_category_left"]
ReassessmentCause: TypeAlias = Literal["condition_lost", "household_cleared", "household_left"]
ReassessmentOutcome: TypeAlias = Literal["keep", "change_category", "lapse"]
LeftReason: TypeAlias = Literal["no_counted_member", "working_member_joined", "moved", "dissolved"]
CertificateKind: TypeAlias = Literal["preference", "registration"]
"""再就业优惠证 and 就业失业证 (R25)."""

CaseNo = Annotated[str, Field(pattern=r"^[0-9]{6}-[0-9]{4}-[0-9]{6}$"), Privacy.OPEN]
"""County code, year and a six-digit number."""
Phone = Annotated[str, Field(pattern=r"^[0-9+() -]{3,30}$"), Privacy.OPEN]
"""The telephone of an office, never of a person."""
Frozen = Annotated[str, Field(min_length=2, max_length=20_000)]
"""A body as JSON text."""


class ContinuousUnemployment(Body):
    """How long the person has been registered unemployed without a break (R7), in days."""

    from_day: FromDay
    days: Count


class DataCheck(Body):
    """What another authority's data said when the county looked (A2)."""

    source: Code
    on: Day
    result: Open[Literal["ok", "differs", "none"]]


class Confirmation(Body):
    """Whether the county confirms one judged refusal (AS 14)."""

    offer: OfferId
    confirmed: Open[bool]


class Changes(Body):
    """What a resubmitted application changes; an absent field stays as filed (X9)."""

    categories: Restricted[tuple[Category, ...]] | None = None
    city_category: CategoryId | None = None
    household: HouseholdId | None = None
    causes: Restricted[tuple[Cause, ...]] | None = None
    cause_text: Sealed[Text] | None = None
    attest_ability: Open[bool] | None = None
    attest_wish: Open[bool] | None = None
    commitment: Doc | None = None
    signed: Doc | None = None
    previous_case: CaseId | None = None
