"""What is sent to sign in, and to go on: a password, the issuer's token, a wish for a fresh id."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from events.contracts.base import Body, Short


class SignIn(Body):
    """Login and password of a local account."""

    login: Annotated[Short, Field(max_length=64)]
    password: str = Field(min_length=1, max_length=200)


class Exchange(Body):
    """A token of the configured issuer, and the nonce that its sign-in began with."""

    token: str = Field(min_length=1, max_length=16_384)
    nonce: str | None = Field(default=None, min_length=1, max_length=200)


class Renewal(Body):
    """`fresh` asks for another session id; the old one ends."""

    fresh: bool = False
