"""Roles as processes of one computer: started, watched, restarted when they die, stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import structlog

from events.runtime.tasks import end

READY_SECONDS = 60.0
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.1
log = structlog.get_logger()


@dataclass(slots=True)
class RoleProcess:
    """One role: its command, where it tells of its health, and the file of its log."""

    name: str
    command: Sequence[str]
    address: str
    log_file: Path
    env: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    starts: int = 0

    async def start(self) -> None:
        """Start the process; its output goes to its log file."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, stdout=out, stderr=out, env={**os.environ, **self.env}
            )
        self.starts += 1

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self.process is not None and self.process.returncode is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if it runs."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)

    async def ended(self) -> None:
        """Wait for its end; what does not end in time is killed."""
        if self.process is None:
            return
        try:
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self.process.wait()


class Roles:
    """All roles of a node as processes; a dead one is started again until the block ends."""

    def __init__(self, roles: Sequence[RoleProcess]) -> None:
        self.by_name = {role.name: role for role in roles}
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Roles:
        """Start every role."""
        for role in self.by_name.values():
            await role.start()
        self._watch = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop every role gracefully."""
        if self._watch is not None:
            await end(self._watch)
        for role in self.by_name.values():
            role.send(signal.SIGTERM)
        await asyncio.gather(*(role.ended() for role in self.by_name.values()))

    async def _keep(self) -> None:
        while True:
            for role in self.by_name.values():
                if not role.alive:
                    log.warning("role_restarted", role=role.name, starts=role.starts)
                    await role.start()
            await asyncio.sleep(LOOK_SECONDS)

    async def ready(self, *names: str) -> None:
        """Wait until the named roles (default: all) are ready.

        Raises TimeoutError naming the first that is not, with its own reason.
        """
        async with httpx.AsyncClient(timeout=2) as http:
            for name in names or tuple(self.by_name):
                await self._ready(http, self.by_name[name])

    async def _ready(self, http: httpx.AsyncClient, role: RoleProcess) -> None:
        reason, loop = "no answer", asyncio.get_running_loop()
        until = loop.time() + READY_SECONDS
        while loop.time() < until:
            try:
                answer = (await http.get(f"{role.address}/readyz")).json()
            except (httpx.HTTPError, ValueError):
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if answer["ready"]:
                return
            reason = answer["reason"]
            await asyncio.sleep(LOOK_SECONDS)
        raise TimeoutError(f"{role.name} is not ready: {reason}; see {role.log_file}")
