"""Settings from `BANGFU_*`, read once at the edge and passed on."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from events.runtime.doors import Doors
from events.runtime.kafka_access import Access

Port = Annotated[int, Field(ge=1, le=65535)]
ADDRESSES = ("log_url", "read_url", "keys_url")
SERVERS_FILE = "embedded.json"
NODE_FILE = "node.json"
TOLD = (
    "source", "simulated", "simulated_from", "write_port", "publish_port", "project_port",
    "read_port", "console_port", "write_api", "read_api", "publish_api",
)  # fmt: skip
"""What a node tells about itself in its home: nothing secret."""
RESUME = "bangfu demo --resume"
DEMO_STOPPED = (
    f"这里的演示已停止；{RESUME} 再次打开，内容和时钟不变 / The demo that stands here is "
    f"stopped: `{RESUME}` serves it again, with all that was entered and its clock where it stood."
)


class MissingSettingError(RuntimeError):
    """Settings that this role needs are not given; names the variables, or a stopped demo."""

    code = "setting_missing"

    def __init__(self, names: list[str], *, demo: bool = False) -> None:
        variables = ", ".join(f"BANGFU_{name.upper()}" for name in names)
        super().__init__(
            DEMO_STOPPED
            if demo
            else f"缺少设置 {variables}：请设置，或先运行 bangfu serve all / Not set: {variables}. "
            "Set them, or run `bangfu serve all` first, whose servers the other roles find."
        )
        self.names = tuple(names)


class OtherNodeError(RuntimeError):
    """The home belongs to another node than the one that is to be served."""

    code = "other_node"

    def __init__(self, home: Path, source: str, *, simulated: bool) -> None:
        zh = f"{RESUME} 再次打开演示，" if simulated else ""
        en = f"Serve the demo again with `{RESUME}`, " if simulated else ""
        super().__init__(
            f"目录 {home} 属于另一节点 {source}。{zh}或以 BANGFU_HOME 指明别的目录 / "
            f"The home {home} belongs to another node: {source}. {en}or name another home in "
            "BANGFU_HOME."
        )


class Settings(Doors):
    """Everything a role is told from outside; addresses may come from the embedded servers."""

    model_config = SettingsConfigDict(
        env_prefix="BANGFU_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    home: Path = Field(Path(".bangfu"), description="folder of embedded servers, keys and logs")
    source: str = Field(
        "bangfu", pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$", description="this node's name in events"
    )
    simulated: bool = Field(False, description="a node whose clock is simulated, made for a demo")

    simulated_from: AwareDatetime = Field(
        datetime(2008, 5, 28, 0, 0, tzinfo=UTC), description="first instant of a simulated clock"
    )

    log_url: SecretStr | None = Field(None, description="database bangfu_log")
    read_url: SecretStr | None = Field(None, description="database bangfu_read")
    keys_url: SecretStr | None = Field(None, description="database bangfu_keys; write role only")
    logins: dict[str, dict[str, SecretStr]] = Field(
        default_factory=dict, description='addresses per role: {"read": {"read_url": "…"}}'
    )
    kafka: str | None = Field(None, description="bootstrap addresses, host:port[,host:port]")
    kafka_security: Literal["PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="SASL_SSL: encrypted, with a login (SCRAM-SHA-512)"
    )
    kafka_ca: Path | None = Field(None, description="certificate that proves the cluster")
    kafka_user: str = Field("", description="this role's login at Kafka, e.g. bangfu-publish")
    kafka_password_file: Path | None = Field(None, description="file with that login's password")

    host: str = Field("127.0.0.1", description="address that HTTP servers bind")
    write_port: Port = Field(8081, description="commands")
    publish_port: Port = Field(8082, description="health and metrics of the publish role")
    project_port: Port = Field(8083, description="health and metrics of the project role")
    read_port: Port = Field(8084, description="queries")
    console_port: Port = Field(8080, description="web console")
    write_api: str = Field("http://127.0.0.1:8081", description="where the console sends commands")
    read_api: str = Field("http://127.0.0.1:8084", description="where the console sends queries")
    publish_api: str = Field("http://127.0.0.1:8082", description="where proofs are served")

    postgres_port: Port | None = Field(None, description="port of the embedded PostgreSQL")
    kafka_port: Port | None = Field(None, description="port of the embedded Kafka")
    brokers: Literal[1, 3] = Field(1, description="nodes of the embedded Kafka")
    partitions: Literal[16] = Field(16, description="partitions of bangfu.events, fixed for ever")
    replication: int = Field(1, ge=1, le=5, description="copies of each Kafka topic")
    write_connections: int = Field(8, ge=1, le=64, description="database connections that append")
    project_workers: int = Field(1, ge=1, le=64, description="processes the slices are split over")
    batch: int = Field(2000, ge=1, le=20000, description="most events in one projection batch")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO")
    trace_ratio: float = Field(0.05, ge=0, le=1, description="share of traces kept")

    @classmethod
    def of_node(cls) -> Self:
        """Read the settings, then what the node of this home, or of its demo, tells of itself.

        What is given as BANGFU_* is kept; who names a database by its address looks in no home.
        """
        given = cls()
        if any(getattr(given, name) for name in ADDRESSES):
            return given
        home = _node_home(given.home)
        found = read_node(home)
        told = {name: found[name] for name in TOLD if name in found} | {"home": home}
        unset = {k: v for k, v in told.items() if k == "home" or k not in given.model_fields_set}
        return cls.model_validate(given.model_dump(exclude_unset=True) | unset)

    def with_servers(self) -> Self:
        """Fill unset addresses from the embedded servers that run in this home."""
        found = read_servers(self.home)
        if any(getattr(self, name) for name in ADDRESSES):
            found.pop("logins", None)
        unset = {name: value for name, value in found.items() if not getattr(self, name)}
        return self.model_copy(update=unset)

    def of_role(self, role: str) -> Self:
        """Keep the addresses of one role's own logins, where it has any."""
        own = self.logins.get(role)
        if own is None:
            return self
        return self.model_copy(update={"logins": {}, **dict.fromkeys(ADDRESSES), **own})

    @property
    def demo_stopped(self) -> bool:
        """Tell whether a demo stands in this home and is not served."""
        served = (self.home / SERVERS_FILE).exists()
        return not served and bool(read_node(self.home).get("simulated"))

    def need_own_home(self) -> None:
        """Refuse a home whose note names another node. Raises OtherNodeError."""
        found = read_node(self.home)
        kept = (found.get("source", self.source), found.get("simulated", self.simulated))
        if kept != (self.source, self.simulated):
            raise OtherNodeError(self.home, kept[0], simulated=bool(kept[1]))

    def secret(self, name: Literal["log_url", "read_url", "keys_url"]) -> str:
        """Answer a database address in the clear; MissingSettingError when it is not given."""
        value: SecretStr | None = getattr(self, name)
        if value is None:
            raise MissingSettingError([name], demo=self.demo_stopped)
        return value.get_secret_value()

    def bootstrap(self) -> str:
        """Answer Kafka's addresses; MissingSettingError when they are not given."""
        if self.kafka is None:
            raise MissingSettingError(["kafka"], demo=self.demo_stopped)
        return self.kafka

    def kafka_access(self) -> Access:
        """Answer how Kafka is reached; MissingSettingError for a login without its parts."""
        if self.kafka_security == "PLAINTEXT":
            return Access()
        needed = ("kafka_ca", "kafka_user", "kafka_password_file")
        if missing := [name for name in needed if not getattr(self, name)]:
            raise MissingSettingError(missing)
        return Access(self.kafka_security, self.kafka_ca, self.kafka_user, self.kafka_password_file)


