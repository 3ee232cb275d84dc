"""Wishes about the application (domain.md C3.2)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from events.contracts import certification as ev
from events.contracts.base import (
    CaseId,
    CategoryId,
    Code,
    Day,
    Doc,
    HouseholdId,
    Open,
    Restricted,
    Text,
    UserId,
)
from services.certification.fields import Hidden, Which, Whom
from services.kit.decider import Command

Index = Annotated[int, Field(ge=0, le=200)]


class FileApplication(Command):
    """Apply at the community of residence (R6–R18, R35)."""

    type: ClassVar[str] = "certification.file_application"
    zh: ClassVar[str] = "提出认定申请"
    en: ClassVar[str] = "File an application"
    actors: ClassVar[tuple[str, ...]] = ("community_officer",)
    requirements: ClassVar[tuple[str, ...]] = (
        "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R18",
        "R35",
    )  # fmt: skip

    person: Whom
    categories: Restricted[tuple[ev.Category, ...]] = Field(
        title="申报类别", description="Categories applied for", min_length=1, max_length=4
    )
    city_category: CategoryId | None = Field(
        default=None, title="市定类别", description="Category of the city"
    )
    household: HouseholdId | None = Field(default=None, title="家庭", description="Household")
    causes: Restricted[tuple[ev.Cause, ...]] = Field(
        default=(), title="困难原因", description="Causes of difficulty"
    )
    cause_text: Hidden[Text] | None = Field(
        default=None, title="其他原因说明", description="Text of another cause"
    )
    evidence: tuple[Doc, ...] = Field(title="证明材料", description="Evidence", min_length=1)
    attest_ability: Open[bool] = Field(title="有就业能力", description="Able to work")
    attest_wish: Open[bool] = Field(title="有就业要求", description="Wants to work")
    commitment: Doc | None = Field(default=None, title="承诺书", description="Commitment")
    signed: Doc = Field(title="本人签字申请", description="Signed application")
    previous_case: CaseId | None = Field(
        default=None, title="前次认定", description="Previous certification"
    )


class RegisterAtCommunity(Command):
    """See the originals and register the application (R19)."""

    type: ClassVar[str] = "certification.register_at_community"
    zh: ClassVar[str] = "社区登记"
    en: ClassVar[str] = "Register at the community"
    actors: ClassVar[tuple[str, ...]] = ("community_officer",)
    requirements: ClassVar[tuple[str, ...]] = ("R19",)

    case: Which
    originals_seen: Open[tuple[Index, ...]] = Field(
        title="已核对原件", description="Originals seen, by number"
    )
    visited_on: Day | None = Field(default=None, title="入户日期", description="Home visit on")
    opinion: Hidden[Text] = Field(title="社区意见", description="Opinion of the community")


class ReturnApplication(Command):
    """Send the application back for what is missing (X9)."""

    type: ClassVar[str] = "certification.return_application"
    zh: ClassVar[str] = "退回补正"
    en: ClassVar[str] = "Return the application"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "county")
    requirements: ClassVar[tuple[str, ...]] = ("X9",)

    case: Which
    reasons: tuple[Code, ...] = Field(title="退回原因", description="Reasons", min_length=1)
    missing: tuple[Code, ...] = Field(default=(), title="缺少材料", description="Missing papers")
    text: Hidden[Text] = Field(title="说明", description="Explanation")


class Resubmit(Command):
    """Bring the application back with what was missing (X9)."""

    type: ClassVar[str] = "certification.resubmit"
    zh: ClassVar[str] = "补正后重新提交"
    en: ClassVar[str] = "Resubmit"
    actors: ClassVar[tuple[str, ...]] = ("community_officer",)
    requirements: ClassVar[tuple[str, ...]] = ("X9",)

    case: Which
    evidence: tuple[Doc, ...] = Field(default=(), title="补充材料", description="Further evidence")
    changes: ev.Changes | None = Field(default=None, title="更改内容", description="Changes")


class WithdrawApplication(Command):
    """Take the application back on the person's signed statement."""

    type: ClassVar[str] = "certification.withdraw_application"
    zh: ClassVar[str] = "撤回申请"
    en: ClassVar[str] = "Withdraw the application"
    actors: ClassVar[tuple[str, ...]] = ("community", "person")
    requirements: ClassVar[tuple[str, ...]] = ("R23",)

    case: Which
    statement: Doc = Field(title="本人声明", description="Signed statement")


class AssignCase(Command):
    """Give a case to an officer of the office that holds it (X10)."""

    type: ClassVar[str] = "certification.assign_case"
    zh: ClassVar[str] = "分派经办人"
    en: ClassVar[str] = "Assign the case"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "county")
    requirements: ClassVar[tuple[str, ...]] = ("X10",)

    case: Which
    officer: UserId = Field(title="经办人", description="Officer")
