"""The three answers to a wish to correct an event (X2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Fact:
    """It may be corrected by whoever may send the command `by`, which records it.

    `fixed` are fields that say which matter this is: another value would be another event. `void`
    names the command that undoes it where it cannot be declared void: it took or gave back
    something, or later steps stand on it. `day` tells whether its day may be corrected. `derived`
    are fields that follow from the others and are worked out anew.
    """

    by: str
    fixed: tuple[str, ...] = ()
    void: str = ""
    day: bool = True
    derived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reversed:
    """It is a decision: the command `by` reverses or replaces it."""

    by: str


@dataclass(frozen=True, slots=True)
class Never:
    """It can be neither corrected nor reversed, for a reason."""

    zh: str
    en: str


Rule: TypeAlias = Fact | Reversed | Never

CORRECTION = Never(
    "更正本身不再更正；如仍有误，请对原事实再次提出更正",
    "a correction is not corrected; propose another one of the same fact",
)
FOLLOWS = Never(
    "由系统据其他事实产生；请更正所依据的事实",
    "the system drew it from other facts; correct the fact that it follows from",
)
