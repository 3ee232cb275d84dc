"""One node for the whole access matrix."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from events.runtime.postgres import EmbeddedPostgres
from tests.access.people import Matrix, settled
from tests.support.servers import Databases
from tests.support.whole import whole_node


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def matrix(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Matrix]:
    """Run the node until the last test of this folder ended."""
    databases = Databases(postgres, {})
    async with whole_node(databases, tmp_path_factory.mktemp("matrix")) as whole:
        yield await settled(whole)
    await databases.drop()
