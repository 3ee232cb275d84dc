"""A case on its way: the order of steps, who takes them where, and the separation of duties."""

from __future__ import annotations

from events.audit.conformance.process import (
    CHAIN,
    DONE_BY,
    ENDED,
    LEVEL_OF,
    STEPS,
    WORDS,
    Step,
    before_on,
    chain_on,
)
from events.audit.conformance.world import Case, World
from events.audit.facts import Fact

_FREE = {
    f"certification.{name}.v1"
    for name in ("case_assigned", "correction_proposed", "fact_corrected", "correction_rejected")
}
"""Facts that bind no state."""
_FIRST = {"certification.application_filed.v1", "certification.certification_imported.v1"}


def case_of(world: World, fact: Fact) -> Case | None:
    """Give the case a fact stands on, made new by its first; a fact of a case gone is found."""
    case = world.cases.get(fact.key)
    if case is not None:
        return case
    if fact.key in world.ended:
        if fact.type not in _FREE:
            zh, en = WORDS[world.ended[fact.key]]
            world.at("after_the_end", fact, zh=zh, en=en)
        return None
    if fact.type not in _FIRST:
        if fact.type not in _FREE:
            world.at("case_unknown", fact, what=fact.type)
        return None
    return _new(world, fact)


def _new(world: World, fact: Fact) -> Case:
    body = fact.body
    community = body.get("office") or fact.office
    case = Case(fact.key, body["person"], community)
    if world.offices.mining(community):
        case.route = "mining"
    world.cases[case.id] = case
    person = world.people.get(case.person)
    if person is None:
        world.at("person_unknown", fact)
    else:
        if person.case is not None:
            world.at("certified_twice", fact, other=person.case)
        person.case = case.id
    return case


def take_step(world: World, case: Case, fact: Fact) -> bool:
    """Judge a step's order, place and actor, and move the case on; False where it has ended."""
    step = STEPS[fact.type]
    if not _order(world, case, fact, step):
        return False
    right_way = _route(world, case, fact, step)
    _place(world, case, fact, step)
    _duties(world, case, fact, step)
    case.came_from = case.state
    if step.after and right_way:
        case.state = step.after
    return True


def _order(world: World, case: Case, fact: Fact, step: Step) -> bool:
    allowed = before_on(case.route, fact.type)
    if fact.type == "certification.application_returned.v1" and case.upheld:
        allowed |= {"on_notice"}
    if case.state in allowed:
        if step.after and case.at is not None and fact.at < case.at and case.state in CHAIN:
            world.at("dated_before_step", fact, day=fact.day, before=case.at.date())
        if step.after:
            case.at = max(fact.at, case.at or fact.at)
        return True
    if fact.type in case.skipped:
        case.skipped.discard(fact.type)
        return True
    zh, en = WORDS[case.state]
    if case.state in ENDED:
        world.at("after_the_end", fact, zh=zh, en=en)
        return False
    missing = _missing(case, allowed)
    if missing:
        case.skipped |= {DONE_BY[state] for state in missing if state in DONE_BY}
        names = [WORDS[state] for state in missing]
        world.at("step_missing", fact, zh="、".join(n[0] for n in names),
                 en=", ".join(n[1] for n in names))  # fmt: skip
        return True
    world.at("step_out_of_order", fact, zh=zh, en=en, what=fact.type)
    return True


def _missing(case: Case, allowed: frozenset[str]) -> list[str]:
    """Name the steps between where a case stands and where it should."""
    chain = chain_on(case.route)
    ahead = [chain.index(state) for state in allowed if state in chain]
    if case.state not in chain or not ahead:
        return []
    here, there = chain.index(case.state), min(ahead)
    return list(chain[here + 1 : there + 1]) if here < there else []


def _route(world: World, case: Case, fact: Fact, step: Step) -> bool:
    if step.route and step.route != case.route:
        world.at("wrong_route", fact)
        return False
    return True


def _place(world: World, case: Case, fact: Fact, step: Step) -> None:
    if step.where is None or fact.role not in LEVEL_OF:
        return
    forwards = fact.type == "certification.forwarded_to_county.v1" and case.route == "mining"
    right = world.offices.above(case.community, "community" if forwards else step.where)
    if right is not None and fact.office != right:
        world.at("wrong_office", fact, office=fact.office, right=right)


def _duties(world: World, case: Case, fact: Fact, step: Step) -> None:
    """R23, AS 23: nobody acts at two levels of a case, nobody has two of the three duties."""
    level = LEVEL_OF.get(fact.role)
    if level is None:
        return
    for name in sorted(fact.names):
        done = case.acts.setdefault(name, [])
        other = next((a for a in done if a[0] != level), None)
        joined = next((a for a in done if step.duty and a[1] and a[1] != step.duty), None)
        if other:
            world.at("two_levels", fact, other[2], person=name)
        elif joined:
            world.at("two_duties", fact, joined[2], person=name)
        if all(a[:2] != (level, step.duty) for a in done):
            done.append((level, step.duty, fact.seq))
