"""The outside of every role: /healthz, /readyz and /metrics before, while and after it works.

A role that waits for PostgreSQL or Kafka says for what; requests meanwhile get 503 with
Retry-After, and once it is ready they go to its own application.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import perf_counter
from typing import Any, Protocol, TypeAlias

import structlog
import uvicorn

from events.runtime.tasks import end
from events.runtime.telemetry import Metrics

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
log = structlog.get_logger()


class NotReadyError(Exception):
    """What keeps a role from opening; it is tried again, and meanwhile /readyz tells the words."""


class Role(Protocol):
    """A role that is open: what it serves, whether it is well, and its figures."""

    def app(self) -> App | None:
        """Return its HTTP application, None where it serves nothing but health."""
        ...

    def ready(self) -> tuple[bool, str]:
        """Tell whether it works, and why not."""
        ...

    def figures(self) -> Mapping[str, float]:
        """Return what it measures of itself, for /metrics."""
        ...

    async def ended(self) -> None:
        """Return (or raise) when it can no longer work and must be opened anew."""
        ...


class Shell:
    """An ASGI application around a role that may not be there yet."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source
        self._role: Role | None = None
        self._app: App | None = None
        self._reason = "starting"
        self.metrics = Metrics()
        self._requests = self.metrics.counter("http_requests", "Requests by status", ("status",))
        self._seconds = self.metrics.histogram("http_request_seconds", "Seconds a request took")
        self._gauges: dict[str, Any] = {}

    def enter(self, role: Role) -> None:
        """Say that the role is open."""
        self._role, self._app, self._reason = role, role.app(), ""

    def wait(self, reason: str) -> None:
        """Say what the role waits for."""
        self._role, self._app, self._reason = None, None, reason

    def readiness(self) -> tuple[bool, str]:
        """Tell whether the role takes work, and why not."""
        return (False, self._reason) if self._role is None else self._role.ready()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer health oneself, pass the rest on."""
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        path = scope.get("path", "")
        if path == "/healthz":
            return await _json(send, 200, {"role": self.name, "status": "alive"})
        if path == "/readyz":
            return await self._ready(send)
        if path == "/metrics":
            return await self._figures(send)
        if self._app is None:
            return await self._not_yet(send)
        return await self._timed(self._app, scope, receive, send)

    async def _ready(self, send: Send) -> None:
        ok, reason = self.readiness()
        body = {"role": self.name, "node": self.source, "ready": ok, "reason": reason}
        await _json(send, 200 if ok else 503, body)

    async def _figures(self, send: Send) -> None:
        for name, value in (self._role.figures() if self._role else {}).items():
            if name not in self._gauges:
                self._gauges[name] = self.metrics.gauge(name, name.replace("_", " "))
            self._gauges[name].set(value)
        body, kind = self.metrics.exposed()
        await _answer(send, 200, body, kind)

    async def _not_yet(self, send: Send) -> None:
        body = {
            "type": "urn:bangfu:problem:not_ready",
            "status": 503,
            "code": "not_ready",
            "title": f"系统尚未就绪：{self._reason}",
            "zh": f"系统尚未就绪：{self._reason}",
            "en": f"Not ready: {self._reason}",
            "next_zh": "请稍后重试。",
            "next_en": "Try again shortly.",
        }
        await _json(send, 503, body, [(b"retry-after", b"2")])

    async def _timed(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = perf_counter(), 0

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, watched)
        finally:
            self._requests.labels(str(status)).inc()
            self._seconds.observe(perf_counter() - began)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _json(
    send: Send, status: int, body: Mapping[str, Any], extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    kind = "application/json" if status < 400 else "application/problem+json"
    await _answer(send, status, json.dumps(body, ensure_ascii=False).encode(), kind, extra)


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    kind: str,
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    headers = [(b"content-type", kind.encode()), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """Leaves signals to the process, which may run several servers, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@asynccontextmanager
async def serving(
    shell: Shell, host: str, port: int, proxies: str = "127.0.0.1"
) -> AsyncIterator[None]:
    """Serve a shell until the block ends; requests under way are finished (10 s at most).

    `proxies` are the addresses or networks whose X-Forwarded-For is believed. Raises OSError where
    the port is taken.
    """
    config = uvicorn.Config(
        shell,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
        server_header=False,
        forwarded_allow_ips=proxies,
    )
    listening = socket.create_server((host, port), reuse_port=False)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.up.wait()
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


async def keep_open(
    shell: Shell,
    opener: Callable[[], AbstractAsyncContextManager[Role]],
    stop: asyncio.Event,
    waitable: Callable[[BaseException], str | None],
) -> None:
    """Open a role again and again until told to stop.

    `waitable` names what an error waits for ("PostgreSQL does not answer"), or None for a fault
    that waiting cannot mend, which is raised.
    """
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            async with opener() as role:
                shell.enter(role)
                log.info("role_ready", role=shell.name)
                pause = FIRST_PAUSE
                await _until(stop, role)
        except Exception as error:
            reason = waitable(error)
            if reason is None:
                raise
            log.warning("role_waiting", role=shell.name, reason=reason, pause=pause)
            shell.wait(reason)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _until(stop: asyncio.Event, role: Role) -> None:
    stopping, ended = asyncio.create_task(stop.wait()), asyncio.ensure_future(role.ended())
    try:
        done, _ = await asyncio.wait({stopping, ended}, return_when=asyncio.FIRST_COMPLETED)
        if ended in done:
            ended.result()
    finally:
        await end(stopping, ended)
