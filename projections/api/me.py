"""Who asks: the account behind the token, with office, roles and areas as they stand today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from events.contracts.registry import EmergencyAccessOpened
from events.rules.directory import Delegation, Directory
from projections.api.accounts import names_among
from projections.api.query import Answer, Call, Query
from projections.api.reading import AUDIT, every

MOST_EMERGENCIES = 200


async def me(call: Call) -> Answer:
    """Answer the asker's own account, office and roles: what a client needs at sign-in."""
    who, directory = call.principal, call.side.directory()
    account, office = directory.accounts.get(who.user), directory.office(who.office)
    return {
        "user": who.user,
        "name": account.name if account else "",
        "office": who.office,
        "office_name": office.name_on(call.today) if office else "",
        "level": who.level,
        "path": who.path,
        "roles": sorted(who.roles),
        "areas": list(who.areas),
    }


async def access(call: Call) -> Answer:
    """Answer what the asker may act as: grants, terms given and received, open emergencies."""
    user, directory = call.principal.user, call.side.directory()
    account = directory.accounts.get(user)
    grants = account.grants if account else ()
    given = directory.delegations.get(user, ())
    received = directory.deputised(user, call.today)
    people = {d.deputy for d in given} | {d.giver for d in received}
    return {
        "grants": [
            {
                "role": g.role,
                "areas": [_place(path, directory) for path in g.areas],
                "from": g.from_day.isoformat(),
                "until": g.until.isoformat() if g.until else None,
                "in_force": g.in_force(call.today),
            }
            for g in grants
        ],
        "given": [_term(d, call) for d in given],
        "received": [_term(d, call) for d in received],
        "names": names_among(people, directory),
        "emergencies": await _emergencies(call),
    }


def _place(path: str, directory: Directory) -> Answer:
    """Name an area by the labour office that it is the area of."""
    found = (o for o in directory.offices.values() if o.path == path and o.kind == "labour")
    office = next(found, None)
    return {"path": path, "name": office.name if office else path}


def _term(found: Delegation, call: Call) -> Answer:
    """Return a delegation; `roles` are those that the giver holds today."""
    giver = call.side.directory().accounts.get(found.giver)
    held = giver.roles(call.today) if giver else frozenset()
    return {
        "delegation": found.event,
        "giver": found.giver,
        "deputy": found.deputy,
        "scope": list(found.scope),
        "roles": sorted(held & {*found.scope}),
        "cases": list(found.cases),
        "from": found.from_day.isoformat(),
        "until": found.until.isoformat(),
        "in_force": found.in_force(call.today),
    }


async def _emergencies(call: Call) -> list[Answer]:
    """Return the emergencies of the asker that end today or later (X14)."""
    who = call.principal
    words = {
        "low": who.path, "high": who.path + ":", "root": False, "person": None,
        "actor": who.user, "type": EmergencyAccessOpened.type, "without": None, "first": None,
        "last": None, "before": None, "limit": MOST_EMERGENCIES,
    }  # fmt: skip
    async with call.reading() as c:
        rows = await every(AUDIT.entries(c, **words))
    return list(_running(rows, call.today.isoformat()))


def _running(rows: Iterable[Any], today: str) -> Iterable[Answer]:
    for row in rows:
        until = str(orjson.loads(row["body"])["until"])
        if until >= today:
            yield {"person": row["person"], "until": until, "seq": row["seq"]}


QUERIES = (
    Query("/api/me", "me", "本人账号", "The asker's account, office and roles", me),
    Query(
        "/api/me/access", "my_access", "我的权限",
        "The asker's grants, terms as deputy, open emergencies (X10, X14)", access, (),
        ("audit_trail",),
    ),
)  # fmt: skip
