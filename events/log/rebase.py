"""The way on for a refused log: moved (identity only) or forked (a new epoch), by two statements.

No command can run on a refused log, so two people each sign the same text about the log as it
stands. A fork's event names the last signed checkpoint and the digests of both statements.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from events.contracts.base import StreamId
from events.contracts.registry.privacy import LogForked
from events.log.arming import Identity, agree
from events.log.checkpoints import Signer
from events.log.errors import LogRefusedError
from events.log.lane import answer_of, batch_arguments
from events.log.line import Line
from events.log.notes import Checkpoint, NoteError, VerifierKey, opened
from events.log.port import Append, Appended, Draft, Touch
from events.log.postgres import QUERIES
from events.log.sequencer import LIMIT, load, number
from events.log.told import ToldError
from events.rules.time import in_text

Kind: TypeAlias = Literal["moved", "forked"]
TITLE = "bangfu rebase/1"
_NODE = """select source, epoch,
 (select system_identifier from pg_control_system()) as server,
 (select oid from pg_database where datname = current_database()) as database from log.node"""
_ADOPT = """update log.node set armed = null, epoch = $1,
 system_identifier = (select system_identifier from pg_control_system()),
 database = (select oid from pg_database where datname = current_database())"""


class RebaseError(ToldError):
    """A rebase that is not done; `zh` and `en` say what is missing."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The log as it stands in this database, beside what was signed of it before."""

    identity: Identity
    server: str
    events: int
    root: bytes
    signed: int
    signed_root: bytes

    def text(self, kind: Kind) -> str:
        """Return what both statements say, the reason excepted."""
        node = self.identity
        root, old = b64encode(self.root).decode(), b64encode(self.signed_root).decode()
        return (
            f"{TITLE}\n{kind}\nlog {node.source} epoch {node.epoch}\nserver {self.server}\n"
            f"stands at {self.events} {root}\nsigned until {self.signed} {old or '-'}\n"
        )


async def situation(connection: asyncpg.Connection, signer: Signer) -> Situation:
    """Read how the log stands; raises LogRefusedError when its own tree contradicts it."""
    node = await connection.fetchrow(_NODE)
    if node is None:
        raise LogRefusedError("log_unnamed")
    line = await load(connection)
    identity = Identity(node["source"], node["epoch"])
    signed, root = signer.signed(identity.origin)
    server = f"{node['server']}/{node['database']}"
    return Situation(identity, server, line.n, line.frontier.root(), signed, root)


def agreed(
    statements: Sequence[str], keys: Sequence[VerifierKey], kind: Kind, about: Situation
) -> None:
    """Check that two people signed this rebase of this log. Raises RebaseError."""
    people: set[tuple[str, bytes]] = set()
    for statement in statements:
        try:
            body, seen = opened(statement, keys)
        except NoteError as error:
            raise RebaseError(
                "声明未由登记的签署人签名",
                f"no known signer signed a statement: {error}",
            ) from error
        if not body.startswith(about.text(kind)) or "\nreason " not in body:
            raise RebaseError(
                "声明与日志现状或所选方式不符，或没有理由：请用 --draft 重新出具",
                "a statement is about another state of the log or another way, or gives no reason: "
                "make it anew with --draft",
            )
        people |= {(s.key.name, s.key.public) for s in seen}
    if min(len({name for name, _ in people}), len({key for _, key in people})) < 2:
        raise RebaseError("须由两名签署人分别签名", "two different people must sign")


async def rebase(
    dsn: str,
    signer: Signer,
    kind: Kind,
    statements: Sequence[str],
    keys: Sequence[VerifierKey],
    now: datetime,
    ids: Sequence[UUID],
) -> Situation:
    """Carry the rebase out as the database's owner, all or nothing; return how the log stood.

    `ids` are two fresh ids, of the fork's event and of its command. Raises RebaseError, and
    LogRefusedError where a moved log does not agree with what was signed.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            if not await connection.fetchval("select pg_try_advisory_xact_lock(7, 2)"):
                raise RebaseError(
                    "编号进程仍在运行，请先停止", "a sequencer runs here: stop it first"
                )
            await connection.execute("select pg_advisory_xact_lock(7, 1)")
            about = await situation(connection, signer)
            agreed(statements, keys, kind, about)
            if kind == "moved":
                await _moved(connection, signer, about)
            else:
                await _forked(connection, signer, about, statements, now, ids)
        return about
    finally:
        await connection.close()


async def _moved(connection: asyncpg.Connection, signer: Signer, about: Situation) -> None:
    witness = await signer.witness(about.identity)
    if witness is not None:
        await agree(connection, about.events, witness)
    await connection.execute(_ADOPT, about.identity.epoch)


async def _forked(
    connection: asyncpg.Connection,
    signer: Signer,
    about: Situation,
    statements: Sequence[str],
    now: datetime,
    ids: Sequence[UUID],
) -> None:
    line = await load(connection)
    term: int = await connection.fetchval("update log.sequencer set term = term + 1 returning term")
    await _number(connection, line, term, now)
    node, last = about.identity, line.n
    size, root = (about.signed, about.signed_root) if about.signed else (last, line.frontier.root())
    fork = LogForked(
        epoch=node.epoch + 1,
        checkpoint=signer.sign(Checkpoint(node.origin, size, root)),
        last=last,
        statements=tuple(sha256(s.encode()).hexdigest() for s in statements),
    )
    await connection.execute(_ADOPT, node.epoch + 1)
    await connection.execute("update log.node set armed = pg_postmaster_start_time()")
    await _append(connection, node.source, fork, now, ids)
    await connection.execute("update log.node set armed = null")
    await _number(connection, line, term, now)


async def _append(
    connection: asyncpg.Connection, source: str, fork: LogForked, now: datetime, ids: Sequence[UUID]
) -> None:
    stream = StreamId(f"node-{source}")
    version = await connection.fetchval(
        "select coalesce((select version from log.streams where stream = $1), 0)", stream
    )
    data = orjson.dumps(fork.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    fingerprint = sha256(data).digest()
    meta = {
        "actor": "system", "role": "system", "office": "", "area": "", "auth": "log.rebase",
        "occurred_at": in_text(now), "fingerprint": fingerprint.hex(),
    }  # fmt: skip
    body = orjson.dumps(meta, option=orjson.OPT_SORT_KEYS)
    draft = Draft(ids[0], fork.type, body, data, os.urandom(16))
    command = Append(ids[1], fingerprint, (Touch(stream, stream, version, (draft,)),))
    rows = await connection.fetch(QUERIES.append_many.sql, *batch_arguments([command], [now]))
    answer = answer_of(rows[0])
    if not isinstance(answer, Appended):
        raise RebaseError(f"未能写入：{answer.why}", f"the fork was not appended: {answer.why}")


async def _number(connection: asyncpg.Connection, line: Line, term: int, now: datetime) -> None:
    """Give numbers to whatever is committed: appenders are shut out, so all of it is settled."""
    newest = await connection.fetchval("select coalesce(max(pos), 0) from log.events")
    while await number(connection, line, newest, term, now) == LIMIT:
        pass
