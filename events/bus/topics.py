"""The four topics, each with its whole configuration stated, made when absent, never by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from events.bus.closing import close_quietly
from events.runtime.kafka_access import Access
from events.runtime.settings import Settings

PARTITIONS = 16
"""Partitions of `bangfu.events`, fixed for ever: a slice's partition must never change."""

SLICES = 256
ALREADY_EXISTS = 36


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its partitions and every setting that matters to us."""

    name: str
    partitions: int
    config: Mapping[str, str]


def partition_of(slice_: int) -> int:
    """Return the partition of `bangfu.events` that carries a slice."""
    return slice_ % PARTITIONS


@dataclass(frozen=True, slots=True)
class Bus:
    """Where the cluster is and how it is reached, its copies, and the prefix of topics' names."""

    bootstrap: str
    replication: int = 1
    prefix: str = "bangfu"
    access: Access = field(default_factory=Access)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the bus from a role's settings; MissingSettingError."""
        access = settings.kafka_access()
        return cls(settings.bootstrap(), settings.replication, access=access)

    def client(self, name: str) -> dict[str, Any]:
        """Return what every client of ours is told. Raises OSError for files that are away."""
        options = self.access.options()
        return {"bootstrap_servers": self.bootstrap, "client_id": f"bangfu-{name}", **options}

    @property
    def events(self) -> str:
        """The topic of events."""
        return f"{self.prefix}.events"

    @property
    def relay(self) -> str:
        """The topic of the publisher's progress."""
        return f"{self.prefix}.relay"

    @property
    def commands(self) -> str:
        """The topic of commands."""
        return f"{self.prefix}.commands"

    @property
    def outcomes(self) -> str:
        """The topic of outcomes."""
        return f"{self.prefix}.outcomes"


def topics(bus: Bus) -> tuple[Topic, ...]:
    """Describe the four topics with every setting that we rely on."""
    durable = {"min.insync.replicas": "2" if bus.replication > 1 else "1"}
    return (
        Topic(bus.events, PARTITIONS, MappingProxyType(_EVENTS | durable)),
        Topic(bus.relay, 1, MappingProxyType(_RELAY | durable)),
        Topic(bus.commands, PARTITIONS, MappingProxyType(_COMMANDS | durable)),
        Topic(bus.outcomes, PARTITIONS, MappingProxyType(_WEEK | durable)),
    )


async def ensure_topics(bus: Bus, *names: str) -> tuple[str, ...]:
    """Create the topics that are absent, all four or those named; existing ones stay as they are.

    Returns the names of those made. A login that may not make topics names those that it uses:
    others it does not even see. Raises KafkaError when the cluster is away or refuses.
    """
    admin = AIOKafkaAdminClient(**bus.client("topics"))
    try:
        await admin.start()
        present = set(await admin.list_topics())
        wanted = [t for t in topics(bus) if not names or t.name in names]
        missing = [t for t in wanted if t.name not in present]
        if missing:
            await _create(admin, missing, bus.replication)
    finally:
        await close_quietly(admin)
    return tuple(t.name for t in missing)


async def _create(admin: AIOKafkaAdminClient, missing: list[Topic], replication: int) -> None:
    wanted = [NewTopic(t.name, t.partitions, replication, None, dict(t.config)) for t in missing]
    try:
        answer = await admin.create_topics(wanted)
    except TopicAlreadyExistsError:
        return
    for name, code, *_ in answer.topic_errors:
        if code not in (0, ALREADY_EXISTS):
            raise for_code(code)(f"topic {name} was not created")


_EVENTS = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": "1048576",
    "compression.type": "producer",
    "segment.bytes": "268435456",
    "message.timestamp.type": "CreateTime",
    "message.timestamp.after.max.ms": "9223372036854775807",
}
_RELAY = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.2",
    "segment.ms": "3600000",
    "delete.retention.ms": "86400000",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "86400000",
}
_WEEK = {"cleanup.policy": "delete", "retention.ms": "604800000"}
_COMMANDS = _WEEK | {"message.timestamp.type": "LogAppendTime"}
