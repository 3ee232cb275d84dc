"""A small real node for a drill: embedded servers, every role a process, all within reach."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from events.bus.topics import Bus
from events.runtime.embedded import EmbeddedServers
from events.runtime.kafka import EmbeddedKafka
from events.runtime.process import free_port, locked
from events.runtime.roles import RoleProcess, Roles
from events.runtime.settings import Settings
from services.__main__ import first_accounts, first_people
from services.demo.node import ROLES, DemoNode, demo_settings, role_process
from services.demo.plan import Plan
from services.demo.show import FIRST, PASSWORD
from services.kit.role import prepare

SKEW = Path(__file__).parent / "skew"
JARS = Path(os.environ.get("BANGFU_HOME") or Path(__file__).parents[2] / ".bangfu") / "kafka"
DISK = "700m"
NOBODY = 65534


@dataclass
class Rig:
    """A running node with its servers."""

    node: DemoNode
    servers: EmbeddedServers
    watched: bool = True
    """Whether watermarks are looked at; not while an old database stands in for ours."""

    @property
    def settings(self) -> Settings:
        """The settings with every address."""
        return self.node.settings

    @property
    def bus(self) -> Bus:
        """The bus."""
        return Bus.of(self.settings)

    @property
    def database_lock(self) -> contextlib.AbstractContextManager[None]:
        """Keep a dead PostgreSQL from being started again."""
        return locked(self.servers.postgres.folder.parent / "postgres.lock")

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.servers.postgres.folder / "data"

    def clock_file(self, role: str) -> Path:
        """Return the file that says how far a role's clock is off."""
        return self.settings.home / f"{role}.clock"


@asynccontextmanager
async def rigged(
    plan: Plan, *, brokers: int = 1, small_disk: bool = False, skewed: bool = False
) -> AsyncIterator[Rig]:
    """Run a fresh node until the block ends, and leave nothing of it. Raises OSError."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _several(brokers):
        settings = demo_settings(Path(folder) / "home", free_port(), plan.first)
        settings.home.mkdir()
        servers = EmbeddedServers(settings)
        servers.kafka = EmbeddedKafka(settings.home, brokers=brokers, runtime=JARS)
        disk = servers.postgres.folder / "data"
        if small_disk:
            await asyncio.to_thread(_mount, disk)
        try:
            async with servers:
                await prepare(servers.settings)
                async with Roles([_role(settings, name, skewed=skewed) for name in ROLES]) as roles:
                    await roles.ready("write", "publish")
                    await first_accounts(servers.settings, first_people(*FIRST, PASSWORD))
                    await roles.ready()
                    try:
                        yield Rig(DemoNode(servers.settings, roles), servers)
                    except BaseException:
                        _keep_logs(settings.home / "logs")
                        raise
        finally:
            if small_disk:
                await asyncio.to_thread(_unmount, disk)
            with contextlib.suppress(OSError):
                await asyncio.to_thread(servers.postgres.remove)


def _keep_logs(folder: Path) -> None:
    """Save what the roles of a failed drill said."""
    kept = Path(tempfile.mkdtemp(prefix="drill-logs-"))
    shutil.copytree(folder, kept, dirs_exist_ok=True)
    sys.stdout.write(f"  the roles' logs are in {kept}\n")


def _role(settings: Settings, name: str, *, skewed: bool) -> RoleProcess:
    role = role_process(settings, name)
    if skewed:
        more = {"PYTHONPATH": str(SKEW), "DRILL_CLOCK": str(settings.home / f"{name}.clock")}
        role.env = {**role.env, **more}
    return role


@contextlib.contextmanager
def _several(brokers: int) -> Iterator[None]:
    """Let the roles, which read their settings from the environment, copy each topic."""
    name = "BANGFU_REPLICATION"
    before = os.environ.get(name)
    os.environ[name] = str(brokers)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S603, S607


def _mount(folder: Path) -> None:
    """Put a small disk of memory under the cluster's data; only root can."""
    folder.mkdir(parents=True)
    options = f"size={DISK},uid={NOBODY},gid={NOBODY},mode=0700"
    argv = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise OSError(f"no small disk could be mounted: {done.stderr.strip()}")
