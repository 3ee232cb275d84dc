"""No roles, moves and delegations, in whatever order, let one person act at two levels (R23)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from json import dumps

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.contracts import certification, streams
from events.contracts import registry as ev
from events.rules.access import Action, Principal, Resource, decide
from events.rules.directory import Directory
from events.rules.principals import acting_for, principal_by_id
from services.certification.acting import who_acted
from services.certification.state import Case
from services.kit.decider import Command, DomainError
from services.registry.account import commands as cmd
from tests.support.examples import example
from tests.support.scenario import FakeFacts, Scenario, happened, some_id
from tests.unit.services.registry import facts as a

DAY, LAST = date(2008, 6, 16), date(2008, 7, 31)
USERS = tuple(some_id(name) for name in ("wang", "li", "zhao"))
DESKS = {
    a.COMMUNITY: ("community_officer", "community_head", "street_signer", a.STREET),
    a.STREET: ("street_officer", "street_signer", "county_head", a.COUNTY),
    a.COUNTY: ("county_certifier", "county_head", "city_head", a.CITY),
}
"""Office: the role it gives, its head, and the head above who approves."""
ACT = Action("certification.act", frozenset({"labour"}))
EVENT = certification.CommunityRegistered.model_validate_json(
    dumps(example(certification.CommunityRegistered, sealed=False))
)
CASE = streams.CERTIFICATION.of(some_id("case"))


@dataclass
class Office:
    """Officers who come and go, one case, and who acted on it as an onlooker notes it."""

    scenario: Scenario = a.registry
    case: Case = field(default_factory=Case)
    seen: dict[str, set[str]] = field(default_factory=dict)

    @property
    def directory(self) -> Directory:
        return a.directory(*self.scenario.facts[len(a.OFFICES) :])

    def wish(self, who: Principal, command: Command) -> None:
        """Let somebody wish; what the rules refuse does not happen."""
        scene = replace(self.scenario, directory=self.directory)
        try:
            after = scene.by(who).after(command, DAY.isoformat())
        except DomainError:
            return
        self.scenario = replace(after, directory=a.DIRECTORY)

    def work(self, user: str, office: str) -> None:
        """Bring a person to an office, as a transfer of staff would, and give him its role."""
        known = self.directory.accounts.get(user)
        stream, subject = streams.USER.of(user), f"office-{office}"
        if known is None or known.office != office:
            opened = ev.AccountOpened(office=office, name="王", login=user)
            self.scenario = self.scenario.given(happened(stream, opened, subject))
        role, head, above, over = DESKS[office]
        wish = cmd.ProposeRole(user=user, role=role, areas=(office,), from_day=a.DAY)
        self.wish(a.officer(head, office, f"boss {office}"), wish)
        proposal = some_id(f"{stream}/{len(self.of(user))}")
        approval = cmd.ApproveRole(user=user, proposal=proposal)
        self.wish(a.officer(above, over, f"boss {over}"), approval)

    def of(self, user: str) -> list[object]:
        return [f for f in self.scenario.facts if f.stream == streams.USER.of(user)]

    def lend(self, giver: str, deputy: str) -> None:
        """Let the head of the giver's office delegate the office's role, or try to."""
        known = self.directory.accounts.get(giver)
        if known is None or deputy not in self.directory.accounts:
            return
        role, head, *_ = DESKS[known.office]
        wish = cmd.Delegate(
            user=giver, deputy=deputy, scope=(role,), from_day=DAY, until=LAST, reason="leave"
        )
        self.wish(a.officer(head, known.office, f"boss {known.office}"), wish)

    def act(self, user: str) -> None:
        """Let a person act on the case, for himself and for everyone who lent him a role."""
        directory = self.directory
        own = principal_by_id(user, directory, DAY)
        if own is None:
            return
        lent = (acting_for(own, giver, directory, DAY) for giver in USERS)
        for who in (own, *lent):
            resource = Resource((a.COMMUNITY,), acted=self.case.acted)
            if who is not None and decide(who, ACT, resource).allow:
                self._acted(who)

    def _acted(self, who: Principal) -> None:
        fact = FakeFacts().add(happened(CASE, EVENT, actor=who.user, office=who.office))
        meta = {"on_behalf_of": who.on_behalf_of} if who.on_behalf_of else {}
        self.case = who_acted(self.case, replace(fact, meta=meta))
        for name in filter(None, (who.user, who.on_behalf_of)):
            self.seen.setdefault(name, set()).add(str(who.level))

    def check(self) -> None:
        """Nobody acted at two levels, in his own name or through a deputy."""
        assert all(len(levels) == 1 for levels in self.seen.values()), self.seen


people = st.sampled_from(USERS)
steps = st.one_of(
    st.tuples(st.just("work"), people, st.sampled_from(sorted(DESKS))),
    st.tuples(st.just("lend"), people, people),
    st.tuples(st.just("act"), people),
)


@pytest.mark.requirement("R23")
@pytest.mark.requirement("X10")
@settings(max_examples=150, deadline=None)
@given(st.lists(steps, min_size=6, max_size=24))
def test_nobody_acts_at_two_levels_of_one_case(todo: list[tuple[str, ...]]) -> None:
    office = Office()
    for name, *who in todo:
        getattr(office, name)(*who)
        office.check()


@pytest.mark.requirement("R23")
@pytest.mark.requirement("X10")
def test_an_officer_who_moved_up_has_no_say_nor_has_his_deputy_for_him() -> None:
    wang, li, _ = USERS
    office = Office()
    office.work(wang, a.COMMUNITY)
    office.act(wang)
    for user in (wang, li):
        office.work(user, a.STREET)
    office.lend(wang, li)
    assert office.directory.delegated(li, wang, DAY)
    office.act(wang)
    office.act(li)
    assert office.seen == {wang: {"community"}, li: {"street"}}
