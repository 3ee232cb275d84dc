"""Wishes about the certified household (domain.md C3.2)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import EventId, HouseholdId, Open, PersonId
from services.certification.fields import Whom
from services.kit.decider import Command


class ClearHousehold(Command):
    """Clear a certified household whose first counted member is at work (R87, T8)."""

    type: ClassVar[str] = "certification.clear_household"
    zh: ClassVar[str] = "零就业家庭消零"
    en: ClassVar[str] = "Clear the household"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R14", "R87")

    household: HouseholdId | None = Field(
        default=None, title="家庭", description="Household; the member's own where absent"
    )
    member: Whom
    placement: EventId = Field(title="就业事件", description="Placement")


class RemoveHousehold(Command):
    """Take off a household that no longer qualifies for another reason (R14)."""

    type: ClassVar[str] = "certification.remove_household"
    zh: ClassVar[str] = "零就业家庭退出"
    en: ClassVar[str] = "Remove the household"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("R14",)

    household: HouseholdId | None = Field(
        default=None, title="家庭", description="Household; the member's own where absent"
    )
    member: PersonId | None = Field(
        default=None, title="人员", description="A member, where the household is not named"
    )
    reason: Open[ev.LeftReason] = Field(title="原因", description="Reason")
    facts: tuple[EventId, ...] = Field(title="事实", description="Facts")
