"""Settings come from BANGFU_*, are bounded, keep secrets out of sight and name what is missing."""

import pytest
from pydantic import ValidationError

from events.runtime.settings import MissingSettingError, Settings

URL = "postgresql://log:hidden@db/bangfu_log"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BANGFU_{name.upper()}", raising=False)


def test_nothing_needs_to_be_set_for_one_computer() -> None:
    settings = Settings()
    assert (str(settings.home), settings.partitions, settings.simulated) == (".bangfu", 16, False)
    assert settings.host == "127.0.0.1"


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANGFU_SOURCE", "shanxi")
    monkeypatch.setenv("BANGFU_CONSOLE_PORT", "9000")
    monkeypatch.setenv("BANGFU_LOG_URL", URL)
    settings = Settings()
    assert (settings.source, settings.console_port) == ("shanxi", 9000)
    assert settings.secret("log_url") == URL


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSOLE_PORT", "70000"),
        ("SOURCE", "山西"),
        ("PARTITIONS", "8"),
        ("WRITE_CONNECTIONS", "0"),
        ("TRACE_RATIO", "2"),
        ("BROKERS", "2"),
    ],
)
def test_a_value_out_of_bounds_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"BANGFU_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANGFU_LOG_URL", URL)
    assert "hidden" not in repr(Settings()) + str(Settings())


def test_a_missing_address_is_named_with_its_variable() -> None:
    with pytest.raises(MissingSettingError, match="BANGFU_KEYS_URL") as refused:
        Settings().secret("keys_url")
    assert refused.value.code == "setting_missing"
    with pytest.raises(MissingSettingError, match="BANGFU_KAFKA"):
        Settings().bootstrap()


@pytest.mark.parametrize(
    ("issuer", "client"), [("http://idp.example", "console"), ("https://idp.example", None)]
)
def test_an_issuer_is_reached_safely_and_by_a_named_client(
    monkeypatch: pytest.MonkeyPatch, issuer: str, client: str | None
) -> None:
    monkeypatch.setenv("BANGFU_OIDC_ISSUER", issuer)
    monkeypatch.setenv("BANGFU_OIDC_CLIENT_SECRET", "hidden")
    if client:
        monkeypatch.setenv("BANGFU_OIDC_CLIENT_ID", client)
    with pytest.raises(ValidationError) as told:
        Settings()
    assert "hidden" not in str(told.value)


def test_an_issuer_on_this_computer_may_do_without_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANGFU_OIDC_ISSUER", "http://127.0.0.1:9000")
    monkeypatch.setenv("BANGFU_OIDC_CLIENT_ID", "console")
    assert Settings().oidc_issuer == "http://127.0.0.1:9000"
