"""Tokens of the node: how long a session lasts, and what is never taken for one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from events.runtime.clock import SystemClock
from events.runtime.tokens import (
    LIFETIME,
    SESSION,
    TokenCheck,
    TokenIssuer,
    TokenRefusedError,
    token_keys,
)

NOW = SystemClock().now


def test_no_token_of_a_session_outlives_the_working_day(tmp_path: Path) -> None:
    private, public = token_keys(tmp_path)
    began = NOW()
    now = [began]
    issuer = TokenIssuer(private, "node", lambda: now[0])
    token, ends = issuer.issue("user")
    badge = TokenCheck(public, "node", NOW).badge(token)
    assert ends == began + LIFETIME
    now[0] = began + SESSION - timedelta(minutes=5)
    assert issuer.issue_again(badge)[1] == began + SESSION
    now[0] = began + SESSION
    with pytest.raises(TokenRefusedError):
        issuer.issue_again(badge)


def test_a_token_of_another_node_key_or_kind_is_refused(tmp_path: Path) -> None:
    private, public = token_keys(tmp_path / "one")
    other, _ = token_keys(tmp_path / "two")
    check = TokenCheck(public, "node", NOW)
    good = TokenIssuer(private, "node", NOW).issue("user")[0]
    claims = jwt.decode(good, options={"verify_signature": False})
    assert check.account(good) == "user"
    for token in (
        TokenIssuer(other, "node", NOW).issue("user")[0],
        TokenIssuer(private, "neighbour", NOW).issue("user")[0],
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims | {"exp": NOW() - timedelta(minutes=1)}, private, algorithm="ES256"),
        jwt.encode({k: v for k, v in claims.items() if k != "sid"}, private, algorithm="ES256"),
        "",
    ):
        with pytest.raises(TokenRefusedError):
            check.account(token)
