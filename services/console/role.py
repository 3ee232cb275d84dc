"""The console as a role: a client of the two public APIs, in a shell of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from events.runtime.settings import Settings
from services.console.app import console_app
from services.console.config import ConsoleConfig

CHECK_SECONDS = 2.0


@dataclass(slots=True)
class ConsoleRole:
    """A running console."""

    served: Any
    client: httpx.AsyncClient
    apis: tuple[str, str]
    reason: str = ""

    def app(self) -> Any:  # noqa: ANN401
        """Return the HTTP application."""
        return self.served

    def ready(self) -> tuple[bool, str]:
        """Tell whether both APIs answer, and which does not."""
        return not self.reason, self.reason

    def figures(self) -> Mapping[str, float]:
        """Return whether both APIs answer."""
        return {"apis_up": float(not self.reason)}

    async def ended(self) -> None:
        """Watch both APIs for ever."""
        while True:
            self.reason = await self._missing()
            await asyncio.sleep(CHECK_SECONDS)

    async def _missing(self) -> str:
        for address in self.apis:
            try:
                await self.client.get(f"{address}/healthz", timeout=2)
            except httpx.HTTPError as error:
                return f"{address} does not answer ({type(error).__name__})"
        return ""


def session_secret(folder: Path) -> SecretStr:
    """Return the secret that seals session cookies, made on first use (mode 0600)."""
    file = folder / "session.key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(os.urandom(32).hex())
    return SecretStr(file.read_text().strip())


@asynccontextmanager
async def open_console_role(settings: Settings) -> AsyncIterator[ConsoleRole]:
    """Serve pages until the block ends."""
    secret = await asyncio.to_thread(session_secret, settings.home / "keys")
    async with httpx.AsyncClient(follow_redirects=False, timeout=30) as client:
        config = ConsoleConfig(settings.write_api, settings.read_api, secret, client=client)
        yield ConsoleRole(console_app(config), client, (settings.write_api, settings.read_api))
