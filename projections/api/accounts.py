"""Accounts for those who administer them, and what waits for the asker's own signature (R23, X15).

Who may give a second signature is decided here as the write side decides it, so that a page says
beforehand whether another person must act, and who.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from events.rules.access import Action, Principal, Resource, decide
from events.rules.directory import Directory, Office
from events.rules.duties import names_of, same_person
from events.rules.principals import acting_for
from events.rules.seconds import Second, of_export, of_role
from projections.api import params
from projections.api.corrected import undecided
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import OFFICES, Answer, Call, Query
from projections.api.reading import REGISTERS, every

MOST_WAITING = 1_000
"""Accounts and exports that are looked through for what waits."""
_HANDS = ("by", "on_behalf_of", "granted_by", "granted_for", "deputy")
"""Fields that name an account."""
APPROVE_ROLE, APPROVE_EXPORT = "registry.approve_role", "registry.approve_export"


async def account(call: Call) -> Answer:
    """Answer one account: its roles, what is proposed and who may give it, terms, leave."""
    directory, ident = call.side.directory(), call.text("id")
    known = directory.accounts.get(ident)
    if known is None:
        raise QueryError(NOT_FOUND, what=ident)
    own = call.principal.areas if call.principal.user == ident else ()
    call.allow(Resource((directory.path(known.office),), "account", granted=own))
    async with call.reading(f"user-{ident}") as c:
        found = await REGISTERS.account(c, key=f"user-{ident}")
    if found is None:
        raise QueryError(NOT_FOUND, what=ident)
    return account_shown(orjson.loads(found), acting(call), directory)


def account_shown(row: Answer, who: Principal, directory: Directory) -> Answer:
    """Return an account with its open proposals as the asker stands to them."""
    office = directory.offices[row["office"]]
    second = of_role(office, directory)
    wishes = [
        {**wish, **judged(who, wish, (second,), APPROVE_ROLE, row["id"])}
        for wish in row.get("proposed", {}).values()
    ]
    listed: list[Answer] = [r for n in ("roles", "delegations", "leave") for r in row.get(n, ())]
    people = set(_people([*listed, *wishes]))
    received: list[Answer] = [
        {"giver": t.giver, "scope": list(t.scope), "from": str(t.from_day), "until": str(t.until)}
        for terms in directory.delegations.values() for t in terms if t.deputy == row["id"]
    ]  # fmt: skip
    names = names_among(people | {t["giver"] for t in received}, directory)
    return {**row, "proposed": wishes, "received": received, "names": names}


def _people(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for row in rows:
        yield from (str(row[n]) for n in _HANDS if row.get(n))


def names_among(users: Iterable[str], directory: Directory) -> dict[str, str]:
    """Return the names of some accounts by id."""
    known = ((u, directory.accounts.get(u)) for u in users)
    return {u: found.name for u, found in known if found}


def judged(
    who: Principal,
    wish: Mapping[str, Any],
    seconds: Iterable[Second],
    command: str,
    holder: str = "",
) -> Answer:
    """Say who may give the second signature, and whether the asker may (four eyes)."""
    listed = tuple(seconds)
    hands = {h for h in (wish.get("by"), wish.get("on_behalf_of"), holder) if h}
    own = same_person(names_of(who.user, who.on_behalf_of), hands)
    may = not own and any(_may(who, second, command) for second in listed)
    return {
        "seconds": [_second(s) for s in listed],
        "own_hand": own,
        "may_approve": may,
    }


def _may(who: Principal, second: Second, command: str) -> bool:
    if command == APPROVE_EXPORT and who.office != second.office.id:
        return False
    action = Action(command, second.roles)
    return decide(who, action, Resource((second.office.path,), "account")).allow


def _second(second: Second) -> Answer:
    office = second.office
    return {"office": office.id, "name": office.name, "roles": sorted(second.roles)}


async def waiting(call: Call) -> Answer:
    """Answer the roles, exports and corrections that the asker may approve, oldest first."""
    who, directory = acting(call), call.side.directory()
    async with call.reading() as c:
        accounts = await every(REGISTERS.waiting_accounts(c, limit=MOST_WAITING))
        exports = await every(REGISTERS.waiting_exports(c, limit=MOST_WAITING))
        corrections = await undecided(c, who, directory)
    items = [
        *corrections,
        *_roles([orjson.loads(r["body"]) for r in accounts], who, directory),
        *_exports([orjson.loads(r["body"]) for r in exports], who, directory),
    ]
    return {"items": sorted(items, key=lambda i: str(i["on"]))}


def acting(call: Call) -> Principal:
    """Return as whom is asked: the asker, or the asker as the deputy of a giver (X10)."""
    giver = call.args.get("for")
    if giver is None:
        return call.principal
    return acting_for(call.principal, giver, call.side.directory(), call.today) or call.principal


def _roles(rows: list[Answer], who: Principal, directory: Directory) -> Iterable[Answer]:
    for row in rows:
        office = directory.offices[row["office"]]
        second = of_role(office, directory)
        for wish in row["proposed"].values():
            if judged(who, wish, (second,), APPROVE_ROLE, row["id"])["may_approve"]:
                yield {
                    "kind": "role",
                    "user": row["id"],
                    "version": row["version"],
                    "user_name": row["name"],
                    **_proposed(wish, office, directory),
                }


def _exports(rows: list[Answer], who: Principal, directory: Directory) -> Iterable[Answer]:
    for row in rows:
        office = directory.offices[row["office"]]
        if judged(who, row, of_export(office, directory), APPROVE_EXPORT)["may_approve"]:
            yield {
                "kind": "export",
                "export": row["id"],
                "on": row["since"],
                **{n: row[n] for n in ("request", "reason", "query", "format", "version")},
                **_asked(row, office, directory),
            }


def _proposed(wish: Mapping[str, Any], office: Office, directory: Directory) -> Answer:
    named = ("role", "areas", "from", "until", "proposal", "on")
    return {**{n: wish[n] for n in named}, **_asked(wish, office, directory)}


def _asked(row: Mapping[str, Any], office: Office, directory: Directory) -> Answer:
    by = names_among([row["by"]], directory).get(row["by"], "")
    return {"office": office.id, "office_name": office.name, "by": row["by"], "by_name": by}


FOR = params.ident("for", "The officer for whom the asker acts as deputy")
QUERIES = (
    Query(
        "/api/accounts/{id}", "account", "账号", "One account: roles, proposals, terms (R23)",
        account, (params.ident("id", "Account id", in_path=True), FOR), ("registers",),
        OFFICES, "account",
    ),
    Query(
        "/api/waiting", "waiting", "待我批准",
        "What waits for the asker's own second signature (R23, X2, X15)", waiting,
        (FOR,),
        ("registers", "audit_trail"), OFFICES, "office",
    ),
)  # fmt: skip
