"""Zero-employment households: who belongs to them, certified when, helped within the month."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.audit.conformance.days import months_after
from events.audit.conformance.terms import HOUSEHOLD_MONTHS
from events.audit.conformance.world import Case, Mark, World
from events.audit.facts import Fact


@dataclass(slots=True)
class Household:
    """A household: its members, and since when it is certified."""

    office: str
    members: set[str] = field(default_factory=set)
    state: str = "formed"
    since: Mark | None = None


class Households:
    """Judges the streams of households (R14, R86, R87, X7)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.all: dict[str, Household] = {}
        self._checks = {
            "registry.household_formed.v1": self._formed,
            "registry.member_added.v1": self._added,
            "registry.member_left.v1": self._left,
            "registry.household_split.v1": self._split,
            "registry.household_absorbed.v1": self._absorbed,
            "certification.household_certified.v1": self._certified,
            "certification.household_cleared.v1": self._cleared,
            "certification.household_left.v1": self._gone,
        }

    def fold(self, fact: Fact) -> None:
        """Take a fact about a household."""
        if check := self._checks.get(fact.type):
            check(fact)

    def certified(self, household: str | None, person: str) -> bool:
        """Tell whether a person belongs to a household that is certified now."""
        found = self.all.get(household or "")
        return found is not None and found.state == "certified" and person in found.members

    def must_stand(self, case: Case, fact: Fact) -> None:
        """R14: who is certified as a household's member has a certified household."""
        named = fact.body.get("member_of")
        if fact.body.get("category") == "zero_household" and not self.certified(named, case.person):
            self.world.at("household_not_certified", fact)

    def finish(self) -> None:
        """R87: note the households that nobody was helped out of by the end of the history."""
        for key, household in self.all.items():
            if household.state == "certified" and household.since is not None:
                self._late(key, household, None)

    def _formed(self, fact: Fact) -> None:
        self.all[fact.key] = Household(fact.body.get("community") or fact.office)
        for member in fact.body["members"]:
            self._join(fact, member["person"])

    def _added(self, fact: Fact) -> None:
        self._join(fact, fact.body["person"])

    def _join(self, fact: Fact, person: str) -> None:
        household, known = self.all.get(fact.key), self.world.people.get(person)
        if household is None or known is None:
            self.world.at("person_unknown", fact)
            return
        if known.household not in {None, fact.key}:
            self.world.at("two_households", fact, other=known.household)
        known.household = fact.key
        household.members.add(person)

    def _left(self, fact: Fact) -> None:
        self._leave(fact.key, [fact.body["person"]])

    def _split(self, fact: Fact) -> None:
        self._leave(fact.key, fact.body["leaving"])

    def _absorbed(self, fact: Fact) -> None:
        if household := self.all.get(fact.key):
            self._leave(fact.key, list(household.members))

    def _leave(self, key: str, persons: list[str]) -> None:
        household = self.all.get(key)
        for person in persons:
            if household is not None:
                household.members.discard(person)
            known = self.world.people.get(person)
            if known is not None and known.household == key:
                known.household = None

    def _certified(self, fact: Fact) -> None:
        household = self.all.get(fact.key)
        if household is None:
            self.world.at("household_unknown", fact)
            return
        if household.state == "certified":
            self.world.at("household_certified_twice", fact)
        household.state, household.since = "certified", (fact.day, fact.seq)

    def _cleared(self, fact: Fact) -> None:
        """R87: the figures of the record are counted again."""
        household = self.all.get(fact.key)
        if household is None or household.state != "certified" or household.since is None:
            self.world.at("household_not_certified", fact)
            return
        world, body = self.world, fact.body
        person = world.people.get(body["member"])
        placed = person.placements.get(body["placement"]) if person else None
        if body["member"] not in household.members or placed is None:
            world.at("cleared_without_work", fact)
        else:
            since = household.since[0]
            days = max((placed[0] - since).days, 0)
            in_time = placed[0] <= months_after(since, HOUSEHOLD_MONTHS)
            if body["in_time"] != in_time or body["days"] != days:
                world.at("household_figures_wrong", fact, placed[1], days=body["days"], right=days)
            self._late(fact.key, household, placed)
        household.state = "cleared"

    def _late(self, key: str, household: Household, placed: Mark | None) -> None:
        if household.since is None:
            return
        due = months_after(household.since[0], HOUSEHOLD_MONTHS)
        day = placed[0] if placed else self.world.today
        if day > due:
            street = self.world.offices.above(household.office, "street") or household.office
            seqs = (household.since[1], *((placed[1],) if placed else ()))
            self.world.found("household_late", street, key, *seqs, due=due,
                             done=day if placed else "–")  # fmt: skip

    def _gone(self, fact: Fact) -> None:
        household = self.all.get(fact.key)
        if household is None or household.state != "certified":
            self.world.at("household_not_certified", fact)
            return
        household.state = "left"
