"""A server that went away is a 503 with the advice to try again, never an internal fault."""

from __future__ import annotations

import pytest

from events.log.outage import OUTAGE
from services.kit import problems


@pytest.mark.parametrize("kind", [*OUTAGE, TimeoutError])
def test_every_way_a_server_goes_away_is_answered_503(kind: type[Exception]) -> None:
    found = problems.of(kind("gone"))
    assert found.status == 503
    assert "retry-after" in {name.decode() for name, _ in problems.headers(found)}
