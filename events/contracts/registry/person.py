"""Facts about a person in the register (domain.md C3.1)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from events.contracts.base import (
    Body,
    BoundedDay,
    Code,
    Day,
    Division,
    Doc,
    Event,
    FromDay,
    Money,
    OfficeId,
    Open,
    PersonId,
    Restricted,
    Sealed,
    Short,
    Text,
)

SexWord: TypeAlias = Literal["male", "female"]
HukouType: TypeAlias = Literal["urban", "rural"]
WorkerTypeWord: TypeAlias = Literal["worker", "cadre", "unknown"]
Ownership: TypeAlias = Literal["state", "collective", "private", "other", "none"]
PersonFactName: TypeAlias = Literal[
    "name", "phone", "address", "hukou", "worker_type", "special_work", "education", "health"
]
Condition: TypeAlias = Literal[
    "retirement",
    "pension",
    "death",
    "emigration",
    "prison",
    "army",
    "study",
    "ability_lost",
    "dibao_ended",
    "hukou_moved",
    "residence_left",
    "registration_cancelled",
]
CodeText: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
"""An entry of a code list in a field that is not open to everybody."""


class Hukou(Body):
    """Where the household registration lies and of what type it is (R8)."""

    division: Division
    type: Open[HukouType]


class Skill(Body):
    """A skill with its level and, where there is one, the certificate."""

    occupation: Code
    level: Code
    certificate: Doc | None = None


class PersonRegistered(Event):
    """A person came into the register (R17, X8)."""

    type: ClassVar[str] = "registry.person_registered.v1"
    zh: ClassVar[str] = "人员已登记"
    en: ClassVar[str] = "Person registered"

    name: Sealed[Short]
    sex: Open[SexWord]
    birth_date: Sealed[BoundedDay]
    national_id: Sealed[Short]
    phone: Sealed[Short] | None = None
    address: Sealed[Short]
    residence: OfficeId
    hukou: Hukou
    worker_type: Open[WorkerTypeWord]
    special_work: Open[bool]
    education: Code | None = None
    health: Sealed[Text] | None = None
    not_same_as: tuple[PersonId, ...] = ()
    age_band: Restricted[CodeText]


class PersonFactChanged(Event):
    """Something about the person changed in the world; not a correction.

    `value` is text: `140105 urban` for hukou, `true` or `false` for special_work.
    """

    type: ClassVar[str] = "registry.person_fact_changed.v1"
    zh: ClassVar[str] = "人员信息已变更"
    en: ClassVar[str] = "Person's fact changed"

    fact: Open[PersonFactName]
    value: Sealed[Text]
    proof: Doc | None = None


class UnemploymentRegistered(Event):
    """The person was registered as unemployed; the day is `occurred_at` (R11, R13)."""

    type: ClassVar[str] = "registry.unemployment_registered.v1"
    zh: ClassVar[str] = "已办理失业登记"
    en: ClassVar[str] = "Unemployment registered"

    certificate: Doc | None = None
    last_employer: Sealed[Short] | None = None
    last_ownership: Open[Ownership]
    last_job_ended_on: Day | None = None
    proof: tuple[Doc, ...]


class UnemploymentRegistrationCancelled(Event):
    """The open unemployment registration ended (R11)."""

    type: ClassVar[str] = "registry.unemployment_registration_cancelled.v1"
    zh: ClassVar[str] = "失业登记已注销"
    en: ClassVar[str] = "Unemployment registration cancelled"

    ground: Code
    proof: Doc | None = None


class DibaoRecorded(Event):
    """The person draws the urban minimum living allowance from a day on (R15)."""

    type: ClassVar[str] = "registry.dibao_recorded.v1"
    zh: ClassVar[str] = "已记录享受城市低保"
    en: ClassVar[str] = "Minimum living allowance recorded"

    from_day: FromDay
    until: Day | None = None
    certificate: Doc


class DibaoEnded(Event):
    """The minimum living allowance ended (R15, X5)."""

    type: ClassVar[str] = "registry.dibao_ended.v1"
    zh: ClassVar[str] = "城市低保已停发"
    en: ClassVar[str] = "Minimum living allowance ended"

    proof: Doc


class WishesRecorded(Event):
    """What the person wants and is able to do (R10, R37, R65, R101)."""

    type: ClassVar[str] = "registry.wishes_recorded.v1"
    zh: ClassVar[str] = "求职意愿已记录"
    en: ClassVar[str] = "Wishes recorded"

    wants_work: Open[bool]
    able_to_work: Open[bool]
    startup_wish: Open[bool]
    occupations: tuple[Code, ...] = ()
    min_wage: Money | None = None
    areas: tuple[OfficeId, ...] = ()


class SkillsRecorded(Event):
    """Skills of the person (R37, R100)."""

    type: ClassVar[str] = "registry.skills_recorded.v1"
    zh: ClassVar[str] = "技能已记录"
    en: ClassVar[str] = "Skills recorded"

    skills: tuple[Skill, ...]


class ConditionLost(Event):
    """A condition of the status no longer holds (X5, R39)."""

    type: ClassVar[str] = "registry.condition_lost.v1"
    zh: ClassVar[str] = "不再具备条件"
    en: ClassVar[str] = "Condition lost"

    condition: Open[Condition]
    proof: Doc | None = None
    note: Sealed[Text] | None = None


PersonFact: TypeAlias = (
    PersonRegistered
    | PersonFactChanged
    | UnemploymentRegistered
    | UnemploymentRegistrationCancelled
    | DibaoRecorded
    | DibaoEnded
    | WishesRecorded
    | SkillsRecorded
    | ConditionLost
)
