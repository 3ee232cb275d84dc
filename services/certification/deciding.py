"""The decisions of this context by command, and the names of its uniqueness claims."""

from __future__ import annotations

from services.kit.decider import Deciders

decide = Deciders()


def open_claim(person: str) -> str:
    """Name the claim by which a person has one open certification only."""
    return f"open-certification/{person}"


def number_claim(case_no: str) -> str:
    """Name the claim by which a case number is given once."""
    return f"case-no/{case_no}"


def duty_claim(case: str, user: str) -> str:
    """Name the claim by which a user does one exclusive duty in a case only (R23, AS 23)."""
    return f"duty/{case}/{user}"


def household_claim(household: str) -> str:
    """Name the claim by which a household is certified once at a time (R14)."""
    return f"household-certified/{household}"


def member_claim(person: str) -> str:
    """Name registry's claim by which a person is in one household only (X7)."""
    return f"household-member/{person}"
