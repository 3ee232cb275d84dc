"""Wishes about a person of the register (domain.md C3.1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from events.contracts.base import (
    Code,
    Day,
    Doc,
    EventId,
    FromDay,
    Money,
    OfficeId,
    Open,
    PersonId,
    Short,
)
from events.contracts.base import Text as LongText
from events.contracts.registry import (
    Condition,
    Hukou,
    Ownership,
    PersonFactName,
    SexWord,
    Skill,
    WorkerTypeWord,
)
from services.kit.decider import Command
from services.registry.fields import Hidden, Whom


class RegisterPerson(Command):
    """Take a person into the register of the community of residence (R17, X8)."""

    type: ClassVar[str] = "registry.register_person"
    zh: ClassVar[str] = "登记人员"
    en: ClassVar[str] = "Register a person"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("R17", "X8")

    name: Hidden[Short] = Field(title="姓名", description="Name")
    sex: Open[SexWord] = Field(title="性别", description="Sex")
    birth_date: Hidden[date] = Field(title="出生日期", description="Date of birth")
    national_id: Hidden[Short] = Field(title="公民身份号码", description="National ID number")
    phone: Hidden[Short] | None = Field(default=None, title="电话", description="Phone")
    address: Hidden[Short] = Field(title="居住地址", description="Address")
    residence: OfficeId = Field(title="居住地社区", description="Community of residence")
    hukou: Hukou = Field(title="户口", description="Household registration")
    worker_type: Open[WorkerTypeWord] = Field(
        title="工人或干部身份", description="Worker or cadre, as on file"
    )
    special_work: Open[bool] = Field(title="特殊工种", description="Special heavy work")
    education: Code | None = Field(default=None, title="文化程度", description="Education")
    health: Hidden[LongText] | None = Field(default=None, title="健康状况", description="Health")
    not_same_as: tuple[PersonId, ...] = Field(
        default=(), title="非同一人", description="Likely duplicates that are other persons"
    )


class RecordPersonChange(Command):
    """Record that something about the person changed in the world; not a correction (X2)."""

    type: ClassVar[str] = "registry.record_person_change"
    zh: ClassVar[str] = "登记人员信息变更"
    en: ClassVar[str] = "Record a change of a person's facts"
    actors: ClassVar[tuple[str, ...]] = ("community", "street")
    requirements: ClassVar[tuple[str, ...]] = ("R8", "R9", "R37")

    person: Whom
    fact: Open[PersonFactName] = Field(title="变更事项", description="What changed")
    value: Hidden[LongText] = Field(
        title="变更后内容", description="The new value; hukou as '140105 urban'"
    )
    proof: Doc | None = Field(default=None, title="证明", description="Proof")


class RecordUnemploymentRegistration(Command):
    """Register the person as unemployed (R11, R13)."""

    type: ClassVar[str] = "registry.record_unemployment_registration"
    zh: ClassVar[str] = "办理失业登记"
    en: ClassVar[str] = "Register as unemployed"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "pes_clerk", "county")
    requirements: ClassVar[tuple[str, ...]] = ("R11", "R13")

    person: Whom
    certificate: Doc | None = Field(
        default=None, title="失业登记证件", description="Unemployment certificate"
    )
    last_employer: Hidden[Short] | None = Field(
        default=None, title="原单位", description="Last employer"
    )
    last_ownership: Open[Ownership] = Field(
        title="原单位所有制", description="Ownership of the last employer"
    )
    last_job_ended_on: Day | None = Field(
        default=None, title="原劳动关系终止日期", description="Day on which the last job ended"
    )
    proof: tuple[Doc, ...] = Field(title="证明材料", description="Proof")


class CancelUnemploymentRegistration(Command):
    """End the open unemployment registration (R11)."""

    type: ClassVar[str] = "registry.cancel_unemployment_registration"
    zh: ClassVar[str] = "注销失业登记"
    en: ClassVar[str] = "Cancel the unemployment registration"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "pes_clerk", "county", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R11",)

    person: Whom
    ground: Code = Field(title="注销原因", description="Ground")
    proof: Doc | None = Field(default=None, title="证明", description="Proof")


class RecordDibao(Command):
    """Record that the person draws the urban minimum living allowance (R15)."""

    type: ClassVar[str] = "registry.record_dibao"
    zh: ClassVar[str] = "登记享受低保"
    en: ClassVar[str] = "Record the minimum living allowance"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "civil_affairs")
    requirements: ClassVar[tuple[str, ...]] = ("R15",)

    person: Whom
    from_day: FromDay = Field(title="开始日期", description="First day")
    until: Day | None = Field(default=None, title="截止日期", description="Last day, if known")
    certificate: Doc = Field(title="低保证", description="Living allowance certificate")


class EndDibao(Command):
    """Record that the allowance ended; the day is the first one without it (R15, X5)."""

    type: ClassVar[str] = "registry.end_dibao"
    zh: ClassVar[str] = "登记停发低保"
    en: ClassVar[str] = "Record the end of the living allowance"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "civil_affairs")
    requirements: ClassVar[tuple[str, ...]] = ("R15", "X5")

    person: Whom
    proof: Doc = Field(title="证明", description="Proof")


class RecordWishes(Command):
    """Record what the person wants and is able to do (R10, R37, R65, R101)."""

    type: ClassVar[str] = "registry.record_wishes"
    zh: ClassVar[str] = "登记求职意愿"
    en: ClassVar[str] = "Record wishes"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "pes_clerk")
    requirements: ClassVar[tuple[str, ...]] = ("R10", "R37", "R65", "R101")

    person: Whom
    wants_work: Open[bool] = Field(title="有就业要求", description="Wants work")
    able_to_work: Open[bool] = Field(title="有就业能力", description="Is able to work")
    startup_wish: Open[bool] = Field(title="有创业意愿", description="Wants to start a business")
    occupations: tuple[Code, ...] = Field(
        default=(), title="意向职业", description="Wanted occupations"
    )
    min_wage: Money | None = Field(
        default=None, title="最低工资要求（分）", description="Least monthly wage in fen"
    )
    areas: tuple[OfficeId, ...] = Field(
        default=(), title="意向地区", description="Areas in which to work"
    )


class RecordSkills(Command):
    """Add skills to the person's record (R37, R100)."""

    type: ClassVar[str] = "registry.record_skills"
    zh: ClassVar[str] = "登记技能"
    en: ClassVar[str] = "Record skills"
    actors: ClassVar[tuple[str, ...]] = ("community", "street", "pes_clerk", "trainer", "system")
    requirements: ClassVar[tuple[str, ...]] = ("R37", "R100")

    person: Whom
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)] = Field(
        title="技能", description="Skills with level and certificate"
    )


