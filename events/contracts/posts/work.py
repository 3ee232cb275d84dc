"""Facts about one person's work, all spells on one stream, and this context's corrections."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.base import (
    BatchId,
    CaseId,
    Code,
    Division,
    Doc,
    EmployerId,
    Event,
    EventId,
    HouseholdId,
    OfferId,
    Open,
    PersonId,
    PostId,
    Sealed,
    Text,
)
from events.contracts.posts.values import (
    Channel,
    ConfirmedBy,
    Contract,
    EmploymentField,
    FlexibleKind,
    PlaceNo,
    Then,
    Wage,
)
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact


class PlacedInJob(Event):
    """The person started work; the day of the fact is the first day of work (R59–R80).

    `continuous`: unbroken with the job before (AS 16); `household` where the person counts in a
    certified zero-employment household; `cross_region` by AS 40; `place` within the post.
    """

    type: ClassVar[str] = "posts.placed_in_job.v1"
    zh: ClassVar[str] = "已实现就业"
    en: ClassVar[str] = "Placed in a job"

    person: PersonId
    case: CaseId | None = None
    channel: Open[Channel]
    flexible_kind: Open[FlexibleKind] | None = None
    employer: EmployerId | None = None
    post: PostId | None = None
    place: PlaceNo | None = None
    offer: OfferId | None = None
    batch: BatchId | None = None
    contract: Contract | None = None
    proof: Doc | None = None
    wage: Wage | None = None
    work_division: Division
    cross_region: Open[bool]
    household: HouseholdId | None = None
    continuous: Open[bool]


class OnJobConfirmed(Event):
    """The person was found at work (R91)."""

    type: ClassVar[str] = "posts.on_job_confirmed.v1"
    zh: ClassVar[str] = "在岗已确认"
    en: ClassVar[str] = "On the job confirmed"

    how: Open[ConfirmedBy]


class EmploymentChanged(Event):
    """Wage, contract, hours or insurance changed (R91)."""

    type: ClassVar[str] = "posts.employment_changed.v1"
    zh: ClassVar[str] = "就业信息已变更"
    en: ClassVar[str] = "Employment changed"

    field: Open[EmploymentField]
    value: Sealed[Text]


class EmploymentEnded(Event):
    """The job ended; the day of the fact is the last day of work (R35, R39, AS 16)."""

    type: ClassVar[str] = "posts.employment_ended.v1"
    zh: ClassVar[str] = "就业已终止"
    en: ClassVar[str] = "Employment ended"

    reason: Code
    then: Open[Then]
    proof: Doc | None = None


class HireRegistered(Event):
    """The employer registered the hire (T21)."""

    type: ClassVar[str] = "posts.hire_registered.v1"
    zh: ClassVar[str] = "招用已备案"
    en: ClassVar[str] = "Hire registered"

    placement: EventId


class EndRegistered(Event):
    """The employer registered the end of the employment (T21)."""

    type: ClassVar[str] = "posts.end_registered.v1"
    zh: ClassVar[str] = "终止或解除已备案"
    en: ClassVar[str] = "End of employment registered"

    end: EventId


class CorrectionProposed(ProposedCorrection):
    """A recorded fact was wrong; without `replacement` it is to be void (X2)."""

    type: ClassVar[str] = "posts.correction_proposed.v1"
    zh: ClassVar[str] = "提出更正"
    en: ClassVar[str] = "Correction proposed"


class FactCorrected(RestatedFact):
    """A second person approved a correction (X2)."""

    type: ClassVar[str] = "posts.fact_corrected.v1"
    zh: ClassVar[str] = "更正生效"
    en: ClassVar[str] = "Fact corrected"


class CorrectionRejected(RejectedCorrection):
    """A proposed correction was not followed (X2)."""

    type: ClassVar[str] = "posts.correction_rejected.v1"
    zh: ClassVar[str] = "不予更正"
    en: ClassVar[str] = "Correction rejected"


EmploymentEvent: TypeAlias = (
    PlacedInJob
    | OnJobConfirmed
    | EmploymentChanged
    | EmploymentEnded
    | HireRegistered
    | EndRegistered
)
CorrectionEvent: TypeAlias = CorrectionProposed | FactCorrected | CorrectionRejected
"""Can stand on every stream of this context."""
