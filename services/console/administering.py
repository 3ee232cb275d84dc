"""What a form about an account offers: the roles its office gives, its areas, its colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from events.rules.roles import ROLES
from services.console.site import Visit

Choice: TypeAlias = tuple[str, str]
MOST = 200
KINDS = {"pes": ("pes",), "labour": ("labour",), "department": ("department",)}
"""Kind of office → kinds of role that exist there alone; other kinds of role exist anywhere."""
OF_A_BODY = frozenset({"union", "youth", "women", "trainer", "appraiser", "agency", "media"})
"""Roles of bodies of their own; a labour office does not give them."""


async def offered(visit: Visit, user: str) -> dict[str, list[Choice]]:
    """Return path of a field → what it may name, for a form about one account."""
    account = await visit.maybe(f"/api/accounts/{user}")
    if not account:
        return {}
    office = await visit.maybe(f"/api/offices/{account['office']}")
    children = office.get("children", ())
    own = [(str(account["office"]), str(office.get("name") or account["office"]))]
    held = [(r["role"], visit.word(r["role"])) for r in account.get("roles", ())]
    return {
        "user": [(user, str(account.get("name", "")))],
        "role": [(r, visit.word(r)) for r in roles_of(office)],
        "areas": [*own, *((str(o["office"]), str(o["name"])) for o in children)],
        "scope": list(dict.fromkeys(held)),
        "deputy": await _colleagues(visit, account),
        "proposal": [(p["proposal"], wish_words(visit, p)) for p in account.get("proposed", ())],
        "grant": [(r["grant"], wish_words(visit, r)) for r in account.get("roles", ())],
        "delegation": [(d["delegation"], _term(d, account)) for d in _terms(account)],
    }


def roles_of(office: Mapping[str, Any]) -> list[str]:
    """Return the roles that an office of this level and kind can give (C7)."""
    level, kind = office.get("level"), str(office.get("kind") or "labour")
    return [
        role.name for role in ROLES.values()
        if level in role.levels and _gives(kind, role.kind, role.name, office)
    ]  # fmt: skip


def _gives(kind: str, of: str, name: str, office: Mapping[str, Any]) -> bool:
    if of == "department":
        return kind == "department" and office.get("department") == name
    if of in {"labour", "pes"}:
        return kind == of
    return kind not in KINDS or name not in OF_A_BODY


def wish_words(visit: Visit, wish: Mapping[str, Any]) -> str:
    """Return a role with its first day, as a form names it."""
    return f"{visit.word(wish['role'])} · {visit.t('access.since', day=wish['from'])}"


def _terms(account: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(account.get("delegations", ()))


def _term(term: Mapping[str, Any], account: Mapping[str, Any]) -> str:
    names = account.get("names") or {}
    return f"{names.get(term['deputy'], '')} · {term['from']} – {term['until']}"


async def _colleagues(visit: Visit, account: Mapping[str, Any]) -> list[Choice]:
    """Return the other open accounts of the same office."""
    found = await visit.maybe(
        "/api/registers/accounts", office=account["office"], open="true", limit=MOST
    )
    return [
        (str(r["id"]), str(r["name"])) for r in found.get("items", ())
        if r.get("office") == account["office"] and r.get("id") != account.get("id")
    ]  # fmt: skip
