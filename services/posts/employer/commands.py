"""Wishes about employers (domain.md C3.4)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import Code, Division, Open, Short
from events.contracts.posts import EmployerKind, UnifiedCode
from services.kit.decider import Command
from services.posts.fields import Hidden


class RegisterEmployer(Command):
    """Take an employer into the register; its code once (R70)."""

    type: ClassVar[str] = "posts.register_employer"
    zh: ClassVar[str] = "登记用人单位"
    en: ClassVar[str] = "Register an employer"
    actors: ClassVar[tuple[str, ...]] = ("pes_clerk", "street", "county")
    requirements: ClassVar[tuple[str, ...]] = ("R70",)

    name: Open[Short] = Field(title="名称", description="Name")
    unified_code: UnifiedCode = Field(title="统一代码", description="Unified code")
    ownership: Code = Field(title="所有制", description="Ownership")
    kind: Open[EmployerKind] = Field(title="单位类型", description="Kind")
    division: Division = Field(title="所在地", description="Division")
    contact: Hidden[Short] | None = Field(default=None, title="联系人", description="Contact")
