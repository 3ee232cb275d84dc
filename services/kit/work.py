"""The named SQL of what a write role keeps beside its log: progress, clocks, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiosql

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("work.sql"), "asyncpg")
