"""What a node tells about itself: topics and public keys; and how its accounts come in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from events.contracts.base import Body, Catalogue, Event, ident
from events.log.port import AppendLog
from events.rules.access import Action, Resource, decide
from events.rules.directory import Directory
from events.runtime.settings import Settings
from services.kit.asyncapi import document
from services.kit.decider import FORBIDDEN, NOT_FOUND, DomainError
from services.kit.faces import Commands
from services.kit.http import bearer, guarded, json, read_body
from services.kit.kafka import Inbox
from services.kit.principals import Doorkeeper

LOOKS, LOOK_SECONDS = 100, 0.02
"""How often and how patiently the directory is asked for an account just opened."""
ACCOUNTS = Action("accounts.sign_in", frozenset({"operator"}))


class SetPassword(Body):
    """A new password for a local login."""

    login: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=10, max_length=200)


class Unbind(Body):
    """A login that another identity of the issuer shall have."""

    login: str = Field(min_length=1, max_length=64)


def node_routes(
    settings: Settings,
    commands: Commands,
    catalogue: Catalogue[Event],
    doorkeeper: Doorkeeper,
    log: AppendLog,
    inbox: Inbox,
    directory: Callable[[], Directory],
) -> tuple[Route, ...]:
    """Return the routes beside those of commands."""

    async def asyncapi(_: Request) -> Response:
        return json(document(commands, catalogue, settings.kafka or "kafka"))

    async def key(_: Request) -> Response:
        public = inbox.key.public_key().public_bytes_raw().hex()
        return json({"node": settings.source, "suite": "HPKE X25519 AES-256-GCM", "key": public})

    async def password(request: Request) -> Response:
        need_operator(request)
        wish = SetPassword.model_validate_json(await read_body(request, 4_096))
        login, account = await governed(request, wish.login)
        await doorkeeper.set_password(login, account, wish.password)
        return json({"login": login})

    async def unbind(request: Request) -> Response:
        need_operator(request)
        wish = Unbind.model_validate_json(await read_body(request, 4_096))
        login, account = await governed(request, wish.login)
        await doorkeeper.known_identities.unbind(account)
        await doorkeeper.sessions.end(account)
        return json({"login": login})

    def need_operator(request: Request) -> None:
        if "operator" not in doorkeeper.principal(bearer(request)).roles:
            raise DomainError(FORBIDDEN, why_zh="须由系统管理员", why_en="operator only")

    async def governed(request: Request, name: str) -> tuple[str, str]:
        """Return a login and its account, where its office lies in the operator's area (R43)."""
        login = name.strip().lower()
        claim = f"login/{login}"
        if (stream := (await log.holders([claim])).get(claim)) is None:
            raise DomainError(NOT_FOUND, what="login")
        account = ident(stream)
        office = await _office_of(account, directory)
        resource = Resource((directory().path(office),), "account")
        verdict = decide(doorkeeper.principal(bearer(request)), ACCOUNTS, resource)
        if not verdict.allow:
            raise DomainError(FORBIDDEN, why_zh=verdict.reason_zh, why_en=verdict.reason_en)
        return login, account

    return (
        Route("/asyncapi.json", guarded(asyncapi), methods=["GET"]),
        Route("/api/inbox-key", guarded(key), methods=["GET"]),
        Route("/api/accounts/password", guarded(password), methods=["POST"]),
        Route("/api/accounts/unbind", guarded(unbind), methods=["POST"]),
    )


async def _office_of(account: str, directory: Callable[[], Directory]) -> str:
    """Return the office of an account, which the directory may learn a moment after its opening."""
    for _ in range(LOOKS):
        if (known := directory().accounts.get(account)) is not None:
            return known.office
        await asyncio.sleep(LOOK_SECONDS)
    raise DomainError(NOT_FOUND, what="account")
