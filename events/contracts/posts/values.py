"""Nested values and closed lists of the posts context."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from events.contracts.base import (
    BatchId,
    Body,
    CaseId,
    Code,
    Day,
    Division,
    Doc,
    EmployerId,
    FromDay,
    Money,
    OfferId,
    Open,
    PostId,
    Privacy,
    Restricted,
)

EmployerKind: TypeAlias = Literal[
    "enterprise", "party_gov", "public_institution", "own_business", "other"
]
PostType: TypeAlias = Literal[
    "environment",
    "greening",
    "sanitation",
    "public_order",
    "traffic",
    "convenience",
    "logistics",
    "other",
]
"""Kinds of public-welfare post (R74, R75)."""
HostType: TypeAlias = Literal["party_gov", "public_institution", "community", "other"]
CloseReason: TypeAlias = Literal["filled", "expired", "withdrawn"]
OfferSource: TypeAlias = Literal[
    "labour_department", "pes", "street", "community", "agency", "other"
]
OfferMode: TypeAlias = Literal["fair", "individual", "home", "other"]
"""Job fair, individual introduction, delivery to the home (R96)."""
Judgement: TypeAlias = Literal["just", "unjust"]
Channel: TypeAlias = Literal[
    "self_employment", "flexible", "enterprise", "public_post", "labour_export"
]
"""The ways into work (R59, R69, R70, R74, R80)."""
FlexibleKind: TypeAlias = Literal["sole_trader", "part_time", "other"]
Then: TypeAlias = Literal["unemployed", "next_job"]
ConfirmedBy: TypeAlias = Literal["visit", "phone", "employer", "payroll"]
EmploymentField: TypeAlias = Literal["wage", "contract", "hours", "insurance"]

UnifiedCode = Annotated[str, Field(pattern=r"^[0-9A-Z-]{5,30}$"), Privacy.OPEN]
"""Unified social credit code, or the organisation or licence number of before 2015."""
Frozen = Annotated[str, Field(min_length=2, max_length=20_000)]
"""A body as JSON text."""
Wage: TypeAlias = Restricted[Annotated[int, Field(ge=0, le=10**12)]]
"""A person's wage in whole fen a month; column-restricted."""
Age = Annotated[int, Field(ge=16, le=100), Privacy.OPEN]
Places = Annotated[int, Field(ge=1, le=100_000), Privacy.OPEN]
PlaceNo = Annotated[int, Field(ge=1, le=100_000), Privacy.OPEN]
"""The number of a place within its post: 1, 2, 3 …"""


class WageRange(Body):
    """What a vacancy pays, whole fen a month."""

    from_wage: Annotated[int, Field(ge=0, le=10**12, alias="from"), Privacy.OPEN]
    to: Money


class Suits(Body):
    """Whom a vacancy suits (R95, R97); what is absent does not matter."""

    sex: Open[Literal["male", "female"]] | None = None
    age_from: Age | None = None
    age_to: Age | None = None
    skills: tuple[Code, ...] = ()
    schooling: Code | None = None


class Contract(Body):
    """A labour contract: its days and the paper."""

    from_day: FromDay
    until: Day | None = None
    doc: Doc


class FoundPlacement(Body):
    """A placement that a follow-up visit found (R90): the body of place_in_job and its day."""

    day: Day
    channel: Open[Channel]
    flexible_kind: Open[FlexibleKind] | None = None
    employer: EmployerId | None = None
    post: PostId | None = None
    offer: OfferId | None = None
    batch: BatchId | None = None
    contract: Contract | None = None
    proof: Doc | None = None
    wage: Wage | None = None
    work_division: Division
    case: CaseId | None = None


class FoundEnd(Body):
    """An end of work that a follow-up visit found (R90): body of end_employment and its day."""

    day: Day
    reason: Code
    then: Open[Then]
    proof: Doc | None = None


class FoundChange(Body):
    """Exactly one change that a follow-up visit found (R90)."""

    place: FoundPlacement | None = None
    end: FoundEnd | None = None
