"""Wishes about vacancies and public-welfare posts (domain.md C3.4)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from events.contracts.base import (
    Code,
    Day,
    Division,
    Doc,
    EmployerId,
    FromDay,
    Money,
    Open,
    Short,
)
from events.contracts.posts import CloseReason, HostType, Places, PostType, Suits, WageRange
from services.kit.decider import Command
from services.posts.fields import WhichPost


class ListVacancy(Command):
    """Put a vacancy into the pool of suitable posts (R95)."""

    type: ClassVar[str] = "posts.list_vacancy"
    zh: ClassVar[str] = "登记岗位信息"
    en: ClassVar[str] = "List a vacancy"
    actors: ClassVar[tuple[str, ...]] = ("pes_clerk",)
    requirements: ClassVar[tuple[str, ...]] = ("R95",)

    employer: EmployerId = Field(title="用人单位", description="Employer")
    title: Open[Short] = Field(title="岗位名称", description="Title")
    occupation: Code = Field(title="职业", description="Occupation")
    places: Places = Field(title="名额", description="Places")
    work_division: Division = Field(title="工作地点", description="Division of work")
    wage: WageRange | None = Field(default=None, title="工资", description="Wage in fen a month")
    suits: Suits = Field(default=Suits(), title="适合人员", description="Whom it suits")
    source: Code = Field(title="岗位来源", description="Source")
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day = Field(title="截止日期", description="Last day")


class DevelopPublicPost(Command):
    """Develop a public-welfare post (R74, R75)."""

    type: ClassVar[str] = "posts.develop_public_post"
    zh: ClassVar[str] = "开发公益性岗位"
    en: ClassVar[str] = "Develop a public-welfare post"
    actors: ClassVar[tuple[str, ...]] = ("county", "street", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("R74", "R75")

    post_type: Open[PostType] = Field(title="岗位类型", description="Type")
    host: EmployerId = Field(title="用人单位", description="Host")
    host_type: Open[HostType] = Field(title="用人单位类型", description="Type of the host")
    title: Open[Short] = Field(title="岗位名称", description="Title")
    places: Places = Field(title="名额", description="Places")
    work_division: Division = Field(title="工作地点", description="Division of work")
    wage: Money = Field(title="工资（分/月）", description="Wage in fen a month")
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day | None = Field(default=None, title="截止日期", description="Last day")
    document: Doc | None = Field(default=None, title="批准文件", description="Document")


class ChangePost(Command):
    """Change places, last day or wage of a post (R95)."""

    type: ClassVar[str] = "posts.change_post"
    zh: ClassVar[str] = "变更岗位"
    en: ClassVar[str] = "Change a post"
    actors: ClassVar[tuple[str, ...]] = ("county", "street", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("R95",)

    post: WhichPost
    places: Places | None = Field(default=None, title="名额", description="Places")
    until: Day | None = Field(default=None, title="截止日期", description="Last day")
    wage: Money | None = Field(
        default=None, title="工资（分/月）", description="Wage in fen a month"
    )


class ClosePost(Command):
    """Close a post; persons placed stay placed (R74, R95)."""

    type: ClassVar[str] = "posts.close_post"
    zh: ClassVar[str] = "关闭岗位"
    en: ClassVar[str] = "Close a post"
    actors: ClassVar[tuple[str, ...]] = ("county", "street", "pes_clerk", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R74", "R95")

    post: WhichPost
    reason: Open[CloseReason] = Field(title="原因", description="Reason")
