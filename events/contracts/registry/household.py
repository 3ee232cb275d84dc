"""Facts about a household: its members and who of them counts (R14, X7, AS 6)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from events.contracts.base import (
    Body,
    Code,
    Doc,
    Event,
    EventId,
    HouseholdId,
    OfficeId,
    Open,
    PersonId,
    Sealed,
    SealedUnder,
    Short,
)
from events.contracts.registry.person import CodeText

CountsAs: TypeAlias = Literal[
    "normal", "student", "soldier", "early_retired", "retired", "unable_to_work", "minor"
]


class Member(Body):
    """A member; the relation is sealed under the member's own key."""

    person: PersonId
    relation: Annotated[Sealed[CodeText], SealedUnder("person")]
    counts_as: Open[CountsAs]


class HouseholdFormed(Event):
    """Persons who share a household book were put on record together (R14, X7)."""

    type: ClassVar[str] = "registry.household_formed.v1"
    zh: ClassVar[str] = "家庭已建立"
    en: ClassVar[str] = "Household formed"

    community: OfficeId
    address: Sealed[Short]
    members: tuple[Member, ...]
    book: Doc
    split_from: EventId | None = None


class MemberAdded(Event):
    """A person joined the household (X7)."""

    type: ClassVar[str] = "registry.member_added.v1"
    zh: ClassVar[str] = "家庭成员已增加"
    en: ClassVar[str] = "Member added"

    person: PersonId
    relation: Annotated[Sealed[CodeText], SealedUnder("person")]
    counts_as: Open[CountsAs]


class MemberLeft(Event):
    """A person left the household (X7)."""

    type: ClassVar[str] = "registry.member_left.v1"
    zh: ClassVar[str] = "家庭成员已离开"
    en: ClassVar[str] = "Member left"

    person: PersonId
    reason: Code


class MemberStatusSet(Event):
    """How a member counts towards the zero-employment household changed (AS 6)."""

    type: ClassVar[str] = "registry.member_status_set.v1"
    zh: ClassVar[str] = "家庭成员计入方式已变更"
    en: ClassVar[str] = "Member's status set"

    person: PersonId
    counts_as: Open[CountsAs]
    proof: Doc


class HouseholdSplit(Event):
    """Several members left at once (X7)."""

    type: ClassVar[str] = "registry.household_split.v1"
    zh: ClassVar[str] = "家庭已分户"
    en: ClassVar[str] = "Household split"

    leaving: tuple[PersonId, ...]
    reason: Code


class HouseholdsMerged(Event):
    """Another household was merged into this one (X7)."""

    type: ClassVar[str] = "registry.households_merged.v1"
    zh: ClassVar[str] = "家庭已合并"
    en: ClassVar[str] = "Households merged"

    survivor: HouseholdId
    absorbed: HouseholdId


class HouseholdAbsorbed(Event):
    """This household was merged into another one; its members left (X7)."""

    type: ClassVar[str] = "registry.household_absorbed.v1"
    zh: ClassVar[str] = "家庭已并入"
    en: ClassVar[str] = "Household absorbed"

    survivor: HouseholdId
    absorbed: HouseholdId


HouseholdFact: TypeAlias = (
    HouseholdFormed
    | MemberAdded
    | MemberLeft
    | MemberStatusSet
    | HouseholdSplit
    | HouseholdsMerged
    | HouseholdAbsorbed
)
