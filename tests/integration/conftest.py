"""A log of its own for a test, and a second connection to its database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support.logs import World, connected, running, schema
from tests.support.servers import Databases


@pytest.fixture
async def world(database: Databases) -> AsyncIterator[World]:
    async with running(await database(schema)) as world:
        yield world


@pytest.fixture
async def other(world: World) -> AsyncIterator[asyncpg.Connection]:
    async with connected(world.dsn) as connection:
        yield connection
