"""Wishes about batches of labour export (domain.md C3.4)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import BatchId, Count, Day, Division, EmployerId, OfficeId, Open, Short
from events.contracts.posts import Places
from services.kit.decider import Command


class OpenExportBatch(Command):
    """Open a batch of organised labour export (R79, R80)."""

    type: ClassVar[str] = "posts.open_export_batch"
    zh: ClassVar[str] = "组织劳务输出"
    en: ClassVar[str] = "Open an export batch"
    actors: ClassVar[tuple[str, ...]] = ("county", "city")
    requirements: ClassVar[tuple[str, ...]] = ("R79", "R80")

    origin: OfficeId = Field(title="输出地", description="Office of origin")
    destination: Division = Field(title="输入地", description="Division of destination")
    organiser: OfficeId = Field(title="组织单位", description="Organiser")
    employer: EmployerId | None = Field(default=None, title="用人单位", description="Employer")
    places: Places = Field(title="名额", description="Places")
    leaves_on: Day = Field(title="出发日期", description="Day of leaving")
    contact_station: Open[Short] | None = Field(
        default=None, title="驻外联络站", description="Contact station"
    )


class CloseExportBatch(Command):
    """Close a batch with the number placed (R79)."""

    type: ClassVar[str] = "posts.close_export_batch"
    zh: ClassVar[str] = "结束劳务输出批次"
    en: ClassVar[str] = "Close an export batch"
    actors: ClassVar[tuple[str, ...]] = ("labour", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("R79",)

    batch: BatchId = Field(title="批次", description="Batch")
    placed: Count = Field(title="安置人数", description="Persons placed")
