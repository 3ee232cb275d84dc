"""The first office and accounts of an empty log, before anybody can sign in (`bangfu user add`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from events.contracts.base import ident
from events.rules.principals import SYSTEM
from services.kit.answers import Accepted, Sent
from services.kit.faces import Commands, dumps
from services.kit.follower import Follower
from services.kit.handling import Handler
from services.kit.principals import Doorkeeper


@dataclass(frozen=True, slots=True)
class First:
    """One of the first accounts: login, name, password, roles."""

    login: str
    name: str
    password: str
    roles: tuple[str, ...]


class NotEmptyError(Exception):
    """The log has accounts already; the first set-up is over."""


class Bootstrap:
    """Sends the first commands as `system`, which the registry lets do so only at the beginning."""

    def __init__(
        self, commands: Commands, handler: Handler, follower: Follower, doorkeeper: Doorkeeper
    ) -> None:
        self._commands, self._handler = commands, handler
        self._follower, self._doorkeeper = follower, doorkeeper
        self._position = 0

    async def run(
        self, code: str, name: str, people: Iterable[First], day: date, at: datetime
    ) -> dict[str, str]:
        """Open the province's office and its first accounts; return login → account id.

        Safe to repeat: the ids are made from the content. The province_head's own role comes last,
        since it ends the system's right to set up.
        """
        office = code.ljust(12, "0")
        body = {"name": name, "kind": "labour", "level": "province", "code": code}
        await self._send("registry.open_office", office, at, body | {"from": day.isoformat()})
        await self._follower.settle(self._position)
        accounts: dict[str, str] = {}
        listed = sorted(people, key=lambda p: "province_head" in p.roles)
        for person in listed:
            opened = await self._send(
                "registry.open_account",
                person.login,
                at,
                {"office": office, "name": person.name, "login": person.login},
            )
            accounts[person.login] = ident(opened.events[0].stream)
            await self._doorkeeper.set_password(
                person.login, accounts[person.login], person.password
            )
        await self._follower.settle(self._position)
        for person in listed:
            for role in person.roles:
                await self._give(accounts[person.login], role, office, day, at)
        await self._follower.settle(self._position)
        return accounts

    async def _give(self, user: str, role: str, office: str, day: date, at: datetime) -> None:
        wish = {"user": user, "role": role, "areas": [office], "from": day.isoformat()}
        proposed = await self._send("registry.propose_role", f"{user}/{role}", at, wish)
        proposal = {"user": user, "proposal": proposed.events[0].event_id}
        await self._send("registry.approve_role", f"{user}/{role}", at, proposal)

    async def _send(self, name: str, what: str, at: datetime, body: dict[str, Any]) -> Accepted:
        raw = dumps(body | {"occurred_at": at.isoformat()})
        command_id = uuid5(NAMESPACE_URL, f"urn:bangfu:first:{name}:{what}")
        sent = Sent(self._commands.read(name, raw), command_id, SYSTEM, name.encode() + raw)
        accepted = await self._handler.handle(sent)
        self._position = max(self._position, _position(accepted.after))
        return accepted


def _position(after: str) -> int:
    return int(after.split(":")[1]) if after else 0
