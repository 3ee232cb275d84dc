"""Wishes about offers (domain.md C3.4)."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from events.contracts.base import (
    CaseId,
    Code,
    Day,
    EventId,
    Found,
    OfferId,
    OfficeId,
    Open,
    PersonId,
    Text,
)
from events.contracts.posts import Judgement, OfferMode, OfferSource
from services.kit.decider import Command
from services.posts.fields import Hidden, WhichOffer, WhichPost, Whom

_OFFERING = ("labour", "pes_clerk", "agency")


class OfferJob(Command):
    """Offer a post to a certified, unemployed person (R31, R95–R97)."""

    type: ClassVar[str] = "posts.offer_job"
    zh: ClassVar[str] = "提供就业岗位"
    en: ClassVar[str] = "Offer a job"
    actors: ClassVar[tuple[str, ...]] = _OFFERING
    requirements: ClassVar[tuple[str, ...]] = ("R31", "R34", "R95", "R96", "R97")

    person: Whom
    case: CaseId | None = Field(default=None, title="个案", description="Case; else the open one")
    post: WhichPost
    source: Open[OfferSource] = Field(title="岗位来源", description="Who offers")
    commissioned_by: OfficeId | None = Field(
        default=None, title="委托单位", description="Labour department that commissioned it"
    )
    mode: Open[OfferMode] = Field(title="提供方式", description="Fair, individual, home, other")
    suitable: Open[bool] = Field(
        default=True, title="岗位合适", description="The post suits the person"
    )
    checks: tuple[Found, ...] = Field(
        default=(), title="其他核对", description="Further checks of suitability"
    )
    answer_by: Day = Field(title="答复期限", description="Last day for an answer")


class RecordOfferOutcome(Command):
    """Record what became of an offer (R29)."""

    type: ClassVar[str] = "posts.record_offer_outcome"
    zh: ClassVar[str] = "登记岗位提供结果"
    en: ClassVar[str] = "Record the outcome of an offer"
    actors: ClassVar[tuple[str, ...]] = _OFFERING
    requirements: ClassVar[tuple[str, ...]] = ("R29",)

    offer: WhichOffer
    outcome: Open[Literal["accepted", "refused", "not_taken_up", "withdrawn"]] = Field(
        title="结果", description="Outcome"
    )
    reason: Code | None = Field(
        default=None, title="原因", description="Reason; needed unless accepted"
    )
    text: Hidden[Text] | None = Field(default=None, title="说明", description="Explanation")


class WithdrawOffer(Command):
    """Withdraw an open offer; the system withdraws all open offers of a person (R34)."""

    type: ClassVar[str] = "posts.withdraw_offer"
    zh: ClassVar[str] = "撤回岗位提供"
    en: ClassVar[str] = "Withdraw an offer"
    actors: ClassVar[tuple[str, ...]] = (*_OFFERING, "system")
    requirements: ClassVar[tuple[str, ...]] = ("R34",)

    offer: OfferId | None = Field(
        default=None, title="岗位提供记录", description="Offer, unless the person is given"
    )
    person: PersonId | None = Field(
        default=None, title="人员", description="Every open offer of this person (system)"
    )
    reason: Code = Field(title="原因", description="Reason")


class JudgeRefusal(Command):
    """Judge whether there was just cause, after hearing the person (R29, R30, R97, AS 14)."""

    type: ClassVar[str] = "posts.judge_refusal"
    zh: ClassVar[str] = "认定未上岗理由"
    en: ClassVar[str] = "Judge a refusal"
    actors: ClassVar[tuple[str, ...]] = ("street_signer", "county_reviewer")
    requirements: ClassVar[tuple[str, ...]] = ("R29", "R30", "R97")

    offer: WhichOffer
    judged: Open[Judgement] = Field(title="认定结果", description="Just or unjust")
    reason: Code = Field(title="理由", description="Reason")
    text: Hidden[Text] = Field(title="说明", description="Explanation")
    heard_on: Day = Field(title="听取意见日期", description="Day on which the person was heard")


class RejudgeRefusal(Command):
    """Judge a refusal again, by another person, with a reason (R30)."""

    type: ClassVar[str] = "posts.rejudge_refusal"
    zh: ClassVar[str] = "重新认定未上岗理由"
    en: ClassVar[str] = "Judge a refusal again"
    actors: ClassVar[tuple[str, ...]] = ("street_signer", "county_reviewer")
    requirements: ClassVar[tuple[str, ...]] = ("R30",)

    offer: WhichOffer
    judged: Open[Judgement] = Field(title="认定结果", description="Just or unjust")
    reason: Code = Field(title="理由", description="Reason")
    text: Hidden[Text] = Field(title="说明", description="Explanation")
    supersedes: EventId = Field(title="原认定", description="The judgement that it replaces")
