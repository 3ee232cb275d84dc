"""Databases and homes for tests on real servers."""

import os
import shutil
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from events.log.migrate import create_login
from events.runtime.kafka import EmbeddedKafka
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.process import command_of

Prepare = Callable[[str], Awaitable[None]]


async def login_of(dsn: str, role: str) -> str:
    """Answer a database's address for a login that is a member of one role and nothing else."""
    login = f"test_{role}"
    await create_login(dsn, login, "secret", role)
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{login}:secret@{parts.netloc.rpartition('@')[2]}"))


def session_home(root: Path) -> Path:
    """Make a home of this test run and delete those of runs that ended without cleaning up."""
    root.mkdir(parents=True, exist_ok=True)
    for left in root.iterdir():
        if not command_of(int(left.name.split("-")[0])):
            _remove(left)
    home = root / f"{os.getpid()}-{os.urandom(3).hex()}"
    home.mkdir()
    return home


def _remove(home: Path) -> None:
    cluster = EmbeddedPostgres(home)
    if cluster.folder.exists():
        cluster.attach()
        cluster.remove()
    for folder in ("one", "three", "guarded"):
        kafka = EmbeddedKafka(home / folder)
        kafka.attach()
        kafka.stop()
    shutil.rmtree(home, ignore_errors=True)


class Databases:
    """Makes databases for one test; a prepared one is copied from a template made once a run."""

    def __init__(self, server: EmbeddedPostgres, templates: dict[Prepare, str]) -> None:
        self._server = server
        self._templates = templates
        self._made: list[str] = []

    async def __call__(self, prepare: Prepare | None = None, *, name: str = "test") -> str:
        """Answer the address of a fresh database; `prepare(dsn)` ran on its template."""
        template = await self._template(prepare) if prepare else None
        fresh = f"{name}_{uuid.UUID(bytes=os.urandom(16)).hex[:10]}"
        self._made.append(fresh)
        return await self._server.create_database(fresh, template=template)

    async def drop(self) -> None:
        """Drop what the test made."""
        for name in self._made:
            await self._server.drop_database(name)

    async def _template(self, prepare: Prepare) -> str:
        if prepare not in self._templates:
            name = f"template_{len(self._templates)}"
            await prepare(await self._server.create_database(name))
            self._templates[prepare] = name
        return self._templates[prepare]
