"""The Kafka face of commands: `bangfu.commands` in, `bangfu.outcomes` out (design.md 4).

A record names its command in `ce_id` and `ce_type`, carries a token that was valid when the broker
took it, and a value sealed to this node's public key (HPKE, RFC 9180). What cannot be read is
parked by its place in the topic, never by its bytes; everything else is answered.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream.security import SASLScram512

from events.bus.duties import commands_group
from events.bus.topics import Bus
from services.kit import problems
from services.kit.answers import Sent
from services.kit.faces import Commands, answer, command_id, dumps, version
from services.kit.handling import Handler
from services.kit.principals import Doorkeeper
from services.kit.problems import NO_COMMAND_ID

COMMANDS, OUTCOMES = "bangfu.commands", "bangfu.outcomes"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
PAUSE = 1.0
log = structlog.get_logger()
Park = Callable[[Any, str], Awaitable[None]]


class UnreadableError(Exception):
    """A record that no retry can make readable."""


def seal_command(public: bytes, ident: str, name: str, body: bytes) -> bytes:
    """Seal a command's JSON to a node's public key (32 bytes, X25519)."""
    key = X25519PublicKey.from_public_bytes(public)
    return SUITE.encrypt(body, key, info=_bound(ident, name))


def _bound(ident: str, name: str) -> bytes:
    return b"bangfu/command/v1\n" + ident.encode() + b"\n" + name.encode()


def inbox_key(folder: Path) -> X25519PrivateKey:
    """Return the node's private key for commands, made on first use (mode 0600)."""
    file = folder / "inbox.key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(X25519PrivateKey.generate().private_bytes_raw().hex())
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text().strip()))


@dataclass(frozen=True, slots=True)
class Inbox:
    """Handles one record of `bangfu.commands` and says what came of it."""

    commands: Commands
    handler: Handler
    doorkeeper: Doorkeeper
    key: X25519PrivateKey

    async def receive(self, record: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401
        """Return (command id, outcome). Raises UnreadableError, or what should be tried again."""
        headers = _headers(record)
        ident, name = headers.get("ce_id", ""), headers.get("ce_type", "")
        number = command_id(ident)
        if number is None:
            raise UnreadableError(NO_COMMAND_ID.code)
        body = self._opened(ident, name, record.value or b"")
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        try:
            command = self.commands.read(name, body)
            token = headers.get("authorization", "").removeprefix("Bearer ")
            principal = self.doorkeeper.principal(token, command.on_behalf_of, at)
            sent = Sent(
                command,
                number,
                principal,
                name.encode() + b"\n" + body,
                version(headers.get("expected", "")),
                headers.get("ce_correlationid", ident),
            )
            return ident, {"status": 200, **answer(await self.handler.handle(sent))}
        except Exception as error:
            found = problems.of(error)
            if found.status == 503:
                raise
            if found.status == 500:
                log.exception("message_failed", error=type(error).__name__)
            return ident, {"command_id": ident, **found.body}

    def _opened(self, ident: str, name: str, value: bytes) -> bytes:
        try:
            return SUITE.decrypt(value, self.key, info=_bound(ident, name))
        except (InvalidTag, ValueError) as error:
            raise UnreadableError("not_sealed_to_this_node") from error


def _headers(record: Any) -> dict[str, str]:  # noqa: ANN401
    try:
        return {name: value.decode() for name, value in record.headers}
    except (UnicodeDecodeError, AttributeError) as error:
        raise UnreadableError("headers_not_text") from error


async def _tolerant(message: Any, original: Any) -> Any:  # noqa: ANN401
    """Parse a record whose headers may be anything; the handler reads them itself."""
    readable = dataclasses.replace(message, headers=())
    parsed = await original(readable)
    parsed.raw_message = message
    return parsed


async def _raw(message: Any) -> bytes:  # noqa: ANN401
    body: bytes = message.body
    return body


def _security(bus: Bus) -> SASLScram512 | None:
    """Say to FastStream what `bus` says to aiokafka."""
    means = bus.access.options()
    if not means:
        return None
    user, password = means["sasl_plain_username"], means["sasl_plain_password"]
    return SASLScram512(user, password, ssl_context=means["ssl_context"], use_ssl=True)


def command_broker(bus: Bus, source: str, inbox: Inbox, park: Park) -> KafkaBroker:
    """Build the broker with its one subscriber; starting it is the caller's."""
    broker = KafkaBroker(
        bus.bootstrap.split(","),
        security=_security(bus),
        client_id=f"bangfu-inbox-{source}",
        allow_auto_create_topics=False,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        logger=None,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        graceful_timeout=10,
        description="Commands of offices, answered on bangfu.outcomes",
    )
    outcomes = broker.publisher(OUTCOMES, title="outcomes", schema=dict)

    @broker.subscriber(
        COMMANDS,
        group_id=commands_group(source),
        auto_offset_reset="earliest",
        parser=_tolerant,
        decoder=_raw,
        no_reply=True,
        title="commands",
        description="One command a record, sealed to the node (HPKE)",
    )
    async def receive(_: bytes, message: KafkaMessage) -> None:
        record = message.raw_message
        try:
            ident, outcome = await inbox.receive(record)
        except UnreadableError as error:
            log.warning("message_parked", why=str(error))
            await park(record, str(error))
            return
        except Exception as error:
            log.warning("message_delayed", error=type(error).__name__, pause=PAUSE)
            await asyncio.sleep(PAUSE)
            raise
        await outcomes.publish(
            dumps(outcome),
            key=ident.encode(),
            headers={"ce_id": ident, "content-type": "application/json"},
        )

    return broker
