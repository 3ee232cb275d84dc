"""Ages of a person: working age, statutory retirement, bands (A7, R9, R78).

A woman's retirement age hangs on worker or cadre; where that is unknown the answer is
None, which means: ask, do not guess.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from events.rules.idnumber import (
    ID_ERROR_TEXTS,
    IdError,
    IdNumber,
    Sex,
    id_number_errors,
    parse_id_number,
    with_check_digit,
)
from events.rules.periods import falls_short_by_years
from events.rules.time import add_months, add_years, full_years

__all__ = [
    "ID_ERROR_TEXTS",
    "IdError",
    "IdNumber",
    "Sex",
    "WorkerType",
    "age_band",
    "extension_eligible",
    "id_number_errors",
    "parse_id_number",
    "retirement_date",
    "with_check_digit",
    "working_age",
]

WorkerType: TypeAlias = Literal["worker", "cadre", "unknown"]
AgeBand: TypeAlias = Literal[
    "under_16", "16_24", "25_34", "35_39", "40_44", "45_49", "50_54", "55_59", "60_up"
]

YOUNGEST = 16
"""Full years at which working age begins (规定 6)."""

_BANDS: tuple[tuple[int, AgeBand], ...] = (
    (60, "60_up"),
    (55, "55_59"),
    (50, "50_54"),
    (45, "45_49"),
    (40, "40_44"),
    (35, "35_39"),
    (25, "25_34"),
    (16, "16_24"),
)


@dataclass(frozen=True, slots=True)
class _Age:
    """One row of a retirement table: base age in years, and the delay in months."""

    base: int
    first_birth_month: str | None = None
    step: int = 1
    most: int = 0

    def day(self, birth: date) -> date:
        """Give the birth date plus that age in years and months (A11)."""
        return add_months(birth, 12 * self.base + self._delay(birth))

    def _delay(self, birth: date) -> int:
        """Count the months of delay for a month of birth."""
        if self.first_birth_month is None:
            return 0
        year, month = map(int, self.first_birth_month.split("-"))
        passed = 12 * (birth.year - year) + birth.month - month
        return 0 if passed < 0 else min(self.most, passed // self.step + 1)


@dataclass(frozen=True, slots=True)
class _Table:
    """The ages in force from a day on."""

    since: date
    source: str
    special: Mapping[str, int]
    male: _Age
    female_cadre: _Age
    female_worker: _Age


@cache
def _tables() -> tuple[_Table, ...]:
    """Read the shipped tables, the newest first."""
    text = files("events.rules").joinpath("data/retirement.toml").read_text("utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["table"]
    tables = (
        _Table(
            row["from"],
            row["source"],
            row["special"],
            _Age(**row["male"]),
            _Age(**row["female_cadre"]),
            _Age(**row["female_worker"]),
        )
        for row in rows
    )
    return tuple(sorted(tables, key=lambda t: t.since, reverse=True))


def _table_on(day: date) -> _Table:
    """Give the table in force on a day; before the first one, the first."""
    tables = _tables()
    return next((t for t in tables if t.since <= day), tables[-1])


def retirement_source(on: date) -> str:
    """Name the document whose ages are in force on a day."""
    return _table_on(on).source


def retirement_date(
    sex: Sex, worker_type: WorkerType, special_work: bool, birth: date, on: date
) -> date | None:
    """Give the statutory retirement date by the table in force on day `on` (A7, R78).

    None means ask: the worker type of a woman is unknown.
    """
    table = _table_on(on)
    if special_work:
        return add_years(birth, table.special[sex])
    if sex == "male":
        return table.male.day(birth)
    if worker_type == "unknown":
        return None
    return (table.female_cadre if worker_type == "cadre" else table.female_worker).day(birth)


def working_age(
    sex: Sex, worker_type: WorkerType, special_work: bool, birth: date, on: date
) -> bool | None:
    """Tell whether a person is 16 and not yet at retirement on day `on` (R9).

    None means ask: a woman of unknown type between a worker's and a cadre's retirement.
    """
    if full_years(birth, on) < YOUNGEST:
        return False
    day = retirement_date(sex, worker_type, special_work, birth, on)
    if day is not None:
        return on < day
    table = _table_on(on)
    if on < table.female_worker.day(birth):
        return True
    return None if on < table.female_cadre.day(birth) else False


def extension_eligible(retirement: date, first_grant: date, years: int = 5) -> bool:
    """Tell whether retirement is less than `years` after the first grant (不足, strict; R78)."""
    return falls_short_by_years(first_grant, retirement, years)


def age_band(birth: date, on: date) -> AgeBand:
    """Give the band of an age for counts; bands meet the ages of the text, 16, 40 and 50."""
    age = full_years(birth, on)
    return next((band for floor, band in _BANDS if age >= floor), "under_16")
