"""Ages, retirement and the ID number: vectors 27 to 31 and 37 to 42, A7 and A8."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.idnumber import (
    ID_ERROR_TEXTS,
    IdError,
    IdNumber,
    Sex,
    id_number_errors,
    parse_id_number,
    with_check_digit,
)
from events.rules.person import WorkerType, age_band, retirement_date, working_age
from events.rules.time import full_years

day = date.fromisoformat
ONE_DAY = timedelta(days=1)
ON = date(2008, 6, 1)
OLD, NEW = date(2008, 6, 1), date(2025, 1, 1)
Life: TypeAlias = tuple[Sex, WorkerType, bool, date]
births = st.dates(date(1940, 1, 1), date(1995, 12, 31))


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(
    ("birth", "age", "reached"),
    [
        pytest.param("1968-06-16", 40, "2008-06-16", id="27"),
        pytest.param("1972-02-29", 40, "2012-02-29", id="28"),
        pytest.param("1958-06-16", 50, "2008-06-16", id="29"),
        pytest.param("1960-02-29", 50, "2010-02-28", id="30"),
    ],
)
def test_an_age_is_reached_on_the_birthday(birth: str, age: int, reached: str) -> None:
    assert full_years(day(birth), day(reached) - ONE_DAY) == age - 1
    assert full_years(day(birth), day(reached)) == age


@pytest.mark.requirement("R9")
def test_31_working_age_begins_on_the_sixteenth_birthday() -> None:
    of: Life = ("male", "worker", False, day("1992-09-01"))
    assert working_age(*of, day("2008-08-31")) is False
    assert working_age(*of, day("2008-09-01")) is True


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("sex", "worker_type", "special", "years"),
    [
        ("male", "unknown", False, 60),
        ("female", "worker", False, 50),
        ("female", "cadre", False, 55),
        ("male", "worker", True, 55),
        ("female", "unknown", True, 45),
    ],
)
def test_working_age_ends_on_the_retirement_date_of_2008(
    sex: Sex, worker_type: WorkerType, special: bool, years: int
) -> None:
    retires = date(1950 + years, 3, 15)
    of: Life = (sex, worker_type, special, date(1950, 3, 15))
    assert retirement_date(*of, OLD) == retires
    assert working_age(*of, retires - ONE_DAY) is True
    assert working_age(*of, retires) is False


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("sex", "worker_type", "birth", "retires"),
    [
        pytest.param("male", "worker", "1964-12-31", "2024-12-31", id="37a"),
        pytest.param("male", "worker", "1965-01-01", "2025-02-01", id="37b"),
        pytest.param("male", "worker", "1965-01-31", "2025-02-28", id="37c"),
        pytest.param("male", "worker", "1965-05-10", "2025-07-10", id="38a"),
        pytest.param("male", "worker", "1970-01-15", "2031-05-15", id="38b"),
        pytest.param("male", "worker", "1976-08-20", "2039-07-20", id="39a"),
        pytest.param("male", "worker", "1976-09-01", "2039-09-01", id="39b"),
        pytest.param("male", "worker", "1990-05-05", "2053-05-05", id="39c"),
        pytest.param("female", "cadre", "1969-12-31", "2024-12-31", id="40a"),
        pytest.param("female", "cadre", "1970-01-15", "2025-02-15", id="40b"),
        pytest.param("female", "cadre", "1981-09-01", "2039-09-01", id="40c"),
        pytest.param("female", "worker", "1974-12-31", "2024-12-31", id="41a"),
        pytest.param("female", "worker", "1975-01-15", "2025-02-15", id="41b"),
        pytest.param("female", "worker", "1975-02-15", "2025-03-15", id="41c"),
        pytest.param("female", "worker", "1975-03-15", "2025-05-15", id="41d"),
        pytest.param("female", "worker", "1976-02-29", "2026-09-29", id="42a"),
        pytest.param("female", "worker", "1980-01-15", "2032-08-15", id="42b"),
        pytest.param("female", "worker", "1984-11-01", "2039-11-01", id="42c"),
    ],
)
def test_the_table_of_2025_delays_retirement_by_the_month_of_birth(
    sex: Sex, worker_type: WorkerType, birth: str, retires: str
) -> None:
    assert retirement_date(sex, worker_type, False, day(birth), NEW) == day(retires)


@pytest.mark.requirement("R9")
def test_the_table_of_a_day_is_the_one_in_force() -> None:
    of: Life = ("male", "worker", False, date(1970, 1, 15))
    assert retirement_date(*of, NEW - ONE_DAY) == date(2030, 1, 15)
    assert retirement_date(*of, NEW) == date(2031, 5, 15)


@pytest.mark.requirement("R9")
def test_a_woman_of_unknown_type_is_asked_about_not_guessed() -> None:
    of: Life = ("female", "unknown", False, date(1950, 3, 15))
    assert retirement_date(*of, OLD) is None
    assert working_age(*of, date(2000, 3, 14)) is True
    assert working_age(*of, date(2000, 3, 15)) is None
    assert working_age(*of, date(2005, 3, 14)) is None
    assert working_age(*of, date(2005, 3, 15)) is False


@given(births)
def test_retirement_never_comes_earlier_under_the_newer_table(birth: date) -> None:
    kinds: list[tuple[Sex, WorkerType]] = [
        ("male", "worker"),
        ("female", "worker"),
        ("female", "cadre"),
    ]
    for sex, worker_type in kinds:
        old = retirement_date(sex, worker_type, False, birth, OLD)
        new = retirement_date(sex, worker_type, False, birth, NEW)
        assert old is not None
        assert new is not None
        assert old <= new


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (15, "under_16"),
        (16, "16_24"),
        (24, "16_24"),
        (39, "35_39"),
        (40, "40_44"),
        (49, "45_49"),
        (50, "50_54"),
        (59, "55_59"),
        (60, "60_up"),
        (99, "60_up"),
    ],
)
def test_age_bands_meet_at_the_ages_of_the_text(age: int, band: str) -> None:
    assert age_band(date(1900, 1, 1), date(1900 + age, 12, 31)) == band


@pytest.mark.requirement("X8")
def test_the_old_form_is_read_as_the_new_one() -> None:
    new = parse_id_number("11010519491231002x", on=ON)
    assert new == parse_id_number("110105491231002", on=ON)
    assert isinstance(new, IdNumber)
    assert new.value == "11010519491231002X"
    assert (new.birth_date, new.sex, new.tail) == (date(1949, 12, 31), "female", "002X")


@pytest.mark.requirement("X8")
@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("110105194912310021", (IdError.CHECKSUM,)),
        ("1101051949123100", (IdError.LENGTH,)),
        ("", (IdError.LENGTH,)),
        ("11010519491231OO2X", (IdError.CHARACTERS,)),
        ("11010519491231002²", (IdError.CHARACTERS,)),
        ("1101054912310X2", (IdError.CHARACTERS,)),
        (with_check_digit("14999919490230002"), (IdError.DATE,)),
        ("149999490230002", (IdError.DATE,)),
        (with_check_digit("14999920080602002"), (IdError.FUTURE,)),
        (with_check_digit("14999918000101002"), (IdError.AGE,)),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text: str, errors: tuple[IdError, ...]) -> None:
    assert id_number_errors(text, on=ON) == errors
    assert parse_id_number(text, on=ON) == errors


@pytest.mark.requirement("X8")
def test_a_number_is_held_against_sex_and_birth_date() -> None:
    text = with_check_digit("14999919600101001")
    assert id_number_errors(text, on=ON, sex="male", birth_date=date(1960, 1, 1)) == ()
    found = id_number_errors(text, on=ON, sex="female", birth_date=date(1960, 1, 2))
    assert found == (IdError.SEX, IdError.BIRTH_DATE)


@pytest.mark.requirement("X8")
def test_a_birth_date_of_that_very_day_is_not_in_the_future() -> None:
    assert id_number_errors(with_check_digit("14999920080601002"), on=ON) == ()


@pytest.mark.requirement("R8")
@pytest.mark.parametrize("address", ["140103", "140105", "149999", "999999"])
def test_no_address_code_is_a_reason_to_refuse(address: str) -> None:
    assert id_number_errors(with_check_digit(f"{address}19540101002"), on=ON) == ()


@given(st.integers(0, 999), st.dates(date(1900, 1, 1), date(2008, 5, 31)))
def test_any_single_wrong_digit_is_noticed(sequence: int, birth: date) -> None:
    good = with_check_digit(f"149999{birth:%Y%m%d}{sequence:03d}")
    assert id_number_errors(good, on=ON) == ()
    for place in range(17):
        wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
        assert IdError.CHECKSUM in id_number_errors(wrong, on=ON)


def test_a_number_shows_nothing_of_itself_by_accident() -> None:
    number = parse_id_number("11010519491231002X", on=ON)
    assert isinstance(number, IdNumber)
    assert "1949" not in repr(number)
    assert number.masked == "110105********002X"


def test_every_error_has_a_text_in_both_languages() -> None:
    assert ID_ERROR_TEXTS.keys() == set(IdError)
    assert all(zh and en for zh, en in ID_ERROR_TEXTS.values())
