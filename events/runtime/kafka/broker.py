"""One Kafka node as a child process: format once, start, stop, kill."""

import signal
import subprocess
from pathlib import Path

from events.runtime.kafka.java import JVM_OPTIONS, find_java
from events.runtime.kafka.properties import Node
from events.runtime.process import ServerProcess, ServerStartError

STOP_SECONDS = 20.0


class Broker:
    """One node of an embedded cluster in its own folder."""

    def __init__(self, node: Node, folder: Path, libs: Path) -> None:
        self.node = node
        self.folder = folder
        self.config = folder / "server.properties"
        self.data = folder / "data"
        self._libs = libs
        self.process = ServerProcess(
            f"Kafka node {node.number}", folder / "server.json", folder / "log", str(self.config)
        )

    @property
    def alive(self) -> bool:
        """Whether the node's process lives."""
        return self.process.alive

    def format(self, properties: str, cluster_id: str, voters: str) -> None:
        """Write the configuration and format the storage unless it is; ServerStartError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text(properties)
        if (self.data / "meta.properties").exists():
            return
        argv = [*self._java(), "kafka.tools.StorageTool", "format", "-t", cluster_id]
        argv += ["-c", str(self.config), "--initial-controllers", voters, "--ignore-formatted"]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - own argv
        if done.returncode != 0:
            self.process.log.write_text(done.stdout + done.stderr)
            raise ServerStartError(self.process.name, self.process.log)

    def start(self, archive: Path, *, record: bool = False) -> None:
        """Start the node unless it runs, with the class archive or recording one."""
        if self.process.alive or self.process.attach():
            return
        option = []
        if record or archive.exists():
            name = "ArchiveClassesAtExit" if record else "SharedArchiveFile"
            option = [f"-XX:{name}={archive}"]
        argv = [*self._java(*option), "kafka.Kafka", str(self.config)]
        self.process.spawn(argv, self.node.port)

    def ask_to_stop(self) -> None:
        """Ask for a clean end and return at once; only the owner's asking counts."""
        if self.process.owned:
            self.process.signal(signal.SIGTERM)

    def wait_stopped(self) -> None:
        """Wait for the end that was asked for."""
        if self.process.owned:
            self.process.wait_gone(STOP_SECONDS)

    def kill(self) -> None:
        """Kill -9 the node, for fault tests."""
        self.process.kill()

    def _java(self, *options: str) -> list[str]:
        return [str(find_java()), *JVM_OPTIONS, *options, "-cp", f"{self._libs}/*"]
