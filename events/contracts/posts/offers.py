"""Facts about one offer of a job: made, answered, judged (R29–R31, R95–R97)."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.base import (
    CaseId,
    Code,
    Day,
    Event,
    EventId,
    Found,
    OfficeId,
    Open,
    PersonId,
    PostId,
    Sealed,
    Text,
)
from events.contracts.posts.values import Judgement, OfferMode, OfferSource


class JobOffered(Event):
    """A post was offered to a certified, unemployed person; `counts` by AS 30 (R31, R96, R97)."""

    type: ClassVar[str] = "posts.job_offered.v1"
    zh: ClassVar[str] = "已提供就业岗位"
    en: ClassVar[str] = "Job offered"

    person: PersonId
    case: CaseId
    post: PostId
    source: Open[OfferSource]
    commissioned_by: OfficeId | None = None
    mode: Open[OfferMode]
    suitable: Open[bool]
    checks: tuple[Found, ...]
    answer_by: Day
    counts: Open[bool]


class OfferAccepted(Event):
    """The person accepted the offer (R29)."""

    type: ClassVar[str] = "posts.offer_accepted.v1"
    zh: ClassVar[str] = "已接受岗位"
    en: ClassVar[str] = "Offer accepted"

    reason: Code | None = None
    text: Sealed[Text] | None = None


class OfferRefused(Event):
    """The person refused the offer (R29, R30)."""

    type: ClassVar[str] = "posts.offer_refused.v1"
    zh: ClassVar[str] = "已拒绝岗位"
    en: ClassVar[str] = "Offer refused"

    reason: Code
    text: Sealed[Text] | None = None


class NotTakenUp(Event):
    """The person did not take up the post offered (R29)."""

    type: ClassVar[str] = "posts.not_taken_up.v1"
    zh: ClassVar[str] = "未上岗"
    en: ClassVar[str] = "Not taken up"

    reason: Code
    text: Sealed[Text] | None = None


class OfferWithdrawn(Event):
    """The offer ended from the office's side; it never counts (R34)."""

    type: ClassVar[str] = "posts.offer_withdrawn.v1"
    zh: ClassVar[str] = "岗位提供已撤回"
    en: ClassVar[str] = "Offer withdrawn"

    reason: Code
    text: Sealed[Text] | None = None


class OfferTakenUp(Event):
    """The person started work in the post offered (R29)."""

    type: ClassVar[str] = "posts.offer_taken_up.v1"
    zh: ClassVar[str] = "已上岗"
    en: ClassVar[str] = "Offer taken up"

    post: PostId


class RefusalJudged(Event):
    """Whether there was just cause, after the person was heard (R29, R30, AS 14)."""

    type: ClassVar[str] = "posts.refusal_judged.v1"
    zh: ClassVar[str] = "未上岗理由已认定"
    en: ClassVar[str] = "Refusal judged"

    judged: Open[Judgement]
    reason: Code
    text: Sealed[Text]
    heard_on: Day
    case: CaseId
    counts: Open[bool]


class RefusalRejudged(Event):
    """Another officer judged the refusal again; `supersedes` is the judgement replaced (R30)."""

    type: ClassVar[str] = "posts.refusal_rejudged.v1"
    zh: ClassVar[str] = "未上岗理由已重新认定"
    en: ClassVar[str] = "Refusal judged again"

    judged: Open[Judgement]
    reason: Code
    text: Sealed[Text]
    supersedes: EventId
    case: CaseId
    counts: Open[bool]


OfferEvent: TypeAlias = (
    JobOffered
    | OfferAccepted
    | OfferRefused
    | NotTakenUp
    | OfferWithdrawn
    | OfferTakenUp
    | RefusalJudged
    | RefusalRejudged
)
