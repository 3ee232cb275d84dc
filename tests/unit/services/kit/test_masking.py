"""What is masked until revealed, wherever it stands (X15)."""

from __future__ import annotations

import pytest

from services.kit.opening import mask


@pytest.mark.requirement("X15")
@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("national_id", "149999196603040023", "149999********0023"),
        ("phone", "13812345678", "138****5678"),
        ("value", "13812345678", "138****5678"),
        ("value", "0351-7654321", "035*****4321"),
        ("value", "149999196603040023", "149999********0023"),
        ("value", "平阳路12号", "平阳路12号"),
        ("value", "2008-04-27", "2008-04-27"),
        ("name", "王小雪", "王小雪"),
    ],
)
def test_numbers_are_masked_by_field_and_changed_facts_by_shape(
    field: str, value: str, shown: str
) -> None:
    assert mask(field, value) == shown
