"""Wishes about judging a certified person again (domain.md C3.2)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import CaseId, CategoryId, EventId, Open, PersonId, Restricted, Text
from services.certification.fields import Hidden, Proposal, Which
from services.kit.decider import Command


class ProposeReassessment(Command):
    """Work out what still holds after a condition changed (R39, R87, X5, AS 29)."""

    type: ClassVar[str] = "certification.propose_reassessment"
    zh: ClassVar[str] = "提出重新评估"
    en: ClassVar[str] = "Propose a reassessment"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R39", "R87", "X5")

    case: CaseId | None = Field(default=None, title="认定编号", description="The certification")
    person: PersonId | None = Field(
        default=None, title="人员", description="The person, where the open certification is meant"
    )
    cause: Open[ev.ReassessmentCause] = Field(title="原因", description="Cause")
    facts: tuple[EventId, ...] = Field(title="事实", description="Facts")


class DecideReassessment(Command):
    """Keep, change the category, or let the status lapse (X5, AS 29)."""

    type: ClassVar[str] = "certification.decide_reassessment"
    zh: ClassVar[str] = "决定重新评估"
    en: ClassVar[str] = "Decide a reassessment"
    actors: ClassVar[tuple[str, ...]] = ("county_certifier",)
    requirements: ClassVar[tuple[str, ...]] = ("X5",)

    case: Which
    proposal: Proposal
    outcome: Open[ev.ReassessmentOutcome] = Field(title="结论", description="Outcome")
    category: Restricted[ev.Category] | None = Field(
        default=None, title="新类别", description="New category"
    )
    city_category: CategoryId | None = Field(
        default=None, title="市定类别", description="Category of the city"
    )
    ground: Open[ev.LapseGround] | None = Field(
        default=None, title="失效情形", description="Ground of lapse"
    )
    reason: Hidden[Text] = Field(title="理由", description="Reason")
