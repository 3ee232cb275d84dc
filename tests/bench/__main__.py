"""Every benchmark in turn on servers of its own: `make bench`, or `python -m tests.bench NAME`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from events.runtime.kafka import EmbeddedKafka
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings

NAMES = ("append", "http", "access", "fence", "conform", "audit", "replay", "bus", "engine")


def run(name: str, *arguments: str) -> None:
    """Run one benchmark in a process of its own."""
    sys.stdout.write(f"\n== {name}\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", f"tests.bench.bench_{name}", *arguments], check=True)  # noqa: S603


def with_servers(names: list[str]) -> None:
    """Run the benchmarks that want a bus and a read database."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with (
            EmbeddedPostgres(home) as postgres,
            EmbeddedKafka(home / "kafka", runtime=Settings().home / "kafka") as kafka,
        ):
            if "bus" in names:
                run("bus", kafka.bootstrap)
            if "engine" in names:
                run("engine", postgres.dsn("postgres"), kafka.bootstrap)
        postgres.remove()


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all."""
    wanted = names or list(NAMES)
    for name in {"models", "read"} & set(names):  # they want a demo
        run(name)
    for name in ("append", "http", "access", "fence", "conform", "audit", "replay"):
        if name in wanted:
            run(name)
    if {"bus", "engine"} & set(wanted):
        with_servers(wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
