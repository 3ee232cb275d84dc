"""What eligibility is judged from: small frozen values that an aggregate fills from its streams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from events.rules.idnumber import Sex
from events.rules.language import Rule
from events.rules.person import WorkerType

Ownership: TypeAlias = Literal["state", "collective", "private", "other", "none"]
CountsAs: TypeAlias = Literal[
    "normal", "student", "soldier", "early_retired", "retired", "unable_to_work", "minor"
]
CategoryCode: TypeAlias = Literal["aged_4050", "zero_household", "long_term", "city"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A person as known on the day judged; codes in natural length, an open end is None."""

    sex: Sex
    birth: date
    hukou_division: str
    hukou_type: Literal["urban", "rural"]
    residence: str
    worker_type: WorkerType = "unknown"
    special_work: bool = False
    able: bool = False
    wants_work: bool = False
    registered_on: date | None = None
    registration_ended_on: date | None = None
    last_ownership: Ownership = "none"
    last_job_ended_on: date | None = None
    dibao_from: date | None = None
    dibao_until: date | None = None
    education: str | None = None
    insured_months: int | None = None
    causes: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """A member of a household on the day judged."""

    sex: Sex
    birth: date
    counts_as: CountsAs = "normal"
    employed: bool = False
    worker_type: WorkerType = "unknown"
    special_work: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """The members sharing one household book; another member may be certified already."""

    members: tuple[MemberFacts, ...]
    other_certified: bool = False


@dataclass(frozen=True, slots=True)
class CityCategoryFacts:
    """A category that a city defined for its own area (R16); `until` is its last day."""

    id: str
    city: str
    rule: Rule
    document: str
    from_day: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters that eligibility hangs on, looked up once for an office and a day."""

    hukou: str
    aged_female: int
    aged_male: int
    aged_insured_months: int
    long_term_months: int
    long_term_dibao: bool
    long_term_from: str
    household_uncounted: frozenset[str]
    household_applicants: str
    category_order: tuple[str, ...]

    @classmethod
    def of(cls, lookup: Callable[[str], Any]) -> Terms:
        """Look the terms up by key: `Terms.of(RuleSet.of("2008").default)`."""
        return cls(
            hukou=lookup("certification.hukou"),
            aged_female=lookup("text.aged_female"),
            aged_male=lookup("text.aged_male"),
            aged_insured_months=lookup("text.aged_insured_months"),
            long_term_months=lookup("text.long_term_months"),
            long_term_dibao=lookup("text.long_term_dibao"),
            long_term_from=lookup("certification.long_term_from"),
            household_uncounted=frozenset(lookup("certification.household_uncounted")),
            household_applicants=lookup("text.household_applicants"),
            category_order=tuple(lookup("certification.category_order")),
        )
