"""Apache Kafka embedded: one node, or three for leader changes."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient

from events.runtime.kafka.broker import Broker
from events.runtime.kafka.guard import Guard
from events.runtime.kafka.java import archive_of, fetch_jars
from events.runtime.kafka.properties import Node, properties, voters
from events.runtime.kafka_access import Access
from events.runtime.process import (
    ServerInUseError,
    ServerStartError,
    free_port,
    locked,
    port_open,
    wait_until,
)

CLOSING_SECONDS = 0.02
"""What transports need to close their sockets before their loop ends."""
START_SECONDS = 60.0
_log = structlog.get_logger(__name__)


class EmbeddedKafka:
    """A cluster of a home: `home/kafka`, jars in `runtime` (the same folder unless shared).

    A guarded one speaks TLS only and lets nobody do what was not granted.
    """

    def __init__(
        self,
        home: Path,
        port: int | None = None,
        *,
        brokers: int = 1,
        runtime: Path | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.folder = home.resolve() / "kafka"
        self.runtime = (runtime or self.folder).resolve()
        self._configured_port = port
        self._size = brokers
        self._guard = guard
        self._brokers: tuple[Broker, ...] = ()

    def __enter__(self) -> Self:
        """Start the cluster."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the cluster."""
        self.stop()

    @property
    def brokers(self) -> tuple[Broker, ...]:
        """The nodes; empty before the first start."""
        return self._brokers

    @property
    def bootstrap(self) -> str:
        """The addresses that clients start from."""
        return ",".join(f"127.0.0.1:{b.node.port}" for b in self._brokers)

    @property
    def inner(self) -> str:
        """The addresses at which the administrator meets the brokers of a guarded cluster."""
        return ",".join(f"127.0.0.1:{b.node.inner}" for b in self._brokers)

    @property
    def alive(self) -> bool:
        """Whether every node's process lives."""
        return bool(self._brokers) and all(broker.alive for broker in self._brokers)

    def prepare(self) -> None:
        """Fetch the jars and record the class archive, once; MissingToolError."""
        libs = fetch_jars(self.runtime)
        archive = archive_of(self.runtime)
        with locked(self.runtime / "archive.lock"):
            if not archive.exists():
                _record_archive(libs, archive)

    def start(self) -> None:
        """Attach to running nodes, start the others, wait for the metadata; ServerStartError."""
        self.prepare()
        with locked(self.folder / "kafka.lock"):
            cluster_id, nodes = self._layout()
            self._brokers = self._brokers or self._made(nodes)
            if self._guard is not None:
                self._guard.make()
            for broker in self._brokers:
                own = properties(broker.node, nodes, broker.data, self._guard)
                broker.format(own, cluster_id, voters(nodes))
                broker.start(archive_of(self.runtime))
            self._wait_ready()

    def stop(self) -> None:
        """Stop the nodes this process owns, together: the last alone would have no quorum."""
        for broker in self._brokers:
            broker.ask_to_stop()
        for broker in self._brokers:
            broker.wait_stopped()

    def kill(self, number: int | None = None) -> None:
        """Kill -9 one node or all, for fault tests; `start` brings them back."""
        for broker in self._brokers:
            if number in {None, broker.node.number}:
                broker.kill()

    def attach(self) -> bool:
        """Find running nodes without starting any; true when all are found."""
        if not (self.folder / "cluster.json").exists():
            return False
        self._brokers = self._made(self._layout()[1])
        found = [broker.process.attach() for broker in self._brokers]
        return all(found)

    def erase(self) -> None:
        """Stop the cluster and delete its data, the jars not; ServerInUseError if not ours."""
        self.stop()
        if any(broker.alive for broker in self._brokers):
            raise ServerInUseError("Kafka")
        self._brokers = ()
        for folder in self.folder.glob("node-*"):
            shutil.rmtree(folder)
        (self.folder / "cluster.json").unlink(missing_ok=True)

    def _made(self, nodes: tuple[Node, ...]) -> tuple[Broker, ...]:
        libs = self.runtime / "libs"
        return tuple(Broker(n, self.folder / f"node-{n.number}", libs) for n in nodes)

    def _layout(self) -> tuple[str, tuple[Node, ...]]:
        kept = self.folder / "cluster.json"
        if not kept.exists():
            nodes = [self._new_node(n) for n in range(1, self._size + 1)]
            kept.write_text(json.dumps({"cluster": _random_id(), "nodes": nodes}))
        plan = json.loads(kept.read_text())
        return str(plan["cluster"]), tuple(Node(*fields) for fields in plan["nodes"])

    def _new_node(self, number: int) -> Node:
        port = self._configured_port
        if port is None:
            return Node(number, free_port(), free_port(), _random_id(), free_port())
        first = port + 100 * (number - 1)
        return Node(number, first, first + 1, _random_id(), first + 2)

    def _wait_ready(self) -> None:
        for broker in self._brokers:
            _wait_listening(broker)
        address = self.bootstrap if self._guard is None else self.inner
        access = Access() if self._guard is None else self._guard.admin
        ready = wait_until(
            lambda: _apart(_nodes_known(address, access)) == self._size, START_SECONDS
        )
        if not ready:
            raise ServerStartError("Kafka", self._brokers[0].process.log)


def _wait_listening(broker: Broker) -> None:
    wait_until(lambda: port_open(broker.node.port) or not broker.alive, START_SECONDS)
    if not broker.alive:
        raise ServerStartError(broker.process.name, broker.process.log)


def _random_id() -> str:
    return base64.urlsafe_b64encode(b"\x40" + os.urandom(15)).decode().rstrip("=")


def _record_archive(libs: Path, archive: Path) -> None:
    """Run a throw-away node once and keep the classes it loaded."""
    half = archive.with_suffix(".new")
    with tempfile.TemporaryDirectory() as scratch:
        node = Node(1, free_port(), free_port(), _random_id())
        broker = Broker(node, Path(scratch) / "node-1", libs)
        broker.format(properties(node, (node,), broker.data), _random_id(), voters((node,)))
        broker.start(half, record=True)
        _wait_listening(broker)
        address = f"127.0.0.1:{node.port}"
        wait_until(lambda: _apart(_nodes_known(address, Access())) == 1, START_SECONDS)
        broker.ask_to_stop()
        broker.wait_stopped()
    half.rename(archive)
    _log.info("kafka_archive_recorded", archive=archive.name)


async def _nodes_known(bootstrap: str, access: Access) -> int:
    options = access.options() | {"request_timeout_ms": 3000}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **options)
    with contextlib.suppress(errors.KafkaError):
        try:
            await admin.start()
            return len((await admin.describe_cluster())["brokers"])
        finally:
            await admin.close()
            await asyncio.sleep(CLOSING_SECONDS)
    return 0


def _apart(work: Coroutine[object, object, int]) -> int:
    """Run a coroutine on a loop of its own, so that a caller may have one running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
