"""What forms choose from: employers, posts, accounts, activities, batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from projections.api import params
from projections.api.query import OFFICES, Answer, Call, Query
from projections.api.reading import REGISTERS, every
from projections.engine.fence import open_subjects

NAMES = ("employers", "posts", "accounts", "activities", "batches")


async def register(call: Call) -> Answer:
    """Answer a page of a register for an area; offices above share what they listed."""
    low, high = call.scope()
    name = call.text("name")
    path, key = call.cursor(str, str) or (None, None)
    words = {
        "low": low,
        "high": high,
        "path": low,
        "open": {"true": True, "false": False}.get(call.get("open", "")),
        "text": call.args.get("text"),
        "after_path": path,
        "after_key": key,
    }
    async with call.reading() as c:
        rows = await every(getattr(REGISTERS, name)(c, **words, limit=call.limit + 1))
        page = [orjson.loads(r["body"]) for r in rows[: call.limit]]
        names = await _employers(c, page)
    last = rows[: call.limit][-1] if len(rows) > call.limit else None
    following = params.cursor_of(last["path"], last["key"]) if last is not None else None
    return {"items": [_SHOWN.get(name, _plain)(r, names, call.today) for r in page],
            "next": following}  # fmt: skip


async def _employers(connection: Any, page: list[Answer]) -> dict[str, str]:  # noqa: ANN401
    keys = [f"employer-{r['employer']}" for r in page if r.get("employer")]
    if not keys:
        return {}
    await open_subjects(connection, keys)
    return {
        r["id"]: r["name"] for r in await every(REGISTERS.names_of_employers(connection, keys=keys))
    }


def _plain(row: Answer, names: Mapping[str, str], today: date) -> Answer:  # noqa: ARG001
    return {**row, "employer_name": names.get(row.get("employer") or "")}


def _post(row: Answer, names: Mapping[str, str], today: date) -> Answer:
    taken = len(row.get("taken", ()))
    ended = row.get("until") is not None and row["until"] < today.isoformat()
    return {
        **_plain(row, names, today),
        "taken": taken,
        "free": max(row.get("places", 0) - taken, 0),
        "expired": ended,
    }


def _account(row: Answer, names: Mapping[str, str], today: date) -> Answer:  # noqa: ARG001
    """Show an account with the roles in force today beside all of its roles."""
    on = today.isoformat()
    held = [r["role"] for r in row.get("roles", ()) if _in_force(r, on)]
    return {**row, "held": sorted(set(held)), "proposed": list(row.get("proposed", {}).values())}


def _in_force(role: Answer, on: str) -> bool:
    until, revoked = role["until"], role.get("revoked_from")
    return role["from"] <= on and (until is None or on <= until) and not (revoked and revoked <= on)


_SHOWN = {"posts": _post, "accounts": _account}
_NAME = params.choice("name", "Register", *NAMES)
QUERIES = (
    Query(
        "/api/registers/{name}", "register", "资源库", "A register: what forms choose from",
        register,
        (
            params.in_path(_NAME),
            params.office(),
            params.choice("open", "Only open ones, or only closed ones", "true", "false"),
            params.word("text", "Part of the name", r"[\w（）()·\-]{1,40}"),
            params.CURSOR, params.LIMIT,
        ),
        ("registers",), OFFICES, "office",
    ),
)  # fmt: skip
