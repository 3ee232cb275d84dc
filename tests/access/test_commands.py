"""Every command as every role, level and neighbour, on a real log: the role, then the area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid5

import orjson
import pytest

from tests.access.actors import ACTORS
from tests.access.expected import (
    ALL_LABOUR,
    ANYWHERE,
    DEPARTMENTS,
    HEADS,
    LABOUR,
    LEVELS,
    MASS,
    NAME_READERS,
    OUTSIDE,
    PES,
)
from tests.access.people import HOME, OWN, SIBLING, Asker, Matrix
from tests.support.examples import naming
from tests.support.node import CONTEXTS, SPACE

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
COMMANDS = {c.type: c for context in CONTEXTS for c in context.deciders.by_command}
GROUPS: dict[str, frozenset[str]] = {
    **{level: frozenset(roles) for level, roles in LABOUR.items()},
    "labour": ALL_LABOUR,
    "head": frozenset(HEADS),
    "readers": NAME_READERS,
    "office": ALL_LABOUR | {*PES, *DEPARTMENTS, *MASS, *OUTSIDE, "secretary"},
}
BEYOND_THE_AREA = {
    "registry.request_export": "it belongs to the asker's own office",
    "registry.propose_trial": "it belongs to the asker's own office",
    "registry.set_calendar": "the calendar is the node's",
    "posts.register_employer": "employers belong to the office that registers them",
    "registry.propose_rule_parameter": "the value is set for the proposer's own office",
}
"""Commands that reach beyond one's area, or have none of another's to reach."""
SILENT = {"400", "404", "403"}
"""What tells nothing of the case: refused, or the body or its ids ended before the decision."""
CODE_FIRST = "registry.open_office"
"""Its division code says whose area it is in, and is judged before: 422 tells of the code alone."""
TO_OTHERS = {(r, "registry.open_emergency_access") for r in ("sibling", "parent")}
"""Meant for another area's person, which is then open; `test_emergency` has it."""
BATCH = 4_000


@dataclass(frozen=True)
class Line:
    """One command to be sent, with what is expected of it."""

    asker: Asker
    relation: str
    name: str
    body: dict[str, Any]
    named: bool
    """Whether it names a case, a person or an office of the relation."""


def roles_of(name: str) -> frozenset[str]:
    """Return the roles that the papers name for a command."""
    words = ACTORS[name].split()
    return frozenset().union(*(GROUPS.get(word, frozenset({word})) for word in words))


@pytest.mark.requirement("R43")
def test_every_command_has_a_decision_and_every_decision_a_command() -> None:
    assert COMMANDS.keys() - ACTORS.keys() == set()
    assert ACTORS.keys() - COMMANDS.keys() == set()


def test_no_command_names_a_role_that_the_papers_do_not() -> None:
    wider = {
        name: sorted(found - roles_of(name))
        for name, command in COMMANDS.items()
        if (found := frozenset().union(*(GROUPS.get(a, frozenset({a})) for a in command.actors)))
        - roles_of(name)
    }
    assert wider == {}


def relations(matrix: Matrix, asker: Asker) -> dict[str, tuple[str, str]]:
    """Return relation → (community whose case is named, office that is named)."""
    at = LEVELS.index(asker.level)
    found = {"own": (HOME, OWN[asker.level])}
    if asker.level != "community":
        found["child"] = (HOME, OWN[LEVELS[at + 1]])
    if (beyond := matrix.beyond(asker)) is not None:
        found["sibling"] = (beyond, SIBLING[asker.level])
        found["parent"] = (beyond, OWN[LEVELS[at - 1]])
    return {relation: (home, code.ljust(12, "0")) for relation, (home, code) in found.items()}


def lines(matrix: Matrix) -> list[Line]:
    """Return every command as every role in its own area, and as those who may, about the others.

    A role that may nowhere is tried at one level, where a role may stand at several.
    """
    found = []
    for asker in matrix.askers:
        for relation, (home, office) in relations(matrix, asker).items():
            case = matrix.cases[home]
            known = {"person": case.person, "certification": case.case, "office": office,
                     "household": case.household, "user": case.account,
                     "export": case.export}  # fmt: skip
            for name, command in COMMANDS.items():
                may = asker.role in roles_of(name) and (relation, name) not in TO_OTHERS
                once = relation == "own" and (asker.role not in ANYWHERE or asker.level == "county")
                if may or once:
                    body, kinds = naming(command, known)
                    found.append(Line(asker, relation, name, body, bool(kinds)))
    return found


async def told(matrix: Matrix, wanted: list[Line]) -> list[str]:
    """Send the lines and return each one's status; a form of version 0 changes nothing."""
    out = []
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        body = b"\n".join(
            orjson.dumps({
                "id": str(uuid5(SPACE, f"matrix/{start + i}")), "type": line.name,
                "data": line.body, "expected": 0, "token": matrix.node.tokens[line.asker.login],
            })
            for i, line in enumerate(part)
        )  # fmt: skip
        headers = matrix.node.as_(part[0].asker.login)
        answer = await matrix.node.http.post("/api/commands", content=body, headers=headers)
        out += [_status(orjson.loads(line)) for line in answer.content.splitlines()]
    return out


def _status(answer: dict[str, Any]) -> str:
    return str(answer["status"])


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.requirement("R43", "R23", "X14")
async def test_no_command_reaches_beyond_its_roles_and_its_area(matrix: Matrix) -> None:
    wanted = lines(matrix)
    faults, reached = [], set[str]()
    for line, status in zip(wanted, await told(matrix, wanted), strict=True):
        may = line.asker.role in roles_of(line.name)
        near = line.relation in {"own", "child"} or line.name in BEYOND_THE_AREA or not line.named
        if (line.name, status) == (CODE_FIRST, "422") or status in SILENT:
            continue
        if may and near:
            reached.add(line.name)
        else:
            faults.append(f"{line.asker.login} {line.relation} {line.name}: {status}")
    assert not faults, "\n".join(faults)
    people = {name for name in COMMANDS if ACTORS[name] != "system"}
    assert len(reached) > 0.5 * len(people), sorted(people - reached)
