"""Wishes about a household (domain.md C3.1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import (
    Body,
    Code,
    Doc,
    EventId,
    HouseholdId,
    OfficeId,
    Open,
    PersonId,
    Short,
)
from events.contracts.registry import CountsAs, Member
from services.kit.decider import Command
from services.registry.fields import Hidden


class Leaving(Body):
    """A member who leaves, and why."""

    person: PersonId = Field(title="成员", description="Member")
    reason: Code = Field(title="离开原因", description="Reason")


class Counting(Body):
    """How a member counts from now on, with the proof."""

    person: PersonId = Field(title="成员", description="Member")
    counts_as: Open[CountsAs] = Field(title="计入方式", description="Counts as")
    proof: Doc = Field(title="证明", description="Proof")


class FormHousehold(Command):
    """Put the persons of one household book on record together (R14, X7)."""

    type: ClassVar[str] = "registry.form_household"
    zh: ClassVar[str] = "建立家庭"
    en: ClassVar[str] = "Form a household"
    actors: ClassVar[tuple[str, ...]] = ("community",)
    requirements: ClassVar[tuple[str, ...]] = ("R14", "X7")

    community: OfficeId = Field(title="社区", description="Community")
    address: Hidden[Short] = Field(title="家庭住址", description="Address")
    members: tuple[Member, ...] = Field(title="家庭成员", description="Members", min_length=1)
    book: Doc = Field(title="户口簿", description="Household book")
    split_from: EventId | None = Field(
        default=None, title="分户来源", description="The split from which the household comes"
    )


class ChangeHousehold(Command):
    """Add a member, let one leave, or set how one counts: exactly one of them (X7, AS 6)."""

    type: ClassVar[str] = "registry.change_household"
    zh: ClassVar[str] = "变更家庭成员"
    en: ClassVar[str] = "Change a household"
    actors: ClassVar[tuple[str, ...]] = ("community",)
    requirements: ClassVar[tuple[str, ...]] = ("R14", "X7")

    household: HouseholdId = Field(title="家庭", description="Household")
    add: Member | None = Field(default=None, title="增加成员", description="Member to add")
    leave: Leaving | None = Field(default=None, title="成员离开", description="Member who leaves")
    set: Counting | None = Field(
        default=None, title="变更计入方式", description="How a member counts"
    )
