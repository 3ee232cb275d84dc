"""The verbs of those who guard a node: its keys, and the cluster that carries its events."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeAlias

import asyncpg
import typer
from aiokafka.errors import KafkaError

from events.bus.duties import DUTIES, OFFICE, node_rights, office_rights
from events.bus.granting import grant
from events.bus.topics import Bus
from events.runtime.kafka import EmbeddedKafka
from events.runtime.kafka.guard import Guard
from events.runtime.logging import configure_logging
from events.runtime.settings import Settings
from services.commandline import console, progress_bar, ticking
from services.kit.keks import KeyFileMissingError, KeyFolder
from services.kit.rotation import Rotated, RotationUnderWayError, rotate

keys = typer.Typer(no_args_is_help=True, help="密钥 / Keys")
kafka = typer.Typer(no_args_is_help=True, help="Kafka 集群的证书和权限 / Guards of the cluster")
Offices: TypeAlias = Annotated[
    list[str] | None, typer.Option("--office", help="外部系统 / an office's system, e.g. 1401")
]


@keys.callback()
def _keys() -> None:
    """Keep `rotate` a word of its own."""


@keys.command("rotate")
def keys_rotate() -> None:
    """更换主密钥：只重新包裹，事件不变 / Wrap every key anew; broken off, run it again."""
    settings = Settings.of_node().with_servers().of_role("write")
    try:
        done = asyncio.run(_rotated(settings))
    except RotationUnderWayError as error:
        console.print("另一进程正在更换 / another process is rotating")
        raise typer.Exit(1) from error
    except (KeyFileMissingError, asyncpg.PostgresError, OSError) as error:
        console.print(f"未完成，可再次运行 / not finished, run it again: {error}")
        raise typer.Exit(1) from error
    aside = ", ".join(done.retired)
    console.print(f"{done.kek}: {done.rows} 个密钥已重新包裹 / keys wrapped anew")
    console.print(
        f"{settings.home}/keys/retired: {aside} 已停用，请随密钥库旧备份一并保管、一并销毁 / "
        "put aside: keep it with the older backups of bangfu_keys, and destroy it with them"
    )


async def _rotated(settings: Settings) -> Rotated:
    with progress_bar() as bar:
        tell = ticking(bar, "重新包裹 / wrap anew")
        return await rotate(settings.secret("keys_url"), KeyFolder(settings.home / "keys"), tell)


@kafka.command("certificates")
def kafka_certificates(
    folder: Annotated[Path, typer.Argument(help="放置处 / where to put them")],
    hosts: Annotated[list[str], typer.Argument(help="各节点主机名 / the brokers' host names")],
    office: Offices = None,
) -> None:
    """生成证书和口令文件 / Make the cluster's certificates and a password file per login."""
    guard = Guard(folder.resolve())
    guard.make([*hosts, "localhost", "127.0.0.1"])
    for user in _users(office or ()):
        guard.password(user)
    console.print(f"{guard.folder}: {', '.join(sorted(f.name for f in guard.folder.iterdir()))}")


@kafka.command("grant")
def kafka_grant(
    folder: Annotated[Path, typer.Argument(help="certificates 的目录 / what that verb made")],
    office: Offices = None,
) -> None:
    """建立主题、登录名和权限 / Make topics, logins and least rights; run it again at will."""
    settings, guard = Settings(), Guard(folder.resolve())
    bus = Bus(settings.bootstrap(), settings.replication, access=guard.admin)
    try:
        asyncio.run(_granted(bus, guard, settings.source, office or ()))
    except (KafkaError, OSError, TimeoutError) as error:
        console.print(f"Kafka {bus.bootstrap}: {type(error).__name__} {error}")
        raise typer.Exit(1) from error
    console.print("已授权 / granted: " + ", ".join(_users(office or ())))


async def _granted(bus: Bus, guard: Guard, source: str, offices: Iterable[str]) -> None:
    rights = list(node_rights(bus, source))
    for name in offices:
        rights += office_rights(bus, name)
    await grant(bus, {user: guard.password(user) for user in _users(offices)}, rights)


def _users(offices: Iterable[str]) -> list[str]:
    return [*DUTIES, *(OFFICE + name for name in offices)]


@kafka.command("serve")
def kafka_serve(office: Offices = None) -> None:
    """演练用三节点集群 / Three guarded brokers on this computer, for drills, until Ctrl-C."""
    configure_logging("WARNING")
    settings = Settings()
    home, guard = settings.home / "drill", Guard((settings.home / "drill" / "guard").resolve())
    runtime = settings.home / "kafka"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with EmbeddedKafka(home, brokers=3, runtime=runtime, guard=guard) as cluster:
        admin = Bus(cluster.inner, 3, access=guard.admin)
        asyncio.run(_granted(admin, guard, settings.source, office or ()))
        sys.stdout.write(_told(cluster, guard, office or ()))
        sys.stdout.flush()
        try:
            signal.pause()
        except KeyboardInterrupt:
            console.print("结束 / ending")


def _told(cluster: EmbeddedKafka, guard: Guard, offices: Iterable[str]) -> str:
    """Write the settings of each login, and the brokers' processes to be killed in a drill."""
    lines = [
        f"BANGFU_KAFKA={cluster.bootstrap}",
        "BANGFU_REPLICATION=3",
        "BANGFU_KAFKA_SECURITY=SASL_SSL",
        f"BANGFU_KAFKA_CA={guard.ca}",
    ]
    for user in _users(offices):
        access = guard.access(user)
        lines.append(f"BANGFU_KAFKA_USER={user} BANGFU_KAFKA_PASSWORD_FILE={access.password_file}")
    pids = ", ".join(f"{b.node.number}: {b.process.pid}" for b in cluster.brokers)
    return "\n".join([*lines, f"# broker pids {pids}", ""])
