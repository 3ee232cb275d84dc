"""Wishes about exports (domain.md C3.1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, JsonValue

from events.contracts.base import Count, Day, EventId, ExportId, Open, Seq, Sha256, Text
from events.contracts.registry import ExportFormat
from services.kit.decider import Command


class RequestExport(Command):
    """Ask for an export; a masked one runs at once (X15)."""

    type: ClassVar[str] = "registry.request_export"
    zh: ClassVar[str] = "申请导出"
    en: ClassVar[str] = "Request an export"
    actors: ClassVar[tuple[str, ...]] = ("office", "auditor")
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    query: Open[JsonValue] = Field(title="查询条件", description="Query")
    masked: Open[bool] = Field(title="遮盖个人信息", description="Personal data masked")
    reason: Open[Text] = Field(title="理由", description="Reason")
    format: Open[ExportFormat] = Field(title="格式", description="Format")


class ApproveExport(Command):
    """Approve an unmasked export that another person asked for (X15)."""

    type: ClassVar[str] = "registry.approve_export"
    zh: ClassVar[str] = "批准导出"
    en: ClassVar[str] = "Approve an export"
    actors: ClassVar[tuple[str, ...]] = ("head",)
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    export: ExportId = Field(title="导出", description="Export")
    request: EventId = Field(title="申请", description="Request")


class RejectExport(Command):
    """Turn an unmasked export down (X15)."""

    type: ClassVar[str] = "registry.reject_export"
    zh: ClassVar[str] = "退回导出申请"
    en: ClassVar[str] = "Reject an export"
    actors: ClassVar[tuple[str, ...]] = ("head",)
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    export: ExportId = Field(title="导出", description="Export")
    request: EventId = Field(title="申请", description="Request")
    reason: Open[Text] = Field(title="理由", description="Reason")


class CompleteExport(Command):
    """Record a file that an approved or masked export became; each one handed over (X15)."""

    type: ClassVar[str] = "registry.complete_export"
    zh: ClassVar[str] = "完成导出"
    en: ClassVar[str] = "Complete an export"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    export: ExportId = Field(title="导出", description="Export")
    request: EventId = Field(title="申请", description="Request")
    rows: Count = Field(title="行数", description="Rows")
    sha256: Sha256 = Field(title="文件校验值", description="Hash of the file")
    known: Seq = Field(title="数据截至序号", description="Position of knowledge")
    expires_on: Day = Field(title="文件截止日期", description="Last day of the file")
    persons: Count | None = Field(default=None, title="涉及人数", description="Persons opened")
