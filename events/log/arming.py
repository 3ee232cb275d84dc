"""Whether this database is the log that was signed and published: checked before any append.

Every start of the server and every copy of the database disarms the log. It is armed again only
when the server and database are the node's own, and every witness kept outside it agrees.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from events.log.errors import LogRefusedError
from events.log.tree import StoredTree

_IDENTITY = """select pg_is_in_recovery() as recovering, n.source, n.epoch,
 n.system_identifier = (select system_identifier from pg_control_system()) as own_server,
 n.database = (select oid from pg_database where datname = current_database()) as own_database
from (values (1)) one left join log.node n on true"""


@dataclass(frozen=True, slots=True)
class Witness:
    """What someone outside the database knows of the log: a size with its root or last hash."""

    name: str
    size: int
    root: bytes | None = None
    hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The node and its epoch; `origin` heads its checkpoints."""

    source: str
    epoch: int

    @property
    def origin(self) -> str:
        """The name of this line of checkpoints."""
        return f"{self.source}/events/{self.epoch}"


WitnessSource = Callable[[Identity], Awaitable[Witness | None]]


async def identify(connection: asyncpg.Connection) -> Identity:
    """Return whose log this is; raises LogRefusedError on a copy, replica or foreign server."""
    row = await connection.fetchrow(_IDENTITY)
    if row is None or row["recovering"]:
        raise LogRefusedError("log_in_recovery")
    if row["source"] is None:
        raise LogRefusedError("log_unnamed")
    if not (row["own_server"] and row["own_database"]):
        raise LogRefusedError("log_foreign", row["source"])
    return Identity(row["source"], row["epoch"])


async def agree(connection: asyncpg.Connection, size: int, witness: Witness) -> None:
    """Raise LogRefusedError unless the log reaches the witness and tells the same."""
    if witness.size > size:
        detail = f"{witness.name} knows {witness.size} events, the log has {size}"
        raise LogRefusedError("log_restored", detail)
    if witness.size == 0:
        return
    if witness.root is not None:
        same = await StoredTree(connection).root(witness.size) == witness.root
    else:
        same = witness.hash == await connection.fetchval(
            "select e.hash from log.numbering l join log.events e using (pos) where l.seq = $1",
            witness.size,
        )
    if not same:
        raise LogRefusedError("log_rewritten", f"{witness.name}, event {witness.size}")


async def arm(connection: asyncpg.Connection) -> None:
    """Let appends through until the server stops."""
    await connection.execute("update log.node set armed = pg_postmaster_start_time()")
