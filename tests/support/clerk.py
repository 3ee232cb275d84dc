"""A node with one community and its clerk, and persons whom he registers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from events.rules.idnumber import with_check_digit
from tests.support.node import NOTHING, TREE, Node, running_node
from tests.support.servers import Databases

COMMUNITY = TREE[-1][0]
CLERK = f"community_officer.{COMMUNITY}"


@asynccontextmanager
async def clerks_node(
    database: Databases, home: Path, told: Mapping[str, Any] = NOTHING
) -> AsyncIterator[Node]:
    """Run a node with a community and its clerk signed in."""
    async with running_node(database, home, told=told) as node:
        await node.staff(await node.office_tree(), "community_officer")
        yield node


def person(number: int) -> dict[str, Any]:
    """Return the body of a registration; each number is another person."""
    return {
        "name": f"王第{number}", "sex": "female", "birth_date": "1966-03-04",
        "national_id": with_check_digit(f"14999919660304{2 * number:03}"), "address": "学府街一号",
        "residence": COMMUNITY, "hukou": {"division": "140105", "type": "urban"},
        "worker_type": "worker", "special_work": False,
    }  # fmt: skip
