"""How a post is held against a person, finding by finding (R95, R97). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from events.contracts.base import Found
from events.rules.time import full_years
from services.posts.foreign import Person
from services.posts.post.state import Post

CLAUSE: Final = "意见第四条（二）提供合适的就业岗位"
SCHOOLING: Final = {
    "primary": 1,
    "junior": 2,
    "senior": 3,
    "vocational": 3,
    "college": 4,
    "bachelor": 5,
    "graduate": 6,
}
"""Degrees of schooling by rank."""


def _finding(condition: str, value: object, boundary: object, *, ok: bool) -> Found:
    return Found(
        condition=condition, value=str(value), boundary=str(boundary), clause=CLAUSE, ok=ok
    )


def demands(post: Post, person: Person, day: date) -> tuple[Found, ...]:
    """Judge what the post demands of whom it suits; one that is not met makes it unsuitable."""
    return tuple(_demands(post, person, day))


def _demands(post: Post, person: Person, day: date) -> Iterator[Found]:
    suits = post.suits
    if suits is None:
        return
    if suits.sex is not None:
        yield _finding("sex", person.sex, suits.sex, ok=suits.sex == person.sex)
    if suits.age_from is not None or suits.age_to is not None:
        low, high = suits.age_from or 0, suits.age_to or 200
        age = full_years(person.birth, day) if person.birth is not None else None
        yield _finding("age", age, f"{low}-{high}", ok=age is not None and low <= age <= high)
    if suits.skills:
        missing = set(suits.skills) - person.skills
        yield _finding(
            "skill", ",".join(sorted(person.skills)), ",".join(suits.skills), ok=not missing
        )
    if suits.schooling is not None:
        ok = _schooled(person.education, suits.schooling)
        yield _finding("schooling", person.education, suits.schooling, ok=ok)


def _schooled(has: str | None, wanted: str) -> bool:
    """Tell whether schooling reaches a degree; degrees off the scale must be the same."""
    if has in SCHOOLING and wanted in SCHOOLING:
        return SCHOOLING[has] >= SCHOOLING[wanted]
    return has == wanted


def wishes(post: Post, person: Person, areas: tuple[str, ...]) -> tuple[Found, ...]:
    """Hold the post against the person's wishes; for the officer to weigh. `areas` are paths."""
    return tuple(_wishes(post, person, areas))


def _wishes(post: Post, person: Person, areas: tuple[str, ...]) -> Iterator[Found]:
    if person.occupations and post.occupation is not None:
        ok = post.occupation in person.occupations
        wished = ",".join(sorted(person.occupations))
        yield _finding("occupation", post.occupation, wished, ok=ok)
    if person.min_wage is not None and post.wage is not None:
        ok = post.wage >= person.min_wage
        yield _finding("wage_wish", post.wage, person.min_wage, ok=ok)
    if areas:
        ok = any(post.work_division.startswith(area) for area in areas)
        yield _finding("area", post.work_division, ",".join(areas), ok=ok)
