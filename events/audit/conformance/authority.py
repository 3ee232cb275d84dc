"""Who acted: an account in force, with a role it holds, for its own office; and two, not one."""

from __future__ import annotations

from datetime import datetime, timedelta

from events.audit.conformance.process import ACTORS, FOUR_EYES, GROUPS, STEPS
from events.audit.conformance.world import World
from events.audit.facts import SHANGHAI, Fact

_SYSTEM = frozenset({"system"})
_STREET, _COUNTY = (frozenset(GROUPS[g].split()) for g in ("street", "county"))
_PROPOSALS = ("_proposed.v1", "_requested.v1")
_SINGLE = frozenset({
    "certification.exit_proposed.v1", "certification.reassessment_proposed.v1",
    "certification.review_requested.v1", "registry.transfer_requested.v1",
    "posts.post_proposed.v1",
})  # fmt: skip
"""Proposals that no second pair of eyes decides."""


class Authority:
    """Judges the envelope of every fact: its actor, role and office."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.first: dict[str, Fact] = {}
        """Proposals that wait for a second person, by event id."""
        self.begun = False

    def judge(self, fact: Fact) -> None:
        """Judge who a fact came from."""
        self._allowed(fact)
        self._four_eyes(fact)
        if fact.role in _SYSTEM:
            return
        self.begun = True
        if fact.role != "person":
            self._held(fact)

    def _allowed(self, fact: Fact) -> None:
        allowed = ACTORS.get(fact.type)
        if allowed is None or fact.role in allowed:
            return
        opening = fact.role in _SYSTEM and not self.begun and fact.type.startswith("registry.")
        if not opening:
            self.world.at("wrong_role", fact, role=fact.role, what=fact.type)

    def _held(self, fact: Fact) -> None:
        """R23, X10: the holder, or a deputy of the holder, on the day of recording."""
        world, day = self.world, fact.recorded_day
        account = world.offices.accounts.get(fact.actor)
        if account is None:
            world.at("actor_unknown", fact)
            return
        if account.closed is not None and day >= account.closed:
            world.at("account_closed", fact, day=account.closed)
        elif fact.office != account.office:
            world.at("office_not_actors", fact, office=fact.office, right=account.office)
        elif fact.behalf is not None:
            giver = world.offices.accounts.get(fact.behalf)
            acting = world.offices.deputised(fact.actor, fact.behalf, fact.role, day)
            if not acting or giver is None or not giver.holds(fact.role, day):
                world.at("not_deputy", fact, giver=fact.behalf)
        elif not account.holds(fact.role, day):
            world.at("role_not_held", fact, role=fact.role)

    def _four_eyes(self, fact: Fact) -> None:
        """Ask for a second signature by another person, after a first."""
        if fact.type.endswith(_PROPOSALS) and fact.type not in _SINGLE:
            self.first[fact.id] = fact
        field = FOUR_EYES.get(fact.type)
        if field is None or fact.role in _SYSTEM:
            return
        proposal = self.first.get(fact.body.get(field, ""))
        if proposal is None:
            if fact.type not in STEPS:
                self.world.at("nothing_to_decide", fact)
            return
        holder = {fact.key} if fact.type == "registry.role_granted.v1" else frozenset()
        if fact.names & (proposal.names | holder):
            self.world.at("same_hand", fact, proposal.seq)
        if fact.type == "registry.subject_shredded.v1":
            self._cooled(proposal, fact)
        self.world.afterwards(lambda: self.first.pop(proposal.id, None))

    def _cooled(self, proposal: Fact, fact: Fact) -> None:
        """A14, AS 48: a key is destroyed after the cooling-off, not before."""
        days = self.world.term("registry.shredding_days", fact.office, fact.day)
        first = proposal.day + timedelta(days=days)
        if fact.day < first:
            self.world.at("cooling_off_short", fact, proposal.seq, first=first)

    def granted(self, fact: Fact) -> None:
        """R23: nobody holds a street's and a county's role over the same area."""
        offices = self.world.offices
        proposal, account = offices.proposal(fact), offices.accounts.get(fact.key)
        if proposal is None or account is None:
            return
        rivals = {**dict.fromkeys(_STREET, _COUNTY), **dict.fromkeys(_COUNTY, _STREET)}
        wanted = [offices.area(area) for area in proposal.body["areas"]]
        for grant in account.grants.values():
            held = [offices.area(area) for area in grant.areas]
            same = any(a.startswith(b) or b.startswith(a) for a in wanted for b in held)
            running = grant.until is None or grant.until >= fact.day
            if same and running and grant.role in rivals.get(proposal.body["role"], ()):
                self.world.at("roles_conflict", fact, proposal.seq, role=grant.role)

    def emergency(self, fact: Fact) -> None:
        """X14, AS 46: an emergency access ends by itself."""
        until = datetime.fromisoformat(fact.body["until"])
        hours = self.world.term("registry.emergency_hours", fact.office, fact.day)
        if until - fact.at > timedelta(hours=hours):
            self.world.at("emergency_too_long", fact, until=until.astimezone(SHANGHAI))
