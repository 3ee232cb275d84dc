"""The server.properties of an embedded node, as key and value pairs."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from events.runtime.kafka.guard import ADMIN, BROKER, Guard
from events.runtime.kafka_access import MECHANISM


class Node(NamedTuple):
    """One broker and controller: its number, its loopback ports, its directory id.

    Clients come in at `port`, the quorum at `controller`; on a guarded cluster the brokers meet
    each other, and the administrator them, at `inner`.
    """

    number: int
    port: int
    controller: int
    directory: str
    inner: int = 0


_COMMON = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "auto.create.topics.enable": "false",
    "unclean.leader.election.enable": "false",
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


def properties(node: Node, nodes: Sequence[Node], data: Path, guard: Guard | None = None) -> str:
    """Write the properties of one node of a cluster of one or three."""
    voters = ",".join(f"127.0.0.1:{n.controller}" for n in nodes)
    copies = str(len(nodes))
    agreeing = "1" if len(nodes) == 1 else "2"
    own = {
        "node.id": str(node.number),
        "controller.quorum.bootstrap.servers": voters,
        "log.dirs": str(data),
        "default.replication.factor": copies,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": agreeing,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": agreeing,
    }
    reached = _open(node) if guard is None else _guarded(node, guard)
    return "".join(f"{key}={value}\n" for key, value in (_COMMON | own | reached).items())


def _open(node: Node) -> dict[str, str]:
    return {
        "listeners": f"CLIENT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller}",
        "advertised.listeners": f"CLIENT://127.0.0.1:{node.port}",
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT",
    }


def _guarded(node: Node, guard: Guard) -> dict[str, str]:
    """Clients by password over TLS, brokers and administrator by certificate, all else denied."""
    clients = f"CLIENT://127.0.0.1:{node.port},BROKER://127.0.0.1:{node.inner}"
    login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return {
        "listeners": f"{clients},CONTROLLER://127.0.0.1:{node.controller}",
        "advertised.listeners": clients,
        "inter.broker.listener.name": "BROKER",
        "listener.security.protocol.map": "CONTROLLER:SSL,BROKER:SSL,CLIENT:SASL_SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(guard.broker),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(guard.ca),
        "listener.name.controller.ssl.client.auth": "required",
        "listener.name.broker.ssl.client.auth": "required",
        "ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/,DEFAULT",
        "sasl.enabled.mechanisms": MECHANISM,
        f"listener.name.client.{MECHANISM.lower()}.sasl.jaas.config": login,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": f"User:{BROKER};User:{ADMIN}",
    }


def voters(nodes: Sequence[Node]) -> str:
    """Write the first voters of the quorum, as `kafka-storage format` takes them."""
    return ",".join(f"{n.number}@127.0.0.1:{n.controller}:{n.directory}" for n in nodes)
