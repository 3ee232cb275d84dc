"""Child servers that outlive a killed parent and are found again by the next one."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

PAUSE_SECONDS = 0.02


class Account(NamedTuple):
    """The system account that a child server runs as."""

    uid: int
    gid: int


class ServerStartError(RuntimeError):
    """A child server did not become ready; carries its name and the tail of its log."""

    code = "server_not_started"

    def __init__(self, server: str, log: Path) -> None:
        super().__init__(f"{server} did not start. Its log ({log}) ends:\n{tail(log)}")
        self.server = server
        self.log = log


class ServerInUseError(RuntimeError):
    """The server belongs to another living process, which has to end first."""

    code = "server_in_use"

    def __init__(self, server: str) -> None:
        super().__init__(f"{server} is used by another process; end that one first")
        self.server = server


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll a condition; true as soon as it holds, false after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def free_port() -> int:
    """Find a loopback TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_open(port: int) -> bool:
    """Whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_for(configured: int | None, remembered: int | None) -> int:
    """Choose the configured port, else the remembered one while it is free, else any free one."""
    if configured is not None:
        return configured
    if remembered is not None and not port_open(remembered):
        return remembered
    return free_port()


def tail(log: Path, lines: int = 15) -> str:
    """Read the last lines of a log file, empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def command_of(pid: int) -> str:
    """Read the command line of a living process; empty for a dead one and for a zombie."""
    entry = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    listing = ["ps", "-p", str(pid), "-o", "command="]
    found = subprocess.run(listing, capture_output=True, text=True, check=False)  # noqa: S603 - own argv
    return found.stdout.strip()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive file lock: one process at a time prepares a shared folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class ServerProcess:
    """One server child, its pid file, and who owns it.

    `marker` is a text in the server's command line (its data folder) by which a pid file is told
    from a stale one. Only the owner stops the server; a server whose owner died is adopted.
    """

    def __init__(self, name: str, record: Path, log: Path, marker: str) -> None:
        self.name = name
        self.log = log
        self._record = record
        self._marker = marker
        self._child: subprocess.Popen[bytes] | None = None
        self._attached: int | None = None

    @property
    def pid(self) -> int | None:
        """The pid while the server lives, else None."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid
        if self._attached is not None and self._marker in command_of(self._attached):
            return self._attached
        return None

    @property
    def alive(self) -> bool:
        """Whether the server process lives."""
        return self.pid is not None

    @property
    def owned(self) -> bool:
        """Whether this process has to stop the server."""
        return self._remembered("owner") == os.getpid()

    @property
    def port(self) -> int | None:
        """The port of the last run, None before the first."""
        return self._remembered("port")

    def attach(self) -> bool:
        """Find a server that already runs; adopt it when its owner is gone."""
        pid = self._remembered("pid")
        if pid is None or self._marker not in command_of(pid):
            return False
        self._attached = pid
        owner = self._remembered("owner")
        if owner is None or not command_of(owner):
            self._remember(pid, self.port)
        return True

    def spawn(self, argv: Sequence[str], port: int | None, account: Account | None = None) -> None:
        """Start the server in a session of its own, output to the log, and note its pid."""
        with self.log.open("ab") as out:
            self._child = subprocess.Popen(  # noqa: S603 - own argv
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                cwd="/",
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        self._remember(self._child.pid, port)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when the server is gone."""
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def wait_gone(self, seconds: float) -> None:
        """Wait for the end; after `seconds` the server is killed."""
        if not wait_until(lambda: not self.alive, seconds):
            self.kill()

    def wait_code(self, seconds: float) -> int | None:
        """Wait for the exit code of a child that ends by itself; kill a late one."""
        self.wait_gone(seconds)
        return self._child.poll() if self._child else None

    def kill(self) -> None:
        """Kill -9 and wait until it is gone."""
        self.signal(signal.SIGKILL)
        wait_until(lambda: not self.alive, 10)

    def _remembered(self, key: str) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            value: int | None = json.loads(self._record.read_text()).get(key)
            return value
        return None

    def _remember(self, pid: int, port: int | None) -> None:
        self._record.write_text(json.dumps({"pid": pid, "owner": os.getpid(), "port": port}))
