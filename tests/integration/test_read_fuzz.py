"""No question that the OpenAPI document allows or forbids ends in a 5xx."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from tests.support.reading import filled, reader
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(200)]
SECONDS = 40


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def test_the_queries_are_fuzzed_without_a_server_error(
    database: Databases, tmp_path: Path
) -> None:
    async with reader(await database(filled), tmp_path) as read, served(read.app) as address:
        tool = Path(sys.executable).with_name("schemathesis")
        process = await asyncio.create_subprocess_exec(
            str(tool), "run", f"{address}/openapi.json",
            "--phases", "coverage,fuzzing", "--max-examples", "5", "--mode", "all",
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
            "response_schema_conformance,negative_data_rejection",
            "--exclude-path", "/api/stream",
            "-H", f"Authorization: Bearer {read.token('county')}",
            "--max-time", str(SECONDS), "--no-color",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
    text = out.decode()
    assert process.returncode == 0, text[-6_000:]
    assert "Test cases:" in text
