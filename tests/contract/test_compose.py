"""docker-compose.yml follows the Compose specification and our rules for running the roles."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from events.runtime.kafka.guard import Guard
from events.runtime.kafka.properties import Node, properties

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
BROKERS = ("kafka-1", "kafka-2", "kafka-3")
ROLES = ("write", "publish", "project", "read", "console")


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(COMPOSE)["services"]
    return found


def _checked(path: Path) -> subprocess.CompletedProcess[str]:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*check, str(path)], capture_output=True, text=True, check=False)  # noqa: S603 - own argv


def test_the_file_follows_the_compose_specification() -> None:
    checked = _checked(COMPOSE)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("sound", "faulty"),
    [
        ("condition: service_healthy", "condition: service_well"),
        ("stop_grace_period: 30s", "stop_grace_perod: 30s"),
        ("ports: [", "ports: 8080 #"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, sound: str, faulty: str) -> None:
    text = COMPOSE.read_text()
    assert sound in text
    planted = tmp_path / "docker-compose.yml"
    planted.write_text(text.replace(sound, faulty, 1))
    assert _checked(planted).returncode == 1


def test_every_role_is_one_container(services: dict[str, dict[str, Any]]) -> None:
    commands = {name: services[name]["command"] for name in ROLES}
    assert commands == {name: ["serve", name] for name in ROLES}
    assert set(services) == {*ROLES, "postgres", "grant", *BROKERS}


def test_everyone_is_limited_checked_and_waited_for(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert name == "grant" or service["healthcheck"]["test"], name
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name
        for awaited, wait in service.get("depends_on", {}).items():
            done = "service_completed_successfully" if awaited == "grant" else "service_healthy"
            assert wait == {"condition": done}, name


def test_ports_are_open_on_the_own_computer_only(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert len(ports) == len(ROLES)
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_only_the_write_role_is_told_the_key_database(services: dict[str, dict[str, Any]]) -> None:
    told = [name for name in services if "BANGFU_KEYS_URL" in services[name].get("environment", {})]
    assert told == ["write"]


def test_no_role_but_the_one_that_migrates_logs_in_with_every_power(
    services: dict[str, dict[str, Any]],
) -> None:
    logins = {
        name: {
            url.removeprefix("postgresql://").partition(":")[0]
            for key, url in services[name]["environment"].items()
            if key in {"BANGFU_LOG_URL", "BANGFU_READ_URL", "BANGFU_KEYS_URL"}
        }
        for name in ROLES
    }
    assert logins == {
        "write": {"postgres", "bangfu_keyring"},
        "publish": {"bangfu_publish"},
        "project": {"bangfu_project"},
        "read": {"bangfu_query"},
        "console": set(),
    }


def _property(variable: str) -> str:
    """Name the property of a `KAFKA_*` variable, as the image of Apache Kafka does."""
    name = variable.removeprefix("KAFKA_").lower()
    for written, meant in (("___", "\0"), ("__", "\1"), ("_", "."), ("\0", "-"), ("\1", "_")):
        name = name.replace(written, meant)
    return name


def test_the_brokers_are_guarded_as_the_embedded_ones_are(
    services: dict[str, dict[str, Any]],
) -> None:
    node, guard = Node(1, 9092, 9093, "", 9094), Guard(Path("/run/secrets"))
    written = properties(node, (node, node, node), Path("/var/lib/kafka/data"), guard)
    wanted = dict(line.split("=", 1) for line in written.splitlines())
    free = {"listeners", "advertised.listeners"}
    for name in BROKERS:
        told = services[name]["environment"].items()
        found = {_property(key): str(value).replace("$$", "$") for key, value in told}
        guarded = {k for k in wanted if k.startswith(GUARDED) and k not in free}
        assert len(guarded) == 15
        assert {k: found[k] for k in guarded} == {k: wanted[k] for k in guarded}


GUARDED = (
    "inter.broker", "listener", "ssl.", "sasl.", "authorizer", "allow.", "super.", "unclean",
)  # fmt: skip


def test_each_role_has_a_login_at_kafka_of_its_own_and_no_more_secrets(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("write", "publish", "project"):
        role = services[name]
        assert role["environment"]["BANGFU_KAFKA_USER"] == f"bangfu-{name}"
        assert role["environment"]["BANGFU_KAFKA_SECURITY"] == "SASL_SSL"
        assert [s["source"] for s in role["secrets"]] == ["kafka-ca", f"kafka-{name}"]
    assert not any("secrets" in services[name] for name in ("read", "console", "postgres"))


def test_no_password_is_written_into_the_file() -> None:
    text = COMPOSE.read_text()
    assert re.findall(r"(?i)password[\"']?\s*[:=]\s*[\"']?(?!\$\{|/run/secrets/)\w+", text) == []
