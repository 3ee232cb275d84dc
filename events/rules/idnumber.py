"""The citizen ID number (GB 11643-1999, A8), 18 digits or the old 15.

An unknown address code is never a reason to refuse: codes are retired and numbers live on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from events.rules.time import full_years

Sex: TypeAlias = Literal["male", "female"]

OLDEST = 120
"""An age beyond this is taken for a slip of the pen."""


class IdError(StrEnum):
    """Why an ID number is refused; stable codes, texts in `ID_ERROR_TEXTS`."""

    LENGTH = "id_length"
    CHARACTERS = "id_characters"
    CHECKSUM = "id_checksum"
    DATE = "id_date"
    FUTURE = "id_future"
    AGE = "id_age"
    SEX = "id_sex"
    BIRTH_DATE = "id_birth_date"


ID_ERROR_TEXTS: dict[IdError, tuple[str, str]] = {
    IdError.LENGTH: ("公民身份号码应为18位或15位", "The ID number has 18 or 15 digits"),
    IdError.CHARACTERS: (
        "公民身份号码只能是数字，末位可为X",
        "Only digits, with X allowed in the last place",
    ),
    IdError.CHECKSUM: (
        "校验码不符，请核对是否录错",
        "The check digit does not fit; look for a typing error",
    ),
    IdError.DATE: ("号码中的出生日期不存在", "The birth date in the number does not exist"),
    IdError.FUTURE: ("号码中的出生日期晚于当日", "The birth date in the number is in the future"),
    IdError.AGE: ("号码中的年龄不合常理", "The age in the number is not plausible"),
    IdError.SEX: ("号码与所填性别不符", "The number does not fit the sex given"),
    IdError.BIRTH_DATE: (
        "号码与所填出生日期不符",
        "The number does not fit the birth date given",
    ),
}
"""Chinese and English text of each error; they never quote the number."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A well-formed number in its 18-digit form; its repr shows nothing."""

    value: str = field(repr=False)

    @property
    def birth_date(self) -> date:
        """The day of birth in the number."""
        return date(int(self.value[6:10]), int(self.value[10:12]), int(self.value[12:14]))

    @property
    def sex(self) -> Sex:
        """The sex in the number: an odd sequence is a man's."""
        return "male" if int(self.value[16]) % 2 else "female"

    @property
    def tail(self) -> str:
        """The last four characters, which a search may ask for (A14)."""
        return self.value[-4:]

    @property
    def masked(self) -> str:
        """The number as lists and prints show it (X14)."""
        return self.value[:6] + "*" * 8 + self.value[-4:]


def id_number_errors(
    text: str, *, on: date, sex: Sex | None = None, birth_date: date | None = None
) -> tuple[IdError, ...]:
    """List what is wrong with a number on day `on`; empty when nothing is (A8, X8)."""
    return _read(text, on, sex, birth_date)[1]


def parse_id_number(
    text: str, *, on: date, sex: Sex | None = None, birth_date: date | None = None
) -> IdNumber | tuple[IdError, ...]:
    """Give the number in its 18-digit form, or what is wrong with it."""
    number, errors = _read(text, on, sex, birth_date)
    return number if number is not None and not errors else errors


def with_check_digit(first_seventeen: str) -> str:
    """Complete seventeen digits; used for the old form and for invented persons."""
    return first_seventeen + str(ric.calc_check_digit(first_seventeen + "0"))


def _read(
    text: str, on: date, sex: Sex | None, birth_date: date | None
) -> tuple[IdNumber | None, tuple[IdError, ...]]:
    """Read a number as far as it goes."""
    try:
        plain = str(ric.compact(text))
    except ValidationError:
        return None, (IdError.CHARACTERS,)
    if len(plain) not in (15, 18):
        return None, (IdError.LENGTH,)
    if not _has_right_characters(plain):
        return None, (IdError.CHARACTERS,)
    full = plain if len(plain) == 18 else with_check_digit(f"{plain[:6]}19{plain[6:]}")
    number = IdNumber(full)
    try:
        born = number.birth_date
    except ValueError:
        return None, (*_checksum(full), IdError.DATE)
    return number, (*_checksum(full), *_born(born, on), *_against(number, sex, birth_date))


def _has_right_characters(plain: str) -> bool:
    """Tell whether only ASCII digits stand there, X allowed at the end of eighteen."""
    digits = plain[:-1] if len(plain) == 18 and plain[-1] == "X" else plain
    return digits.isascii() and digits.isdigit()


def _checksum(full: str) -> tuple[IdError, ...]:
    """Judge the check digit."""
    return () if ric.calc_check_digit(full) == full[-1] else (IdError.CHECKSUM,)


def _born(born: date, on: date) -> tuple[IdError, ...]:
    """Judge the birth date against the day."""
    if born > on:
        return (IdError.FUTURE,)
    return (IdError.AGE,) if full_years(born, on) > OLDEST else ()


def _against(number: IdNumber, sex: Sex | None, birth_date: date | None) -> tuple[IdError, ...]:
    """Judge the number against what was typed beside it."""
    errors = []
    if sex is not None and sex != number.sex:
        errors.append(IdError.SEX)
    if birth_date is not None and birth_date != number.birth_date:
        errors.append(IdError.BIRTH_DATE)
    return tuple(errors)
