"""The named SQL of the read models that the queries answer from."""

from __future__ import annotations

from collections.abc import AsyncIterable
from importlib.resources import files
from typing import Any

import aiosql


def _named(package: str) -> Any:  # noqa: ANN401 - aiosql makes its functions from the file
    text = files(f"projections.{package}").joinpath("queries.sql").read_text("utf-8")
    return aiosql.from_str(text, "asyncpg")


LEDGER = _named("ledger")
AUDIT = _named("audit_trail")
REGISTERS = _named("registers")


async def every(found: AsyncIterable[Any]) -> list[Any]:
    """Return all rows of a named query."""
    return [row async for row in found]
