"""What guards a cluster: private files, made once, from one authority; and settings for it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from events.bus.topics import Bus
from events.runtime.kafka.guard import Guard
from events.runtime.settings import MissingSettingError, Settings
from services.__main__ import cli


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_certificates_and_passwords_are_made_once_and_are_private(tmp_path: Path) -> None:
    argv = ["kafka", "certificates", str(tmp_path / "secrets"), "kafka-1", "--office", "1401"]
    assert CliRunner().invoke(cli, argv).exit_code == 0
    made = files(tmp_path / "secrets")
    assert set(made) == {
        "ca.pem", "broker.pem", "admin.pem", "bangfu-publish.password", "bangfu-project.password",
        "bangfu-write.password", "office-1401.password",
    }  # fmt: skip
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").iterdir()} == {0o600}
    passwords = [content for name, content in made.items() if name.endswith(".password")]
    assert len(set(passwords)) == 4
    assert min(map(len, passwords)) >= 40
    assert CliRunner().invoke(cli, argv).exit_code == 0
    assert files(tmp_path / "secrets") == made


def test_the_brokers_certificate_names_the_brokers_and_no_private_key_of_the_authority_is_kept(
    tmp_path: Path,
) -> None:
    guard = Guard(tmp_path)
    guard.make(["kafka-1", "127.0.0.1"])
    broker = x509.load_pem_x509_certificate(guard.broker.read_bytes())
    names = broker.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kafka-1"]
    assert b"PRIVATE KEY" not in guard.ca.read_bytes()
    authority = x509.load_pem_x509_certificate(guard.ca.read_bytes())
    broker.verify_directly_issued_by(authority)


def test_a_login_is_told_to_every_client_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = Guard(tmp_path)
    guard.make()
    password = guard.password("bangfu-publish")
    told = {
        "BANGFU_KAFKA": "kafka-1:9092", "BANGFU_KAFKA_SECURITY": "SASL_SSL",
        "BANGFU_KAFKA_CA": str(guard.ca), "BANGFU_KAFKA_USER": "bangfu-publish",
        "BANGFU_KAFKA_PASSWORD_FILE": str(tmp_path / "bangfu-publish.password"),
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    client = Bus.of(Settings()).client("publish")
    context = client.pop("ssl_context")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert client == {
        "bootstrap_servers": "kafka-1:9092", "client_id": "bangfu-publish",
        "security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "bangfu-publish", "sasl_plain_password": password,
    }  # fmt: skip
    assert password not in repr(Bus.of(Settings()))


def test_a_login_without_its_parts_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANGFU_KAFKA", "kafka-1:9092")
    monkeypatch.setenv("BANGFU_KAFKA_SECURITY", "SASL_SSL")
    monkeypatch.setenv("BANGFU_KAFKA_USER", "bangfu-publish")
    with pytest.raises(MissingSettingError) as missing:
        Bus.of(Settings())
    assert missing.value.names == ("kafka_ca", "kafka_password_file")
