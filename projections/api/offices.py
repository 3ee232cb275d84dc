"""Offices and rules: what is public to everybody who is signed in."""

from __future__ import annotations

from typing import Any

from events.contracts.catalogue import ALL
from events.rules.directory import Directory, Office
from events.rules.divisions import SHANXI
from events.rules.requirements import Requirement, opinion, requirements
from events.rules.ruleset import rule_set_on
from projections.api import params
from projections.api.clauses import rules_of, sentence
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import Answer, Call, Query


def _line(office: Office, call: Call) -> Answer:
    return {
        "office": office.id,
        "name": office.name_on(call.today),
        "kind": office.kind,
        "level": office.level,
        "path": office.path,
        "parent": office.parent,
        "department": office.department,
        "open": office.is_open(call.today),
        "mining_area": office.is_mining_area(call.today),
    }


def _above(directory: Directory, office: Office) -> list[Office]:
    found: list[Office] = []
    at = directory.office(office.parent) if office.parent else None
    while at is not None:
        found.append(at)
        at = directory.office(at.parent) if at.parent else None
    return found[::-1]


def _below(directory: Directory, parent: str) -> list[Office]:
    return sorted(directory.below(parent), key=lambda o: (o.path, o.id))


async def office(call: Call) -> Answer:
    """Answer an office with the offices above and below it."""
    directory = call.side.directory()
    found = directory.office(call.text("id"))
    if found is None:
        raise QueryError(NOT_FOUND, what=call.text("id"))
    return {
        **_line(found, call),
        "opened": found.opened.isoformat(),
        "closed": found.closed.isoformat() if found.closed else None,
        "names": [{"from": day.isoformat(), "name": name} for day, name in found.names],
        "parents": [_line(o, call) for o in _above(directory, found)],
        "children": [_line(o, call) for o in _below(directory, found.id)],
    }


async def offices(call: Call) -> Answer:
    """Answer the offices under another one, or those without one above."""
    directory = call.side.directory()
    parent = call.args.get("parent")
    if parent is not None and directory.office(parent) is None:
        raise QueryError(NOT_FOUND, what=parent)
    roots = [o for o in directory.offices.values() if o.parent is None]
    found = _below(directory, parent) if parent else roots
    return {"items": [_line(o, call) for o in found]}


def _requirement(found: Requirement) -> Answer:
    return {**sentence(found), "kinds": found.kinds, "section": found.section}


async def rules(_: Call) -> Answer:
    """Answer every requirement with the opinion's sentence, and the opinion itself."""
    items = [_requirement(r) for r in requirements().values()]
    return {"items": items, "opinion": opinion()}


async def rule(call: Call) -> Answer:
    """Answer one requirement: text, rule, how it is tested, parameters in force, events."""
    number = call.text("number")
    found = requirements().get(number)
    if found is None:
        raise QueryError(NOT_FOUND, what=number)
    return {
        **_requirement(found),
        "term": found.term,
        "statement": found.rule,
        "test": found.test,
        "parameters": _parameters(call, number),
        "events": [name for name in ALL.classes if number in rules_of(name)],
    }


BESIDE = {"certification.ownership_proof": "R18"}
"""Parameter of an assumption alone → the requirement whose parameters are read with it."""


def _parameters(call: Call, number: str) -> list[Answer]:
    """Return the parameters that a requirement states, as in force for the asker's office."""
    directory, path = call.side.directory(), call.principal.path or SHANXI
    rule_set = rule_set_on(call.today)
    return [
        {
            "key": p.key,
            "zh": p.zh,
            "en": p.en,
            "default": p.default,
            "value": _value(directory, p.key, path, call),
            "unit": p.unit,
            "source": p.source,
            "clause": p.clause,
            "rule_set": rule_set.id,
        }
        for p in rule_set.parameters.values()
        if number in (*p.source.split(), BESIDE.get(p.key))
    ]


def _value(directory: Directory, key: str, path: str, call: Call) -> Any:  # noqa: ANN401
    return directory.parameter(key, path, call.today)


QUERIES = (
    Query(
        "/api/offices", "offices", "单位", "Offices under another one", offices,
        (params.office("parent"),),
    ),
    Query(
        "/api/offices/{id}", "office", "单位详情", "One office, those above and below it", office,
        (params.office("id", in_path=True),),
    ),
    Query("/api/rules", "rules", "政策条文", "Every requirement with its sentence", rules),
    Query(
        "/api/rules/{number}", "rule", "政策条文详情", "One requirement", rule,
        (params.word("number", "R1 to R123, X1 to X24", "[RX][0-9]{1,3}", in_path=True),),
    ),
)  # fmt: skip
