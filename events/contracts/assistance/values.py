"""Nested values and closed lists of the assistance context."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from events.contracts.base import Body, Code, Day, OfficeId, Open, Privacy, Restricted

Service: TypeAlias = Literal[
    "policy_advice",
    "career_guidance",
    "job_introduction",
    "job_choice_education",
    "startup_advice",
    "opening_guidance",
    "project_offer",
    "expert_advice",
    "venue_stall",
    "other",
]
ActivityKind: TypeAlias = Literal[
    "training", "job_fair", "guidance", "job_introduction", "education", "startup_training"
]
Attendance: TypeAlias = Literal["attended", "absent", "excused"]
WorkStatus: TypeAlias = Literal["employed", "unemployed"]
VisitMode: TypeAlias = Literal["visit", "phone", "office", "other"]

Wage: TypeAlias = Restricted[Annotated[int, Field(ge=0, le=10**12)]]
"""A person's wage in whole fen a month; column-restricted."""
Places = Annotated[int, Field(ge=1, le=100_000), Privacy.OPEN]
Frozen = Annotated[str, Field(min_length=2, max_length=20_000)]
"""A body as JSON text."""


class Measure(Body):
    """One measure of a plan: what, by whom, until when (R85, R52)."""

    id: Code
    service: Code
    provider: OfficeId
    due: Day


class OnJob(Body):
    """How it stands with an employed person at a follow-up (R91)."""

    at_work: Open[bool]
    wage: Wage
    contract: Open[bool]
    insurance: tuple[Code, ...] = ()
    policies: tuple[Code, ...] = ()


class Course(Body):
    """The course of a training (R99)."""

    institution: OfficeId
    level: Code
    form: Code
    occupation: Code


class GainedSkill(Body):
    """The skill that a training gave (R100)."""

    occupation: Code
    level: Code
