"""Tokens of an OpenID Connect issuer, checked against a provider that answers on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from services.kit.oidc import (
    FRESH,
    PAUSE,
    Identity,
    IdentityCheck,
    IdentityRefusedError,
    Issuer,
    IssuerAwayError,
)
from tests.support.provider import CLIENT, LIFETIME, Provider, new_key, running_provider

WHO, NONCE = "s-1", "nonce of this sign-in"


@dataclass
class Desk:
    """A check of the provider's tokens, with a clock for how old its documents are."""

    provider: Provider
    check: IdentityCheck
    seconds: float = 0.0

    async def of(self, token: str, nonce: str | None = NONCE) -> Identity:
        """Return whom a token is for."""
        return await self.check.identity(token, nonce)

    async def refused(self, token: str, nonce: str | None = NONCE) -> str:
        """Return why a token is refused."""
        with pytest.raises(IdentityRefusedError) as told:
            await self.check.identity(token, nonce)
        return str(told.value)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider("http://console/login/issuer") as running:
        running.people = {WHO: {"preferred_username": "liu"}}
        yield running


@pytest.fixture
async def desk(provider: Provider) -> AsyncIterator[Desk]:
    async with httpx.AsyncClient() as http:
        issuer = Issuer(provider.url, http, lambda: made.seconds)
        made = Desk(provider, IdentityCheck(issuer, CLIENT, CLIENT))
        yield made


