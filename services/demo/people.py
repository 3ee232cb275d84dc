"""The staff: an account for each desk, proposed by the operator, approved by the head above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from events.rules.divisions import Level, parent_code, twelve
from services.demo.names import full_name
from services.demo.offices import MINING_AREAS, Place, below, communities
from services.demo.plan import Plan
from services.demo.wishes import Wish

PROVINCE = "14"
PROVINCE_AUDITOR = "auditor (province)"
"""How the province's auditor is called among the accounts that are shown."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One officer: login, name, office, role, and the login of the head who approves."""

    login: str
    name: str
    office: str
    role: str
    approved_by: str
    wave: int


@dataclass(slots=True)
class Staff:
    """Who works where, and each one's account once it is open."""

    desks: tuple[Desk, ...]
    accounts: dict[str, str] = field(default_factory=dict)

    def waves(self) -> Iterator[tuple[Desk, ...]]:
        """Yield the desks in the order in which their roles can be approved."""
        for wave in sorted({d.wave for d in self.desks}):
            yield tuple(d for d in self.desks if d.wave == wave)


ROLES: dict[Level, tuple[tuple[str, str], ...]] = {
    "city": (("head", "city_head"), ("officer", "city_officer")),
    "county": (
        ("head", "county_head"),
        ("certifier", "county_certifier"),
        ("reviewer", "county_reviewer"),
    ),
    "street": (("signer", "street_signer"), ("officer", "street_officer")),
    "community": (("head", "community_head"), ("officer", "community_officer")),
}
"""What the desks of each level are called, and the role behind them; the head comes first."""


def staff(plan: Plan) -> Staff:
    """List the desks of city, county, every street and every community of the county."""
    places = [p for p in _places(plan) if p.level in ROLES]
    desks = [desk for place in places for desk in _desks(place, plan)]
    desks += [_service(plan.city, plan), _service(plan.county, plan)]
    desks += [_auditor(plan.county, plan), _auditor(PROVINCE, plan)]
    desks += [_other_head(city, plan) for city in _other_cities(plan)]
    return Staff(tuple(desks))


def _places(plan: Plan) -> Iterator[Place]:
    yield from below(plan.city, "city")
    yield from below(plan.county, "county")
    used = {p.code for p in communities(plan)}
    levels: tuple[Level, ...] = ("street", "community")
    for level in levels:
        for place in below(plan.county, level):
            if plan.whole_tree or any(code.startswith(place.code) for code in used):
                yield place


def _desks(place: Place, plan: Plan) -> Iterator[Desk]:
    above = parent_code(place.code) or ""
    approver = "head" if place.level == "city" else head_login(above)
    wave = len(place.code)
    for short, role in ROLES[place.level]:
        yield _desk(f"{short}.{place.code}", place.id, role, approver, wave, plan)


def head_login(code: str) -> str:
    """Return the login of the head of a labour office; the province's own head at the top."""
    if len(code) == 2:
        return "head"
    return f"signer.{code}" if len(code) == 9 else f"head.{code}"


def _desk(login: str, office: str, role: str, approver: str, wave: int, plan: Plan) -> Desk:
    return Desk(login, full_name(plan.dice("staff", login)), office, role, approver, wave)


def _service(code: str, plan: Plan) -> Desk:
    """Give the clerk of an employment service, whom the head of the office beside approves."""
    office = f"{twelve(code)}:pes"
    return _desk(f"pes.{code}", office, "pes_clerk", head_login(code), 9, plan)


def _auditor(code: str, plan: Plan) -> Desk:
    """Give an area's auditor, whom the head above approves; the province's own head at the top."""
    above = head_login(parent_code(code) or code)
    return _desk(f"auditor.{code}", twelve(code), "auditor", above, 9, plan)


def _other_cities(plan: Plan) -> tuple[str, ...]:
    cities = {code[:4] for code in MINING_AREAS} - {plan.city}
    return tuple(sorted(cities)) if plan.whole_tree else ()


def _other_head(city: str, plan: Plan) -> Desk:
    return _desk(head_login(city), twelve(city), "city_head", "head", 4, plan)


def needed(plan: Plan, team: Staff) -> tuple[str, ...]:
    """List the logins that act in the simulation, so that they can sign in before it begins."""
    used = {p.code for p in communities(plan)}
    areas = {PROVINCE, plan.city, plan.county, *_other_cities(plan)}
    acting = used | {code[:9] for code in used} | areas
    heads = {d.approved_by for d in team.desks}
    return tuple(
        d.login for d in team.desks if d.login in heads or d.login.partition(".")[2] in acting
    )


def shown(plan: Plan, team: Staff) -> dict[str, str]:
    """Return one login per role that can sign in and has something to do.

    The province's auditor, who may have the log checked (X13), stands beside the county's.
    """
    first = communities(plan)[0].code
    acting = frozenset(needed(plan, team))
    near = {first, first[:9], plan.county, plan.city}
    desks = [d for d in team.desks if d.login in acting]
    found = {d.role: d.login for d in desks if d.login.partition(".")[2] in near}
    return found | {PROVINCE_AUDITOR: f"auditor.{PROVINCE}"}


def accounts(desks: tuple[Desk, ...]) -> tuple[Wish, ...]:
    """Return the wishes to open accounts (R82)."""
    return tuple(
        Wish(
            "registry.open_account",
            "operator",
            {"office": d.office, "name": d.name, "login": d.login},
        )
        for d in desks
    )


def proposals(desks: tuple[Desk, ...], team: Staff, plan: Plan) -> tuple[Wish, ...]:
    """Return the operator's proposals of roles (R23)."""
    return tuple(
        Wish(
            "registry.propose_role",
            "operator",
            {
                "user": team.accounts[d.login],
                "role": d.role,
                "areas": [d.office],
                "from": plan.first,
            },
        )
        for d in desks
    )


def approvals(desks: tuple[Desk, ...], team: Staff, proposed: dict[str, str]) -> tuple[Wish, ...]:
    """Return the approvals by the heads above; `proposed` maps login to proposal (R23)."""
    return tuple(
        Wish(
            "registry.approve_role",
            d.approved_by,
            {"user": team.accounts[d.login], "proposal": proposed[d.login]},
        )
        for d in desks
    )
