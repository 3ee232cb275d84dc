"""What a spreadsheet gets of a cell (X15)."""

from __future__ import annotations

import pytest

from services.kit.tables import safe

WIDE = ("＝1+1", "＋86", "－2", "＠SUM(A1)")


@pytest.mark.requirement("X15")
def test_no_cell_is_a_formula() -> None:
    for text in ("=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", *WIDE):
        assert safe(text) == f"'{text}"
    assert (safe(-2), safe("王"), safe(None), safe(["=x"])) == (-2, "王", "", '["=x"]')