def part(value: object) -> str:
    """Encode one part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
async def test_a_token_of_the_issuer_says_who_it_is_for(desk: Desk, algorithm: str) -> None:
    desk.provider.keys = [new_key(algorithm)]
    found = await desk.of(desk.provider.token(WHO, NONCE))
    assert (found.issuer, found.subject) == (desk.provider.url, WHO)
    assert found.claims["preferred_username"] == "liu"


async def test_an_unsigned_token_is_refused(desk: Desk) -> None:
    claims, kid = desk.provider.claims(WHO, NONCE), desk.provider.keys[0].kid
    for algorithm in ("none", "None", "NONE"):
        token = f"{part({'alg': algorithm, 'kid': kid})}.{part(claims)}."
        assert await desk.refused(token) == "algorithm"


async def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused(
    desk: Desk,
) -> None:
    key = desk.provider.keys[0]
    head = part({"alg": "HS256", "kid": key.kid, "typ": "JWT"})
    signed = f"{head}.{part(desk.provider.claims(WHO, NONCE))}"
    for public in (key.as_pem(private=False), key.as_der(private=False)):
        mac = hmac.digest(public, signed.encode(), hashlib.sha256)
        assert await desk.refused(f"{signed}.{part(mac)}") == "algorithm"


async def test_a_published_shared_secret_signs_nothing(desk: Desk) -> None:
    secret = b"published by mistake, long enough"
    described = {"kty": "oct", "k": part(secret), "kid": "shared", "alg": "HS256"}

    class Published:
        def as_dict(self, **_: bool) -> dict[str, str]:
            return described

    desk.provider.keys = [Published()]  # type: ignore[list-item]
    signed = f"{part({'alg': 'HS256', 'kid': 'shared'})}.{part(desk.provider.claims(WHO, NONCE))}"
    mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
    assert await desk.refused(f"{signed}.{part(mac)}") == "algorithm"


async def test_a_token_of_another_key_under_the_right_id_is_refused(desk: Desk) -> None:
    kid = desk.provider.keys[0].kid
    forger = ECKey.generate_key("P-256", {"kid": kid or "", "alg": "ES256"})
    assert await desk.refused(desk.provider.token(WHO, NONCE, forger)) == "InvalidSignatureError"


async def test_a_changed_token_is_refused(desk: Desk) -> None:
    head, _, signature = desk.provider.token(WHO, NONCE).split(".")
    desk.provider.twist = {"sub": "somebody else"}
    token = f"{head}.{part(desk.provider.claims(WHO, NONCE))}.{signature}"
    assert await desk.refused(token) == "InvalidSignatureError"


@pytest.mark.parametrize(
    ("twist", "why"),
    [
        ({"iat": 1, "exp": int(time.time()) - 60}, "ExpiredSignatureError"),
        ({"nbf": int(time.time()) + 600}, "ImmatureSignatureError"),
        ({"iat": int(time.time()) + 600}, "ImmatureSignatureError"),
        ({"aud": "another system"}, "InvalidAudienceError"),
        ({"aud": [CLIENT, "another system"]}, "meant for another client"),
        ({"aud": [CLIENT, "another system"], "azp": "another"}, "meant for another client"),
        ({"azp": "another system"}, "meant for another client"),
        ({"iss": "http://127.0.0.1:1"}, "InvalidIssuerError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"sub": None}, "MissingRequiredClaimError"),
        ({"nonce": "of another sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
    ],
)
async def test_a_token_for_another_time_or_place_is_refused(
    desk: Desk, twist: dict[str, object], why: str
) -> None:
    desk.provider.twist = twist
    assert await desk.refused(desk.provider.token(WHO, NONCE)) == why


async def test_a_token_of_a_sign_in_is_not_taken_without_its_nonce(desk: Desk) -> None:
    assert await desk.refused(desk.provider.token(WHO, NONCE), None) == "nonce"


async def test_a_clock_that_is_a_little_off_does_no_harm(desk: Desk) -> None:
    now = int(time.time())
    desk.provider.twist = {"iat": now + 20, "exp": now - 20}
    assert (await desk.of(desk.provider.token(WHO, NONCE))).subject == WHO


async def test_an_unknown_key_is_looked_for_again_but_not_at_everybodys_pace(desk: Desk) -> None:
    await desk.of(desk.provider.token(WHO, NONCE))
    stranger = new_key()
    for _ in range(20):
        assert await desk.refused(desk.provider.token(WHO, NONCE, stranger)) == "unknown key"
    assert desk.provider.key_fetches == 1
    desk.seconds += PAUSE
    for _ in range(20):
        assert await desk.refused(desk.provider.token(WHO, NONCE, stranger)) == "unknown key"
    assert desk.provider.key_fetches == 2


async def test_a_rotated_key_is_taken_at_once_and_the_withdrawn_one_no_more(desk: Desk) -> None:
    old = desk.provider.token(WHO, NONCE)
    await desk.of(old)
    desk.provider.keys = [new_key()]
    desk.seconds += PAUSE
    assert (await desk.of(desk.provider.token(WHO, NONCE))).subject == WHO
    assert await desk.refused(old) == "unknown key"


async def test_keys_are_fetched_again_when_they_have_aged(desk: Desk) -> None:
    token = desk.provider.token(WHO, NONCE)
    await desk.of(token)
    desk.seconds += FRESH - 1
    await desk.of(token)
    assert desk.provider.key_fetches == 1
    desk.provider.keys = [new_key()]
    desk.seconds += 1
    assert await desk.refused(token) == "unknown key"


async def test_a_key_that_is_weak_or_for_another_use_signs_nothing(desk: Desk) -> None:
    with pytest.warns(SecurityWarning):
        weak = RSAKey.generate_key(1024, {"kid": "weak", "alg": "RS256"})
    other = ECKey.generate_key("P-256", {"kid": "enc", "alg": "ES256"})
    weakly, otherwise = (desk.provider.token(WHO, NONCE, key) for key in (weak, other))
    described = other.as_dict(private=False) | {"use": "enc"}
    desk.provider.keys = [weak, ECKey.import_key(described)]
    assert await desk.refused(weakly) == "unknown key"
    assert await desk.refused(otherwise) == "unknown key"


async def test_a_token_without_a_key_id_is_of_the_only_key_or_of_none(desk: Desk) -> None:
    nameless = ECKey.generate_key("P-256", {"alg": "ES256"})
    desk.provider.keys = [nameless]
    token = desk.provider.token(WHO, NONCE)
    assert (await desk.of(token)).subject == WHO
    desk.provider.keys = [nameless, new_key()]
    desk.seconds += FRESH
    assert await desk.refused(token) == "unknown key"


async def test_an_issuer_that_is_away_is_said_to_be_and_not_waited_for_twice(desk: Desk) -> None:
    desk.provider.broken = True
    for _ in range(2):
        with pytest.raises(IssuerAwayError):
            await desk.of(desk.provider.token(WHO, NONCE))
    desk.provider.broken = False
    desk.seconds += PAUSE
    assert (await desk.of(desk.provider.token(WHO, NONCE))).subject == WHO


async def test_a_description_of_another_issuer_is_not_believed(desk: Desk) -> None:
    with running_provider("http://console/login/issuer") as other:
        other.people, real = {WHO: {}}, other.url
        other.url = desk.provider.url
        async with httpx.AsyncClient() as http:
            check = IdentityCheck(Issuer(real, http), CLIENT, CLIENT)
            with pytest.raises(IssuerAwayError):
                await check.identity(other.token(WHO, NONCE), NONCE)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("", "DecodeError"),
        (".", "DecodeError"),
        ("..", "DecodeError"),
        ("a.b.c", "DecodeError"),
        ("é.é.é", "DecodeError"),
        ("x" * 20_000, "too long"),
        ("e30.e30.e30", "algorithm"),
    ],
)
async def test_what_is_no_token_is_refused_and_asks_the_issuer_nothing(
    desk: Desk, token: str, why: str
) -> None:
    assert await desk.refused(token) == why
    assert desk.provider.key_fetches == 0


def test_a_token_of_the_provider_lives_longer_than_the_leeway() -> None:
    assert LIFETIME > 60
