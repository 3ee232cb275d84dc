"""A small node for the access matrix: five communities with a case each, an account per role."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

import httpx

from events.rules.idnumber import with_check_digit
from tests.access.expected import ANYWHERE, DEPARTMENTS, LABOUR, LEVELS, Level
from tests.integration.test_main_line import EVIDENCE, PERSON, REGISTRATION, doc, made
from tests.support.node import DAY_ONE, SPACE, Node
from tests.support.whole import Whole

OWN: dict[Level, str] = {
    "province": "14", "city": "1401", "county": "140105", "street": "140105001",
    "community": "140105001001",
}  # fmt: skip
SIBLING: dict[Level, str] = {
    "city": "1402", "county": "140106", "street": "140105002", "community": "140105001002",
}  # fmt: skip
HOME = OWN["community"]
HOMES: dict[str, Level] = {
    "140105001002": "community",
    "140105002001": "street",
    "140106001001": "county",
    "140202001001": "city",
}
"""A community beyond the asker's area, and the level at which it is a sibling's."""
LENGTH: dict[int, Level] = {2: "province", 4: "city", 6: "county", 9: "street", 12: "community"}
OFFICES = ("1401", "140105", "140105001", HOME, "140105001002", "140105002", "140105002001",
           "140106", "140106001", "140106001001", "1402", "140202", "140202001",
           "140202001001")  # fmt: skip
BODIES = {"trainer": "training", "appraiser": "appraisal", "agency": "agency", "union": "union",
          "youth": "youth", "women": "women", "media": "media"}  # fmt: skip


@dataclass(frozen=True)
class Asker:
    """An account with one role in one office."""

    role: str
    level: Level
    office: str

    @property
    def login(self) -> str:
        """Return its login."""
        return f"m.{self.role}.{self.level}"

    def sees(self, code: str) -> bool:
        """Tell whether a division lies in the office's own."""
        return code.startswith(OWN[self.level])


