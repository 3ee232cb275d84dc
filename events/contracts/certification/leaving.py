"""Facts of leaving: refusals counted, exit, lapse, and the reassessment of the conditions."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.base import (
    CategoryId,
    Count,
    Day,
    Doc,
    Event,
    EventId,
    FromDay,
    OfferId,
    Open,
    Restricted,
    Sealed,
    Short,
    Text,
)
from events.contracts.certification.values import (
    Category,
    Confirmation,
    ExitGround,
    Judged,
    LapseGround,
    ReassessmentCause,
    ReassessmentOutcome,
)


class RefusalCounted(Event):
    """A judged refusal entered the tally (R29–R31); `tally` counts the unjust ones standing."""

    type: ClassVar[str] = "certification.refusal_counted.v1"
    zh: ClassVar[str] = "未上岗计次"
    en: ClassVar[str] = "Refusal counted"

    offer: OfferId
    judged: Open[Judged]
    judgement: EventId
    tally: Count


class ExitProposed(Event):
    """A ground of exit holds; the county decides (R34, AS 15; T25)."""

    type: ClassVar[str] = "certification.exit_proposed.v1"
    zh: ClassVar[str] = "提出退出"
    en: ClassVar[str] = "Exit proposed"

    ground: Open[ExitGround]
    facts: tuple[EventId, ...]
    clause: Open[Short]


class ExitProposalWithdrawn(Event):
    """The ground of a proposal fell away (R30, R32)."""

    type: ClassVar[str] = "certification.exit_proposal_withdrawn.v1"
    zh: ClassVar[str] = "撤回退出提议"
    en: ClassVar[str] = "Exit proposal withdrawn"

    proposal: EventId
    because: EventId


class WithdrawnByPerson(Event):
    """The person gave up the wish to work in a signed statement (R33)."""

    type: ClassVar[str] = "certification.withdrawn_by_person.v1"
    zh: ClassVar[str] = "本人放弃就业要求"
    en: ClassVar[str] = "Wish withdrawn by the person"

    statement: Doc


class Exited(Event):
    """The county ended the status from a day on (R34); review may be asked from `told_on`."""

    type: ClassVar[str] = "certification.exited.v1"
    zh: ClassVar[str] = "退出"
    en: ClassVar[str] = "Exited"

    proposal: EventId
    judgements: tuple[Confirmation, ...] = ()
    reason: Sealed[Text]
    from_day: FromDay
    told_on: Day


class ExitRejected(Event):
    """The county kept the status; judgements not confirmed leave the tally (R29)."""

    type: ClassVar[str] = "certification.exit_rejected.v1"
    zh: ClassVar[str] = "不予退出"
    en: ClassVar[str] = "Exit rejected"

    proposal: EventId
    judgements: tuple[Confirmation, ...] = ()
    reason: Sealed[Text]


class ExitReversalProposed(Event):
    """A county officer proposed to undo an exit (R30)."""

    type: ClassVar[str] = "certification.exit_reversal_proposed.v1"
    zh: ClassVar[str] = "提出撤销退出"
    en: ClassVar[str] = "Exit reversal proposed"

    exit: EventId
    reason: Sealed[Text]
    facts: tuple[EventId, ...]


class ExitReversed(Event):
    """A second officer undid the exit; the status stands again (R30)."""

    type: ClassVar[str] = "certification.exit_reversed.v1"
    zh: ClassVar[str] = "撤销退出"
    en: ClassVar[str] = "Exit reversed"

    proposal: EventId


class Lapsed(Event):
    """The status ended by itself: unemployed again (R35), or no condition holds (X5)."""

    type: ClassVar[str] = "certification.lapsed.v1"
    zh: ClassVar[str] = "认定失效"
    en: ClassVar[str] = "Certification lapsed"

    ground: Open[LapseGround]
    facts: tuple[EventId, ...]


class ReassessmentProposed(Event):
    """A condition changed; what still holds was worked out for the county (X5, AS 29)."""

    type: ClassVar[str] = "certification.reassessment_proposed.v1"
    zh: ClassVar[str] = "提出重新评估"
    en: ClassVar[str] = "Reassessment proposed"

    cause: Open[ReassessmentCause]
    facts: tuple[EventId, ...]
    categories_met: Restricted[tuple[Category, ...]]
    proposal: Open[ReassessmentOutcome]


class Reassessed(Event):
    """The county decided a reassessment (X5, AS 29)."""

    type: ClassVar[str] = "certification.reassessed.v1"
    zh: ClassVar[str] = "重新评估决定"
    en: ClassVar[str] = "Reassessed"

    proposal: EventId
    outcome: Open[ReassessmentOutcome]
    category: Restricted[Category] | None = None
    city_category: CategoryId | None = None
    ground: Open[LapseGround] | None = None
    reason: Sealed[Text]


LeavingEvent: TypeAlias = (
    RefusalCounted
    | ExitProposed
    | ExitProposalWithdrawn
    | WithdrawnByPerson
    | Exited
    | ExitRejected
    | ExitReversalProposed
    | ExitReversed
    | Lapsed
    | ReassessmentProposed
    | Reassessed
)
