"""Wishes about checks of the live log."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import CheckId, Code, Count, Open, Seq, Sha256, Short
from events.contracts.registry import CheckFinding, CheckVerdict
from services.kit.decider import Command

_CHECK = Field(title="校验", description="Check")


class RequestCheck(Command):
    """Have the whole log checked; while one check runs, no other begins (X13)."""

    type: ClassVar[str] = "registry.request_check"
    zh: ClassVar[str] = "校验日志"
    en: ClassVar[str] = "Check the log"
    actors: ClassVar[tuple[str, ...]] = ("auditor", "operator")
    requirements: ClassVar[tuple[str, ...]] = ("X13",)


class CancelCheck(Command):
    """Break a check off; what it had found by then is not kept (X13)."""

    type: ClassVar[str] = "registry.cancel_check"
    zh: ClassVar[str] = "取消校验"
    en: ClassVar[str] = "Cancel a check"
    actors: ClassVar[tuple[str, ...]] = ("auditor", "operator")
    requirements: ClassVar[tuple[str, ...]] = ("X13",)

    check: CheckId = _CHECK


class CompleteCheck(Command):
    """Record what a check came to (X13)."""

    type: ClassVar[str] = "registry.complete_check"
    zh: ClassVar[str] = "完成校验"
    en: ClassVar[str] = "Complete a check"
    actors: ClassVar[tuple[str, ...]] = ("system",)
    requirements: ClassVar[tuple[str, ...]] = ("X13",)

    check: CheckId = _CHECK
    verdict: Open[CheckVerdict] = Field(title="结果", description="Verdict")
    events: Seq = Field(title="事件数", description="Events read")
    signed: Seq = Field(title="签名至", description="Greatest good checkpoint")
    tail: Seq = Field(title="未覆盖", description="Events that no checkpoint covers")
    seconds: Count = Field(title="用时（秒）", description="Seconds it took")
    served: Count = Field(title="所比瓦片", description="Tiles compared as they are served")
    root: Sha256 | None = Field(default=None, title="树根", description="Root of the tree")
    key: Open[Short] | None = Field(default=None, title="公钥", description="Public key")
    findings: tuple[CheckFinding, ...] = Field(default=(), title="问题", description="Findings")
    why: Code | None = Field(default=None, title="原因", description="What stopped it")
