"""Wishes about offices (domain.md C3.1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import (
    Code,
    Day,
    Division,
    Doc,
    FromDay,
    OfficeId,
    Open,
    Short,
    UserId,
)
from events.contracts.registry import OfficeKind, OfficeLevel
from services.kit.decider import Command

KEEPERS = ("rule_admin", "province_officer")


class OpenOffice(Command):
    """Open an office: the labour office of a division, or a department or body beneath it (R1)."""

    type: ClassVar[str] = "registry.open_office"
    zh: ClassVar[str] = "设立单位"
    en: ClassVar[str] = "Open an office"
    actors: ClassVar[tuple[str, ...]] = (*KEEPERS, "county", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R1", "R81", "R102", "R113", "X19")

    name: Open[Short] = Field(title="单位名称", description="Name")
    kind: Open[OfficeKind] = Field(title="单位性质", description="Kind")
    level: Open[OfficeLevel] = Field(title="层级", description="Level")
    parent: OfficeId | None = Field(
        default=None, title="上级单位", description="Parent; taken from the code where absent"
    )
    code: Division | None = Field(default=None, title="区划代码", description="Division code")
    department: Code | None = Field(default=None, title="部门", description="Department")
    from_day: FromDay = Field(title="设立日期", description="First day")


class RenameOffice(Command):
    """Give an office another name from a day on (X19)."""

    type: ClassVar[str] = "registry.rename_office"
    zh: ClassVar[str] = "单位更名"
    en: ClassVar[str] = "Rename an office"
    actors: ClassVar[tuple[str, ...]] = KEEPERS
    requirements: ClassVar[tuple[str, ...]] = ("X19",)

    office: OfficeId = Field(title="单位", description="Office")
    name: Open[Short] = Field(title="新名称", description="New name")
    from_day: FromDay = Field(title="生效日期", description="First day")
    document: Doc | None = Field(default=None, title="依据文件", description="Document")


class CloseOffice(Command):
    """Close an office; `from` is the first day without it (X19)."""

    type: ClassVar[str] = "registry.close_office"
    zh: ClassVar[str] = "撤销单位"
    en: ClassVar[str] = "Close an office"
    actors: ClassVar[tuple[str, ...]] = KEEPERS
    requirements: ClassVar[tuple[str, ...]] = ("X19",)

    office: OfficeId = Field(title="单位", description="Office")
    from_day: FromDay = Field(title="撤销日期", description="First day without it")
    document: Doc | None = Field(default=None, title="依据文件", description="Document")


class SetMiningArea(Command):
    """Say whether a street is an independent mining area, without the street's step (R24)."""

    type: ClassVar[str] = "registry.set_mining_area"
    zh: ClassVar[str] = "设置独立工矿区"
    en: ClassVar[str] = "Set the mining-area flag"
    actors: ClassVar[tuple[str, ...]] = ("county", "city")
    requirements: ClassVar[tuple[str, ...]] = ("R24",)

    office: OfficeId = Field(title="街道（乡镇）", description="Office of street level")
    is_mining_area: Open[bool] = Field(title="独立工矿区", description="Is a mining area")
    from_day: FromDay = Field(title="生效日期", description="First day")
    document: Doc | None = Field(default=None, title="依据文件", description="Document")


class NameLeader(Command):
    """Name the leader who answers for an office for a term (R107)."""

    type: ClassVar[str] = "registry.name_leader"
    zh: ClassVar[str] = "明确责任领导"
    en: ClassVar[str] = "Name a responsible leader"
    actors: ClassVar[tuple[str, ...]] = ("head",)
    requirements: ClassVar[tuple[str, ...]] = ("R107",)

    office: OfficeId = Field(title="单位", description="Office")
    leader: UserId = Field(title="责任领导", description="Leader's account")
    post: Open[Short] = Field(title="职务", description="Post held")
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day | None = Field(default=None, title="截止日期", description="Last day")
