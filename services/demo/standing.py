"""The demo that stands in a home: its settings and accounts, as its own notes keep them."""

from __future__ import annotations

import json
from pathlib import Path

from events.log.told import ToldError
from events.runtime.process import free_port, port_open
from events.runtime.settings import NODE_FILE, SERVERS_FILE, TOLD, Settings, read_node

ACCOUNTS_FILE = "accounts.json"
APIS = {"write": True, "publish": True, "project": False, "read": True}
"""Roles whose ports a demo chose itself, and whether others are told their address."""


def demo_home(home: Path) -> Path:
    """Return where a home's demo stands: the home itself where it is the demo's own."""
    return home if read_node(home).get("simulated") else home / "demo"


def note_accounts(home: Path, logins: dict[str, str]) -> None:
    """Keep one login per role for the next time; the note holds no password."""
    (home / ACCOUNTS_FILE).write_text(json.dumps(logins, indent=1))


def noted_accounts(home: Path) -> dict[str, str]:
    """Return the logins that were kept."""
    found: dict[str, str] = json.loads((home / ACCOUNTS_FILE).read_text())
    return found


def standing(home: Path, port: int | None = None) -> Settings:
    """Return the settings of the demo of a home, with the ports it had, or another console's.

    Raises ToldError where no demo stands, where it was broken off, and where it is served.
    """
    place = demo_home(home)
    if not (place / NODE_FILE).exists():
        raise ToldError(
            f"{place} 里没有演示；请先运行 make demo（或 bangfu demo）",
            f"no demo stands in {place}: run `make demo` (or `bangfu demo`) first",
        )
    if not (place / ACCOUNTS_FILE).exists():
        raise ToldError(
            f"{place} 里的演示没有模拟完；请重新运行 make demo",
            f"the demo in {place} was broken off before its end: run `make demo` anew",
        )
    found = read_node(place)
    told = {name: found[name] for name in TOLD if name in found}
    settings = Settings(home=place, log_level="WARNING", **told)
    if (place / SERVERS_FILE).exists() and port_open(settings.write_port):
        raise ToldError(
            f"演示正在运行：http://127.0.0.1:{settings.console_port}/",
            f"the demo is served already: http://127.0.0.1:{settings.console_port}/",
        )
    return moved(settings.model_copy(update={"console_port": port} if port else {}))


def moved(settings: Settings) -> Settings:
    """Give other ports to roles whose own are taken by now; the console's is the caller's."""
    taken = [name for name in APIS if port_open(getattr(settings, f"{name}_port"))]
    ports = {name: free_port() for name in taken}
    update: dict[str, object] = {f"{name}_port": port for name, port in ports.items()}
    update |= {
        f"{name}_api": f"http://127.0.0.1:{port}" for name, port in ports.items() if APIS[name]
    }
    return settings.model_copy(update=update)


def need_free(port: int) -> None:
    """Refuse a console's port on which something listens. Raises ToldError."""
    if port_open(port):
        raise ToldError(
            f"端口 {port} 已被占用：请停止占用它的程序，或以 --port 另指一个",
            f"something listens on port {port}: end it, or name another with --port",
        )
