"""The server.properties of an embedded node, as key and value pairs."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Node(NamedTuple):
    """One broker and controller: its number, its two loopback ports, its directory id."""

    number: int
    port: int
    controller: int
    directory: str


_COMMON = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENT",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "offsets.topic.num.partitions": "2",
    "transaction.state.log.num.partitions": "2",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "log.retention.ms": "-1",
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
}


def properties(node: Node, nodes: Sequence[Node], data: Path) -> str:
    """Write the properties of one node of a cluster of one or three."""
    voters = ",".join(f"127.0.0.1:{n.controller}" for n in nodes)
    copies = str(len(nodes))
    agreeing = "1" if len(nodes) == 1 else "2"
    own = {
        "node.id": str(node.number),
        "controller.quorum.bootstrap.servers": voters,
        "listeners": f"CLIENT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller}",
        "advertised.listeners": f"CLIENT://127.0.0.1:{node.port}",
        "log.dirs": str(data),
        "default.replication.factor": copies,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": agreeing,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": agreeing,
    }
    return "".join(f"{key}={value}\n" for key, value in (_COMMON | own).items())


def voters(nodes: Sequence[Node]) -> str:
    """Write the first voters of the quorum, as `kafka-storage format` takes them."""
    return ",".join(f"{n.number}@127.0.0.1:{n.controller}:{n.directory}" for n in nodes)
