"""The read role's self-test: before it answers, it proves that the database would refuse it."""

from __future__ import annotations

from typing import Any

import asyncpg

from events.runtime.shell import NotReadyError
from projections.engine.fence import READER, Opening

_TABLES = """
select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind::text,
 c.relrowsecurity and c.relforcerowsecurity as fenced,
 coalesce('security_invoker=true' = any(c.reloptions), false) as invoker,
 pg_has_role(current_user, c.relowner, 'member') as owned,
 has_table_privilege(c.oid, 'select') as seen,
 has_table_privilege(c.oid, 'insert, update, delete, truncate, references, trigger') as written,
 exists (select from pg_policy p where p.polrelid = c.oid) as policy
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm') and (n.nspname = 'public'
 or n.nspname in (select projection || '_b' || build from engine.builds))"""
_BUILDS = "select projection, build from engine.builds order by 1, 2"
_POWERS = """
select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles
where pg_has_role(current_user, oid, 'member') and (rolsuper or rolbypassrls or rolcreaterole)"""


class FenceError(NotReadyError):
    """The second fence does not stand: no query is answered until it does."""

    code = "fence_open"


async def prove(connection: asyncpg.Connection) -> frozenset[str]:
    """Prove that this login is fenced in: no powers, no table of its own, no row without a setting.

    Ask before every opening and after every swap of builds. Returns the tables and views looked at.
    Raises FenceError naming what is open.
    """
    if await connection.fetchval("select to_regclass('engine.builds')") is None:
        return frozenset()
    found = [_power(r) for r in await connection.fetch(_POWERS)]
    tables = await connection.fetch(_TABLES)
    found += [f"{r['name']} {why}" for r in tables if (why := _gap(r))]
    if not found:
        async with connection.transaction(readonly=True):
            await Opening().open(connection)
            found = [
                f"{r['name']} shows rows to nobody in particular"
                for r in tables
                if r["seen"] and await _shows(connection, r["name"])
            ]
    if found:
        raise FenceError("; ".join(found[:5]))
    return frozenset(r["name"] for r in tables)


class Guard:
    """Proves the fence at the start and again whenever there are other builds."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._proven: list[asyncpg.Record] | None = None

    async def look(self) -> None:
        """Prove it where something changed. Raises FenceError."""
        async with self._pool.acquire(timeout=5) as held:
            connection: Any = held
            there = await connection.fetchval("select to_regclass('engine.builds')")
            builds = await connection.fetch(_BUILDS) if there else []
            if builds != self._proven:
                await prove(connection)
                self._proven = builds


def _power(role: asyncpg.Record) -> str:
    return f"the login has the powers of {role['rolname']}; use a member of {READER} alone"


def _gap(table: asyncpg.Record) -> str:
    """Say what is wrong with a table or view; nothing where it is as it must be."""
    if table["owned"]:
        return "belongs to the login"
    if table["written"]:
        return "can be written by the login"
    if table["relkind"] == "v":
        return "" if table["invoker"] else "is seen with the rights of its owner"
    if not table["fenced"]:
        return "has no row-level security"
    return "has no policy" if table["seen"] and not table["policy"] else ""


async def _shows(connection: asyncpg.Connection, name: str) -> bool:
    return bool(await connection.fetchval(f"select exists (select from {name})"))  # noqa: S608 - quoted