def _node_home(home: Path) -> Path:
    """Return the home itself, or that of its demo where only the demo has a node."""
    demo = home / "demo"
    own = (home / SERVERS_FILE).exists() or not (demo / NODE_FILE).exists()
    return home if own else demo


def read_node(home: Path) -> dict[str, Any]:
    """Read what the node of a home tells of itself; empty when none ever ran here."""
    path = home / NODE_FILE
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def write_node(settings: Settings) -> None:
    """Write down what a node is, for the verbs that look for it."""
    told = settings.model_dump(mode="json", include=set(TOLD))
    (settings.home / NODE_FILE).write_text(json.dumps(told, indent=1))


def read_servers(home: Path) -> dict[str, Any]:
    """Read the addresses of the embedded servers; empty when none were started here."""
    path = home / SERVERS_FILE
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text())
    logins = found.pop("logins", {})
    secret = {role: {k: SecretStr(v) for k, v in own.items()} for role, own in logins.items()}
    told = {k: SecretStr(v) if k in ADDRESSES else v for k, v in found.items()}
    return told | {"logins": secret}


def write_servers(home: Path, addresses: dict[str, Any]) -> None:
    """Write the addresses for other processes; the file holds passwords and is private."""
    path = home / SERVERS_FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(addresses, indent=1))
