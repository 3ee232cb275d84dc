"""Facts about offices: the tree, mining areas and leaders (R1, R24, R107, X19)."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from events.contracts.base import (
    Body,
    Code,
    Day,
    Division,
    Doc,
    Event,
    FromDay,
    OfficeId,
    Open,
    Short,
    UserId,
)

OfficeKind: TypeAlias = Literal[
    "labour",
    "pes",
    "government",
    "department",
    "training",
    "appraisal",
    "agency",
    "union",
    "youth",
    "women",
    "media",
]
OfficeLevel: TypeAlias = Literal["province", "city", "county", "street", "community"]


class NewOffice(Body):
    """One of the offices that a split makes, with the offices that come under it."""

    name: Open[Short]
    code: Division
    children: tuple[OfficeId, ...] = ()


class OfficeOpened(Event):
    """An office began its work; `code` is the division code in natural length (R1, X19)."""

    type: ClassVar[str] = "registry.office_opened.v1"
    zh: ClassVar[str] = "单位已设立"
    en: ClassVar[str] = "Office opened"

    name: Open[Short]
    kind: Open[OfficeKind]
    level: Open[OfficeLevel]
    parent: OfficeId | None = None
    code: Division | None = None
    department: Code | None = None
    from_day: FromDay


class OfficeRenamed(Event):
    """The office has another name from a day on (X19)."""

    type: ClassVar[str] = "registry.office_renamed.v1"
    zh: ClassVar[str] = "单位已更名"
    en: ClassVar[str] = "Office renamed"

    name: Open[Short]
    from_day: FromDay
    document: Doc | None = None


class OfficeRecoded(Event):
    """The office has another division code from a day on; its id stays (X19, A9)."""

    type: ClassVar[str] = "registry.office_recoded.v1"
    zh: ClassVar[str] = "单位代码已变更"
    en: ClassVar[str] = "Office recoded"

    code: Division
    from_day: FromDay
    document: Doc


class OfficeMoved(Event):
    """The office stands under another one from a day on (X19)."""

    type: ClassVar[str] = "registry.office_moved.v1"
    zh: ClassVar[str] = "单位隶属已变更"
    en: ClassVar[str] = "Office moved"

    parent: OfficeId
    from_day: FromDay
    document: Doc


class OfficesMerged(Event):
    """Other offices were merged into this one (X19)."""

    type: ClassVar[str] = "registry.offices_merged.v1"
    zh: ClassVar[str] = "单位已合并"
    en: ClassVar[str] = "Offices merged"

    into: OfficeId
    closing: tuple[OfficeId, ...]
    from_day: FromDay
    document: Doc


class OfficeSplit(Event):
    """The office was split into new ones; each child office is assigned (X19)."""

    type: ClassVar[str] = "registry.office_split.v1"
    zh: ClassVar[str] = "单位已拆分"
    en: ClassVar[str] = "Office split"

    new: tuple[NewOffice, ...]
    from_day: FromDay
    document: Doc


class OfficeClosed(Event):
    """The office ended its work (X19)."""

    type: ClassVar[str] = "registry.office_closed.v1"
    zh: ClassVar[str] = "单位已撤销"
    en: ClassVar[str] = "Office closed"

    from_day: FromDay
    document: Doc | None = None


class MiningAreaSet(Event):
    """A street became, or ceased to be, an independent mining area (R24)."""

    type: ClassVar[str] = "registry.mining_area_set.v1"
    zh: ClassVar[str] = "独立工矿区标识已设置"
    en: ClassVar[str] = "Mining area set"

    is_mining_area: Open[bool]
    from_day: FromDay
    document: Doc | None = None


class LeaderNamed(Event):
    """The office has a responsible leader for a term (R107)."""

    type: ClassVar[str] = "registry.leader_named.v1"
    zh: ClassVar[str] = "责任领导已明确"
    en: ClassVar[str] = "Leader named"

    leader: UserId
    post: Open[Short]
    from_day: FromDay
    until: Day | None = None


OfficeFact: TypeAlias = (
    OfficeOpened
    | OfficeRenamed
    | OfficeRecoded
    | OfficeMoved
    | OfficesMerged
    | OfficeSplit
    | OfficeClosed
    | MiningAreaSet
    | LeaderNamed
)
