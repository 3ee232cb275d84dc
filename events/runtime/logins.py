"""Who logs in to PostgreSQL: one login per duty, each with the rights of its duty and no others.

The groups get their rights where their tables are made: the log's migrations, the engine's schema.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from events.runtime.postgres import EmbeddedPostgres

GROUPS = ("log_read", "log_append", "log_sequence", "log_publish", "read_query")


@dataclass(frozen=True, slots=True)
class Login:
    """A login: its groups, the databases it may enter, and the one it owns, if any.

    Whoever owns the read models writes them in bulk, which row-level security does not let anybody
    do but a login that it does not bind (`keeper`).
    """

    name: str
    groups: tuple[str, ...] = ()
    enters: tuple[str, ...] = ("bangfu_log",)
    owns: str = ""
    keeper: bool = False


WRITE = Login("bangfu_write", ("log_append",))
PUBLISH = Login("bangfu_publish", ("log_sequence", "log_publish"))
PROJECT = Login("bangfu_project", ("log_read",), owns="bangfu_read", keeper=True)
READ = Login("bangfu_query", ("log_read", "read_query"), ("bangfu_log", "bangfu_read"))
KEYS = Login("bangfu_keyring", enters=(), owns="bangfu_keys")
LOGINS = (WRITE, PUBLISH, PROJECT, READ, KEYS)
ROLES: Mapping[str, Mapping[str, tuple[Login, str]]] = {
    "write": {"log_url": (WRITE, "bangfu_log"), "keys_url": (KEYS, "bangfu_keys")},
    "publish": {"log_url": (PUBLISH, "bangfu_log")},
    "project": {"log_url": (PROJECT, "bangfu_log"), "read_url": (PROJECT, "bangfu_read")},
    "read": {"log_url": (READ, "bangfu_log"), "read_url": (READ, "bangfu_read")},
    "console": {},
}
"""What each role of the node is told: its addresses and nobody else's."""

_OWNED = """
with own as (select oid, nspname from pg_namespace where nspname !~ '^pg_'
 and nspname <> 'information_schema' and ($1 = '' or nspname = $1))
select format('alter schema %I owner to ', own.nspname) from own join pg_namespace n using (oid)
where nspowner = 'postgres'::regrole
union all select format('alter table %s owner to ', c.oid::regclass)
from pg_class c join own on own.oid = relnamespace
where relowner = 'postgres'::regrole and relkind in ('r', 'v')
union all select format('alter sequence %s owner to ', c.oid::regclass)
from pg_class c join own on own.oid = relnamespace
where relowner = 'postgres'::regrole and relkind = 'S'
and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i'))
union all select format('alter function %s owner to ', p.oid::regprocedure)
from pg_proc p join own on own.oid = pronamespace where proowner = 'postgres'::regrole"""


async def make_logins(server: EmbeddedPostgres) -> dict[str, dict[str, str]]:
    """Create the logins with their databases' rights; return each role's addresses."""
    connection = await asyncpg.connect(server.dsn("postgres"))
    try:
        for group in GROUPS:
            if not await _known(connection, group):
                await connection.execute(f"create role {group} nologin")
        for login in LOGINS:
            await _make(connection, login, _password(server, login))
        for database in ("bangfu_log", "bangfu_read", "bangfu_keys"):
            await connection.execute(
                f"revoke connect, temporary on database {database} from public"
            )
        for login in LOGINS:
            for database in login.enters:
                await connection.execute(f"grant connect on database {database} to {login.name}")
        await connection.execute(f"grant create on database bangfu_log to {WRITE.name}")
    finally:
        await connection.close()
    for login in LOGINS:
        if login.owns:
            await _hand_over(server.dsn(login.owns), login.name)
    await _hand_over(server.dsn("bangfu_log"), WRITE.name, "work")
    return {
        role: {
            name: server.dsn(database, login.name, _password(server, login))
            for name, (login, database) in addresses.items()
        }
        for role, addresses in ROLES.items()
    }


async def _known(connection: asyncpg.Connection, role: str) -> bool:
    return bool(await connection.fetchval("select 1 from pg_roles where rolname = $1", role))


async def _make(connection: asyncpg.Connection, login: Login, password: str) -> None:
    if not await _known(connection, login.name):
        await connection.execute(f"create role {login.name}")
    bound = "bypassrls" if login.keeper else "nobypassrls"
    await connection.execute(
        f"alter role {login.name} login nosuperuser nocreatedb nocreaterole {bound}"
        f" password '{password}'"
    )
    if login.groups:
        await connection.execute(f"grant {', '.join(login.groups)} to {login.name}")
    if "log_append" in login.groups:  # an idle appender must not hold the fence for long
        await connection.execute(
            f"alter role {login.name} set idle_in_transaction_session_timeout = '5s';"
            f"alter role {login.name} set transaction_timeout = '30s'"
        )


async def _hand_over(dsn: str, owner: str, schema: str = "") -> None:
    """Give a database, or one schema of it, with what its superuser made in it to its owner."""
    connection = await asyncpg.connect(dsn)
    try:
        if not schema:
            database = await connection.fetchval("select current_database()")
            await connection.execute(f"alter database {database} owner to {owner}")
        for (statement,) in await connection.fetch(_OWNED, schema):
            await connection.execute(statement + owner)
    finally:
        await connection.close()


def _password(server: EmbeddedPostgres, login: Login) -> str:
    """Derive a login's password from the superuser's, so that each start knows the same one."""
    return hmac.new(server.password.encode(), login.name.encode(), hashlib.sha256).hexdigest()
