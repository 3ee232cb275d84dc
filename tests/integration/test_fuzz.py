"""No body, header or method that the OpenAPI document allows or forbids ends in a 5xx."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.bench.node import bench_node

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(200)]
SECONDS = 45


async def test_the_openapi_document_is_fuzzed_without_a_server_error(tmp_path: Path) -> None:
    async with bench_node(tmp_path) as node:
        tool = Path(sys.executable).with_name("schemathesis")
        process = await asyncio.create_subprocess_exec(
            str(tool), "run", f"http://127.0.0.1:{node.port}/openapi.json",
            "--phases", "coverage,fuzzing", "--max-examples", "3", "--mode", "all",
            "--checks", "not_a_server_error", "--exclude-path", "/api/commands",
            "--exclude-path", "/api/token/end",
            "-H", f"Authorization: Bearer {node.token}", "--max-time", str(SECONDS), "--no-color",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
    text = out.decode()
    assert process.returncode == 0, text[-4_000:]
    assert "Test cases:" in text
