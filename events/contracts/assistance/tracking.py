"""Facts about reports and monthly follow-up (R28, R32, R89–R92), and this context's corrections."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.assistance.values import OnJob, VisitMode, WorkStatus
from events.contracts.base import Code, Day, Doc, Event, Open, Period, Sealed, Text
from events.contracts.posts import FoundChange
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact


class StatusReported(Event):
    """The person reported the state of work or unemployment (R28, R32)."""

    type: ClassVar[str] = "assistance.status_reported.v1"
    zh: ClassVar[str] = "就业或失业状况已登记"
    en: ClassVar[str] = "Status reported"

    status: Open[WorkStatus]
    since: Day
    evidence: Doc | None = None
    in_person: Open[bool]
    differs: Open[bool] = False


class FollowUpDone(Event):
    """The community followed up; `month` counts once however many visits it had (R89–R91)."""

    type: ClassVar[str] = "assistance.follow_up_done.v1"
    zh: ClassVar[str] = "跟踪随访已完成"
    en: ClassVar[str] = "Follow-up done"

    mode: Open[VisitMode]
    place: Code | None = None
    status: Open[WorkStatus]
    on_job: OnJob | None = None
    found: FoundChange | None = None
    needs: tuple[Code, ...]
    next: Sealed[Text] | None = None
    photo: Doc | None = None
    month: Period


class FollowUpEnded(Event):
    """A person ended the follow-up after stable work since `stable_since` (R92, AS 16)."""

    type: ClassVar[str] = "assistance.follow_up_ended.v1"
    zh: ClassVar[str] = "跟踪随访已结束"
    en: ClassVar[str] = "Follow-up ended"

    stable_since: Day


class CorrectionProposed(ProposedCorrection):
    """A recorded fact was wrong; without `replacement` it is to be void (X2)."""

    type: ClassVar[str] = "assistance.correction_proposed.v1"
    zh: ClassVar[str] = "提出更正"
    en: ClassVar[str] = "Correction proposed"


class FactCorrected(RestatedFact):
    """A second person approved a correction (X2)."""

    type: ClassVar[str] = "assistance.fact_corrected.v1"
    zh: ClassVar[str] = "更正生效"
    en: ClassVar[str] = "Fact corrected"


class CorrectionRejected(RejectedCorrection):
    """A proposed correction was not followed (X2)."""

    type: ClassVar[str] = "assistance.correction_rejected.v1"
    zh: ClassVar[str] = "不予更正"
    en: ClassVar[str] = "Correction rejected"


TrackingEvent: TypeAlias = StatusReported | FollowUpDone | FollowUpEnded
CorrectionEvent: TypeAlias = CorrectionProposed | FactCorrected | CorrectionRejected
"""Can stand on every stream of this context."""