class RecordConditionLost(Command):
    """Record that a condition of the status no longer holds (X5, R39; T15)."""

    type: ClassVar[str] = "registry.record_condition_lost"
    zh: ClassVar[str] = "登记不再具备条件"
    en: ClassVar[str] = "Record a lost condition"
    actors: ClassVar[tuple[str, ...]] = (
        "community",
        "street",
        "county",
        "pes_clerk",
        "civil_affairs",
        "system",
    )
    requirements: ClassVar[tuple[str, ...]] = ("X5", "R39", "R9")

    person: Whom
    condition: Open[Condition] = Field(title="丧失的条件", description="Condition")
    proof: Doc | None = Field(default=None, title="证明", description="Proof")
    note: Hidden[LongText] | None = Field(default=None, title="说明", description="Note")


class RestrictProcessing(Command):
    """Keep the person's data but process it no more (A14)."""

    type: ClassVar[str] = "registry.restrict_processing"
    zh: ClassVar[str] = "限制处理个人信息"
    en: ClassVar[str] = "Restrict the processing"
    actors: ClassVar[tuple[str, ...]] = ("county_head",)
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    person: Whom
    basis: Code = Field(title="依据", description="Basis")
    from_day: FromDay = Field(title="开始日期", description="First day")


class ProposeShredding(Command):
    """Propose to destroy the person's key; the cooling-off begins (A14, AS 48)."""

    type: ClassVar[str] = "registry.propose_shredding"
    zh: ClassVar[str] = "提议销毁个人密钥"
    en: ClassVar[str] = "Propose the shredding"
    actors: ClassVar[tuple[str, ...]] = ("county_head",)
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    person: Whom
    basis: Code = Field(title="依据", description="Basis")
    document: Doc = Field(title="依据文件", description="Document")


class ApproveShredding(Command):
    """Destroy the person's key by a second signature after the cooling-off (A14, AS 48)."""

    type: ClassVar[str] = "registry.approve_shredding"
    zh: ClassVar[str] = "批准销毁个人密钥"
    en: ClassVar[str] = "Approve the shredding"
    actors: ClassVar[tuple[str, ...]] = ("city_head",)
    requirements: ClassVar[tuple[str, ...]] = ("X15",)

    person: Whom
    proposal: EventId = Field(title="提议", description="Proposal")
