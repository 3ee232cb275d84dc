"""The role `console`: the pages with a secret of the node's own, ready while both APIs answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from events.runtime.settings import Settings
from services.console.app import console_app
from services.console.config import ConsoleConfig
from services.console.issuer import IssuerClient
from services.console.pages.vouched import PATH
from services.kit.oidc import Issuer

WATCH_SECONDS = 2.0
FEWEST_CHARACTERS = 32


@dataclass(slots=True)
class ConsoleRole:
    """A running console."""

    config: ConsoleConfig
    client: httpx.AsyncClient
    away: list[str] = field(default_factory=list)

    def app(self) -> Any:  # noqa: ANN401  # an ASGI application
        """Return the HTTP application."""
        return console_app(self.config)

    def ready(self) -> tuple[bool, str]:
        """Tell whether both APIs answer, and which does not."""
        return not self.away, "; ".join(self.away)

    def figures(self) -> Mapping[str, float]:
        """Return how many of the two APIs are away."""
        return {"apis_away": float(len(self.away))}

    async def ended(self) -> None:
        """Watch the APIs for ever; the console itself never ends."""
        while True:
            await self.look()
            await asyncio.sleep(WATCH_SECONDS)

    async def look(self) -> None:
        """Note which API does not answer."""
        apis = {"write": self.config.write_api, "read": self.config.read_api}
        self.away = [
            f"the {name} API does not answer"
            for name, url in apis.items()
            if not await self._up(url)
        ]

    async def _up(self, url: str) -> bool:
        try:
            answer = await self.client.get(f"{url.rstrip('/')}/healthz", timeout=2)
        except httpx.HTTPError:
            return False
        return answer.is_success


@asynccontextmanager
async def open_console_role(settings: Settings) -> AsyncIterator[ConsoleRole]:
    """Serve the console until the block ends."""
    secret = SecretStr(session_secret(settings.home / "keys"))
    async with httpx.AsyncClient(follow_redirects=False) as client:
        secure = _url(settings).startswith("https://")
        config = ConsoleConfig(
            settings.write_api, settings.read_api, secret, secure, _issuer(settings, client),
            client=client,
        )  # fmt: skip
        role = ConsoleRole(config, client)
        await role.look()
        yield role


def _url(settings: Settings) -> str:
    """Return where browsers find the console."""
    return (settings.console_url or f"http://127.0.0.1:{settings.console_port}").rstrip("/")


def _issuer(settings: Settings, client: httpx.AsyncClient) -> IssuerClient | None:
    if settings.oidc_issuer is None:
        return None
    return IssuerClient(
        Issuer(settings.oidc_issuer, client), client, settings.oidc_client_id or "",
        settings.oidc_client_secret, settings.oidc_scope, _url(settings) + PATH,
        settings.oidc_name or urlsplit(settings.oidc_issuer).netloc,
    )  # fmt: skip


def session_secret(folder: Path) -> str:
    """Return the secret that seals this node's sessions, made on first use (mode 0600)."""
    file = folder / "console.secret"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(FEWEST_CHARACTERS))
    return file.read_text().strip()
