"""The harms a drill does to a node. Each returns when it is over, and says what it did."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from events.bus.closing import close_quietly
from events.bus.topics import PARTITIONS
from events.runtime.process import locked
from tests.faults.rig import Rig
from tests.support.waiting import eventually

Harm: TypeAlias = Callable[[Rig, Random], Awaitable[str]]
ROLES = ("write", "publish", "project", "read")
PAUSE_SECONDS = 4.0
JUMPS = (-7_200.0, -90.0, 90.0, 7_200.0)
BALLAST = "ballast"


async def kill_role(rig: Rig, dice: Random) -> str:
    """Kill -9 one role; it is started again."""
    name = dice.choice(ROLES)
    rig.node.roles.by_name[name].send(signal.SIGKILL)
    return f"kill -9 {name}"


async def pause_role(rig: Rig, dice: Random) -> str:
    """Stop one role for a while, in the middle of whatever it does."""
    name = dice.choice(ROLES)
    role = rig.node.roles.by_name[name]
    role.send(signal.SIGSTOP)
    await asyncio.sleep(PAUSE_SECONDS)
    role.send(signal.SIGCONT)
    return f"stopped {name}"


async def kill_postmaster(rig: Rig, dice: Random) -> str:  # noqa: ARG001
    """Kill -9 the postmaster; it is started again and recovers."""
    await asyncio.to_thread(rig.servers.postgres.kill)
    return "kill -9 postmaster"


async def kill_backend(rig: Rig, dice: Random) -> str:
    """Kill -9 one of PostgreSQL's processes that serve us, which makes it recover."""
    connection = await asyncpg.connect(rig.settings.secret("log_url"))
    query = "select pid, usename from pg_stat_activity where usename ^@ 'bangfu_' order by 1"
    found = await connection.fetch(query)
    await connection.close()
    victim = dice.choice(found)
    os.kill(victim["pid"], signal.SIGKILL)
    return f"kill -9 backend of {victim['usename']}"


async def kill_leader(rig: Rig, dice: Random) -> str:
    """Kill -9 the broker that leads a partition; it is started again."""
    partition = dice.randrange(PARTITIONS)

    async def leader(admin: AIOKafkaAdminClient) -> int:
        (topic,) = await admin.describe_topics([rig.bus.events])
        return next(int(p["leader"]) for p in topic["partitions"] if p["partition"] == partition)

    number: int = await _as_admin(rig, leader)
    await asyncio.to_thread(rig.servers.kafka.kill, number)
    return f"kill -9 leader of {partition}"


async def stop_broker(rig: Rig, dice: Random) -> str:
    """Stop one broker for a while: connections stay open and nobody answers."""
    broker = dice.choice(rig.servers.kafka.brokers)
    broker.process.signal(signal.SIGSTOP)
    await asyncio.sleep(PAUSE_SECONDS)
    broker.process.signal(signal.SIGCONT)
    return "stopped broker"


async def wipe_cluster(rig: Rig, dice: Random) -> str:  # noqa: ARG001
    """Lose every broker with its disk; empty ones take their place."""
    await asyncio.to_thread(_wiped, rig)
    return "wiped cluster"


def _wiped(rig: Rig) -> None:
    kafka = rig.servers.kafka
    with locked(kafka.folder / "kafka.lock"):
        kafka.kill()
        for broker in kafka.brokers:
            shutil.rmtree(broker.data)


async def recreate_topics(rig: Rig, dice: Random) -> str:
    """Delete events with the publisher's progress, or one of both."""
    names = dice.choice(
        [[rig.bus.events], [rig.bus.relay], [rig.bus.events, rig.bus.relay]],
    )
    await _as_admin(rig, lambda admin: admin.delete_topics(names))
    return "deleted " + " and ".join(names)


async def truncate_partition(rig: Rig, dice: Random) -> str:
    """Delete all records of one partition of events."""
    partition = dice.randrange(PARTITIONS)
    at = {TopicPartition(rig.bus.events, partition): RecordsToDelete(before_offset=-1)}
    await _as_admin(rig, lambda admin: admin.delete_records(at))
    return f"truncated {partition}"


async def jump_clock(rig: Rig, dice: Random) -> str:
    """Put one role's clock off for a while, forwards or backwards."""
    name, by = dice.choice(ROLES), dice.choice(JUMPS)
    rig.clock_file(name).write_text(str(by))
    await asyncio.sleep(PAUSE_SECONDS)
    rig.clock_file(name).unlink()
    return f"clock of {name} {by:+.0f} s"


async def fill_disk(rig: Rig, dice: Random) -> str:  # noqa: ARG001
    """Fill the disk of the database, for a while."""
    ballast = rig.data / BALLAST
    argv = ["dd", "if=/dev/zero", f"of={ballast}", "bs=64k"]
    await asyncio.to_thread(subprocess.run, argv, capture_output=True, check=False)
    await asyncio.sleep(2 * PAUSE_SECONDS)
    await asyncio.to_thread(ballast.unlink)
    return "disk full"


async def restore_old(rig: Rig, dice: Random) -> str:  # noqa: ARG001
    """Put an older copy of the database in place: refused; then the true one again."""
    old, true = (rig.data.with_name(name) for name in ("old", "true"))
    rig.watched = False
    said = len(_publish_log(rig))
    await asyncio.to_thread(_copied, rig, old)
    events = await eventually(lambda: _head(rig), lambda n: n > 0, 90)
    await eventually(rig.node.published, lambda seq: seq > events, 90)
    await asyncio.to_thread(_replaced, rig, old, true)
    why = await eventually(lambda: _refusal(rig, said), lambda text: text != "", 90)
    await asyncio.to_thread(_replaced, rig, true, old)
    await eventually(lambda: _head(rig), lambda n: n > events, 90)
    rig.watched = True
    return why


def _copied(rig: Rig, target: Path) -> None:
    """Kill the server and copy its data, before it is started again."""
    with rig.database_lock:
        rig.servers.postgres.kill()
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", str(rig.data), str(target)], check=True)  # noqa: S603, S607


def _replaced(rig: Rig, by: Path, aside: Path) -> None:
    """Kill the server, move its data aside and others into their place."""
    with rig.database_lock:
        rig.servers.postgres.kill()
        kept = rig.data.with_name("kept")
        rig.data.rename(kept)
        by.rename(rig.data)
        kept.rename(aside)


async def _head(rig: Rig) -> int:
    """Return how many events are in the log; 0 while it is away."""
    try:
        return (await rig.node.head())[0]
    except (OSError, asyncpg.PostgresError):
        return 0


def _publish_log(rig: Rig) -> str:
    return (rig.settings.home / "logs" / "publish.log").read_text(errors="replace")


async def _refusal(rig: Rig, since: int) -> str:
    """Return that the publish role refuses the log as restored; empty while it does not."""
    said = "shorter than what was signed" in _publish_log(rig)[since:]
    try:
        async with httpx.AsyncClient(timeout=2) as http:
            address = f"http://127.0.0.1:{rig.settings.publish_port}/readyz"
            said = said or "shorter than what was signed" in (await http.get(address)).text
    except httpx.HTTPError:
        pass
    return "old database refused" if said else ""


async def _as_admin(rig: Rig, act: Callable[[AIOKafkaAdminClient], Awaitable[Any]]) -> Any:  # noqa: ANN401
    admin = AIOKafkaAdminClient(bootstrap_servers=rig.bus.bootstrap)
    try:
        await admin.start()
        return await act(admin)
    finally:
        await close_quietly(admin)