@dataclass
class Case:
    """What one community holds: a clerk, a person with case and household, an export, events."""

    account: str
    person: str
    case: str
    household: str
    export: str
    seqs: list[int] = field(default_factory=list)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return every id that gives something away which only the area may see."""
        return (self.person, self.case, self.household, self.export)


@dataclass
class Matrix:
    """The node, its askers and its cases by community."""

    whole: Whole
    askers: tuple[Asker, ...]
    cases: dict[str, Case]

    @property
    def node(self) -> Node:
        """Return the write side."""
        return self.whole.node

    def beyond(self, asker: Asker) -> str | None:
        """Return the community that is a sibling's at the asker's level; none at the top."""
        return next((home for home, level in HOMES.items() if level == asker.level), None)

    def leaks(self, asker: Asker, text: str, asked: str = "") -> list[str]:
        """Name the communities outside the area whose case shows in an answer."""
        return [
            home
            for home, case in self.cases.items()
            if not asker.sees(home) and any(i in text for i in case.ids if i != asked)
        ]


def askers() -> tuple[Asker, ...]:
    """Return every role at every level where an office can give it (C7)."""
    bound = [(role, level) for level, roles in LABOUR.items() for role in roles]
    free = [(role, level) for role in ANYWHERE for level in LEVELS]
    return tuple(
        Asker(role, level, office_of(role, OWN[level]))
        for role, level in (*bound, *free, ("rule_admin", "province"))
    )


def office_of(role: str, code: str) -> str:
    """Return the office of a division that gives a role: the labour office or one beside it."""
    beside = role if role in DEPARTMENTS else BODIES.get(role) or ("pes" if "pes_" in role else "")
    return code.ljust(12, "0") + (f":{beside}" if beside else "")


async def settled(whole: Whole) -> Matrix:
    """Open the offices, the accounts, and one case in each community."""
    node = whole.node
    for code in OFFICES:
        await _office(node, code, "labour")
    found = askers()
    for office in sorted({a.office for a in found if ":" in a.office}):
        code, _, kind = office.partition(":")
        await _office(node, code.rstrip("0") if len(code.rstrip("0")) > 2 else "14", kind)
    await _staff(node, [(a.login, a.role, a.office) for a in found])
    clerks = [(f"clerk.{home}", "community_officer", home) for home in (HOME, *HOMES)]
    await _staff(node, clerks)
    for login in node.accounts:
        whole.sign_in(login)
    await node.at("2008-06-02")
    cases = {home: await _case(node, home, i) for i, home in enumerate((HOME, *HOMES))}
    await whole.catch_up()
    for home, case in cases.items():
        trail = await whole.get(f"clerk.{home}", "/api/audit_trail", limit=200, person=case.person)
        case.seqs = [e["seq"] for e in trail.json()["items"]]
    return Matrix(whole, found, cases)


async def _office(node: Node, code: str, kind: str) -> None:
    body: dict[str, Any] = {"name": f"{code}单位", "level": level_of(code), "code": code,
                            "from": DAY_ONE.isoformat()}  # fmt: skip
    department = kind if kind in DEPARTMENTS else None
    body |= {"kind": "department", "department": department} if department else {"kind": kind}
    await node.do("rules", "registry.open_office", body)


def level_of(code: str) -> Level:
    """Return the level of a division code in natural length."""
    return LENGTH[len(code)]


async def _staff(node: Node, wanted: list[tuple[str, str, str]]) -> None:
    """Open accounts and give each its role; many at a time."""
    opened = await _all(node, "registry.open_account", [
        ("operator", {"office": office, "name": "测试员", "login": login})
        for login, _, office in wanted
    ])  # fmt: skip
    node.accounts |= {w[0]: made(a, "user") for w, a in zip(wanted, opened, strict=True)}
    proposed = await _all(node, "registry.propose_role", [
        ("operator", {"user": node.accounts[login], "role": role, "areas": [office],
                      "from": DAY_ONE.isoformat()})
        for login, role, office in wanted
    ])  # fmt: skip
    heads = [await node.head_above(office) for *_, office in wanted]
    await _all(node, "registry.approve_role", [
        (head, {"user": node.accounts[login], "proposal": a["events"][0]["event_id"]})
        for (login, *_), a, head in zip(wanted, proposed, heads, strict=True)
    ])  # fmt: skip


async def _all(
    node: Node, name: str, wishes: list[tuple[str, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Send commands of one name side by side; each must be accepted."""
    answers = await asyncio.gather(*(node.ask(login, name, body) for login, body in wishes))
    for answer in answers:
        assert answer.status_code == 200, f"{name}: {answer.text}"
    found: list[dict[str, Any]] = [a.json() for a in answers]
    positions = [int(a["after"].split(":")[1]) for a in found if a["after"]]
    await node.role.follower.settle(max(positions, default=0))
    return found


async def _case(node: Node, home: str, number: int) -> Case:
    """Register a person, form her household, file her application."""
    clerk = f"clerk.{home}"
    ident = with_check_digit(f"1499991966030400{2 * number}")
    body = PERSON | {"residence": home, "national_id": ident, "name": f"王{'甲乙丙丁戊'[number]}"}
    person = made(await node.do(clerk, "registry.register_person", body), "person")
    await node.do(
        clerk, "registry.record_unemployment_registration", {"person": person, **REGISTRATION}
    )
    member = {"person": person, "relation": "self", "counts_as": "normal"}
    home_body = {"community": home, "address": "学府街一号", "members": [member],
                 "book": doc("household_book")}  # fmt: skip
    formed = await node.do(clerk, "registry.form_household", home_body)
    application = {
        "person": person, "categories": ["aged_4050"], "causes": ["skill"], "evidence": EVIDENCE,
        "attest_ability": True, "attest_wish": True, "signed": doc("application"),
    }  # fmt: skip
    filed = await node.do(clerk, "certification.file_application", application)
    wish = {"query": {"kind": "ledger"}, "masked": True, "reason": "核对", "format": "csv"}
    export = made(await node.do(clerk, "registry.request_export", wish), "export")
    case = made(filed, "certification")
    return Case(node.accounts[clerk], person, case, made(formed, "household"), export)


async def command(whole: Whole, login: str, name: str, body: dict[str, Any]) -> httpx.Response:
    """Send a command as somebody, under an id of its own."""
    ident = str(uuid5(SPACE, f"{login}/{name}/{whole.node.sent}"))
    whole.node.sent += 1
    headers = {"idempotency-key": ident, **whole.node.as_(login)}
    return await whole.node.http.post(f"/api/commands/{name}", json=body, headers=headers)
