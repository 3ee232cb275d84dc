"""Makes logins and their rights on a guarded cluster, as its administrator; a rerun is harmless.

aiokafka knows no request for SCRAM logins, so that one is written here (KIP-554).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from typing import ClassVar

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from events.bus.duties import Right
from events.bus.topics import Bus, ensure_topics

SCRAM_SHA_512 = 2
ITERATIONS = 8192
ALLOW = 3
ANYWHERE = "*"


class _ScramAnswer(Response):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 51
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _ScramWish(RequestStruct):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 51
    API_VERSION = 0
    FLEXIBLE_VERSION: ClassVar[bool] = True
    RESPONSE_TYPE = _ScramAnswer
    SCHEMA = Schema(
        (
            "deletions",
            CompactArray(
                ("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields)
            ),
        ),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Logins(Request[_ScramWish]):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 51

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._passwords = passwords

    def build(self, request_struct_class: type[_ScramWish]) -> _ScramWish:
        """Write the request: the cluster learns salted passwords only."""
        wishes: list[tuple[object, ...]] = []
        for user, password in sorted(self._passwords.items()):
            salt = os.urandom(32)
            salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
            wishes.append((user, SCRAM_SHA_512, ITERATIONS, salt, salted, {}))
        return request_struct_class([], wishes, {})


async def grant(bus: Bus, passwords: Mapping[str, str], rights: Iterable[Right]) -> None:
    """Make the topics, the logins and their rights. `bus` reaches the cluster as administrator.

    Raises KafkaError where the cluster is away or refuses.
    """
    await ensure_topics(bus)
    client = AIOKafkaClient(**bus.client("grant"))
    async with AsyncExitStack() as after:
        after.push_async_callback(client.close)
        await client.bootstrap()
        logins = await _asked(client, _Logins(passwords))
        _check([(row[1], row[2]) for row in logins.results])
        for right in rights:
            granted = await _asked(client, _wish(right))
            _check(granted.creation_responses)


def _wish(right: Right) -> CreateAclsRequest:
    return CreateAclsRequest(
        right.kind, right.name, right.pattern, f"User:{right.user}", ANYWHERE, right.doing, ALLOW
    )


async def _asked(client: AIOKafkaClient, request: object) -> Response:
    node = client.get_random_node()
    await client.ready(node)
    answer: Response = await client.send(node, request)
    return answer


def _check(results: Iterable[tuple[int, str | None]]) -> None:
    for code, message in results:
        if code:
            raise for_code(code)(message or "")
