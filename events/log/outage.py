"""The errors by which a PostgreSQL server shows that it went away or is not back yet."""

from __future__ import annotations

from typing import Final

import asyncpg

OUTAGE: Final[tuple[type[Exception], ...]] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
"""Connect again and do the same: time-outs are OSErrors, and the driver's own a cut connection."""
