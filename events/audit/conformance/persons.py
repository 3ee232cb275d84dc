"""The register of persons as far as the process rests on it (R8, R11, X6, X8)."""

from __future__ import annotations

from collections.abc import Callable

from events.audit.conformance.world import Person, World
from events.audit.facts import Fact


def _registered(world: World, fact: Fact) -> None:
    if fact.key in world.people:
        world.at("person_twice", fact)
        return
    hukou = fact.body["hukou"]
    urban = hukou["type"] == "urban" and str(hukou["division"]).startswith("14")
    world.people[fact.key] = Person(fact.body["residence"], urban)


def _changed(world: World, fact: Fact) -> None:
    if fact.body["fact"] == "hukou" and (person := world.people.get(fact.key)):
        person.urban = None  # the new one is sealed


def _unemployed(world: World, fact: Fact) -> None:
    person = world.people.get(fact.key)
    if person is None:
        world.at("person_unknown", fact)
        return
    if person.registered is not None:
        world.at("registered_twice", fact, person.registered[1])
    if person.job is not None and person.job[0] <= fact.day:
        world.at("registered_at_work", fact, person.job[1])
    person.registered = (fact.day, fact.seq)


def _cancelled(world: World, fact: Fact) -> None:
    person = world.people.get(fact.key)
    if person is None or person.registered is None:
        world.at("no_registration", fact)
        return
    person.registered = None
    if fact.body["ground"] == "employed":
        person.placements[fact.id] = (fact.day, fact.seq)


def _moved(world: World, fact: Fact) -> None:
    person = world.people.get(fact.key)
    if person is None:
        return
    person.residence = fact.body["to"]
    case = world.cases.get(person.case or "")
    if case is None:
        return
    if case.state not in {"certified", "exited", "refused"}:
        world.at("moved_in_flight", fact)
    case.community = fact.body["to"]


CHECKS: dict[str, Callable[[World, Fact], None]] = {
    "registry.person_registered.v1": _registered,
    "registry.person_fact_changed.v1": _changed,
    "registry.unemployment_registered.v1": _unemployed,
    "registry.unemployment_registration_cancelled.v1": _cancelled,
    "registry.transfer_accepted.v1": _moved,
}
