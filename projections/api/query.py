"""One query: who asks, for which office, in which words, and how the answer is stamped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias, TypeVar

import asyncpg
from starlette.requests import Request

from events.rules.access import Action, Principal, Resource, ResourceKind, decide
from events.rules.directory import Office
from events.rules.principals import principal_by_id
from events.runtime.tokens import TokenRefusedError
from projections.api.params import AFTER, Param
from projections.api.problems import (
    FORBIDDEN,
    MALFORMED,
    NOT_AS_OF,
    NOT_FOUND,
    NOT_YET,
    TOO_MANY,
    UNAUTHENTICATED,
    QueryError,
)
from projections.api.side import ReadSide
from projections.engine.fence import Opening
from projections.engine.known import known

Answer: TypeAlias = dict[str, Any]
T = TypeVar("T")

CASES = frozenset(
    {"community", "street", "county", "city", "province", "pes_clerk", "pes_head", "person"}
)
"""Roles that may see facts about persons; auditors may within their area."""
OFFICES = frozenset({"office", "operator", "rule_admin"})
EVERYONE = frozenset({"everyone"})


@dataclass(frozen=True, slots=True)
class Query:
    """A query: address, parameters, the read models it answers from, and who may ask."""

    path: str
    name: str
    zh: str
    en: str
    answer: Callable[[Call], Awaitable[Answer]]
    params: tuple[Param, ...] = ()
    models: tuple[str, ...] = ()
    roles: frozenset[str] = EVERYONE
    kind: ResourceKind = "public"

    def all_params(self) -> tuple[Param, ...]:
        """Return its parameters, the token to wait for included where it has read models."""
        return (*self.params, AFTER) if self.models else self.params


@dataclass(slots=True)
class Call:
    """One asking of a query."""

    side: ReadSide
    query: Query
    principal: Principal
    args: Mapping[str, Any]
    today: date
    stale: bool = False
    decided: set[str] = field(default_factory=set)
    """Paths that the access decision allowed beside the asker's areas."""

    def get(self, name: str, default: T) -> T:
        """Return a parameter's value, or the default."""
        found: T = self.args.get(name, default)
        return found

    def text(self, name: str) -> str:
        """Return a parameter that is always there."""
        return str(self.args[name])

    @property
    def limit(self) -> int:
        """Return how many rows a page has."""
        return self.get("limit", 50)

    def cursor(self, *kinds: type) -> list[Any] | None:
        """Return where the page before ended. Raises QueryError for another query's cursor."""
        found: list[Any] | None = self.args.get("cursor")
        if found is None:
            return None
        fits = len(found) == len(kinds)
        if not fits or not all(type(v) is k for v, k in zip(found, kinds, strict=True)):
            raise QueryError(MALFORMED, field="cursor")
        return found

    def office(self) -> Office:
        """Return the office asked for, or the asker's own. Raises QueryError (404)."""
        directory = self.side.directory()
        wanted = self.args.get("office") or self.principal.office
        found = directory.office(str(wanted))
        if found is None:
            raise QueryError(NOT_FOUND, what=str(wanted))
        return found

    def scope(self) -> tuple[str, str]:
        """Return the range of paths that the asked office covers: [low, high).

        Without an office the first of the asker's areas counts. Raises QueryError (403, 404).
        """
        if self.args.get("office") or not self.principal.areas:
            path = self.office().path
        else:
            path = self.principal.areas[0]
        self.allow(Resource((path,), self.query.kind))
        self.decided.add(path)
        return path, path + ":"

    def allow(self, resource: Resource) -> str:
        """Decide; return the rule that allows. Raises QueryError (403)."""
        decision = decide(
            self.principal, Action(self.query.name, self.query.roles, "query"), resource
        )
        if not decision.allow:
            wanted = ",".join(sorted(self.query.roles))
            why = {"why_zh": decision.reason_zh, "why_en": decision.reason_en}
            raise QueryError(FORBIDDEN, rule=decision.rule_id, wanted=wanted, **why)
        return decision.rule_id

    def reading(
        self, *subjects: str, seq: int = 0
    ) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """Open a read-only snapshot of the asker's areas, what was decided, and what is named.

        A query about offices sees no rows about persons.
        """
        paths = tuple(sorted({*self.principal.areas, *self.decided}))
        cases = self.query.kind == "case"
        areas, offices = (paths, ()) if cases else ((), paths)
        return self.side.reading(Opening(areas, offices, subjects, seq))


def bearer(request: Request) -> str:
    """Return the bearer token of a request, empty when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def principal_of(side: ReadSide, request: Request, today: date) -> Principal:
    """Return who asks. Raises QueryError (401, 429)."""
    try:
        user = side.check.account(bearer(request))
    except TokenRefusedError:
        raise QueryError(UNAUTHENTICATED) from None
    found = principal_by_id(user, side.directory(), today)
    if found is None:
        raise QueryError(UNAUTHENTICATED)
    if side.limit is not None and (seconds := side.limit.take(user)):
        raise QueryError(TOO_MANY, seconds=str(seconds))
    return found


def read_args(wanted: Sequence[Param], request: Request) -> dict[str, Any]:
    """Read every parameter. Raises QueryError (400) for an unknown, repeated or missing one."""
    known = {p.name: p for p in wanted if not p.in_path}
    args = {p.name: p.value(request.path_params[p.name]) for p in wanted if p.in_path}
    for name, text in request.query_params.multi_items():
        if name not in known and name in ("valid", "known"):
            raise QueryError(NOT_AS_OF, field=name)
        if name not in known or name in args:
            raise QueryError(MALFORMED, field=name[:40])
        args[name] = known[name].value(text)
    for name, param in known.items():
        if param.required and name not in args:
            raise QueryError(MALFORMED, field=name)
    return args


async def wait(side: ReadSide, models: Sequence[str], after: str) -> bool:
    """Wait until readers see a command's effect; tell whether they still do not."""
    if not after:
        return False
    seen = await asyncio.gather(*(side.waiting.until(m, after, side.patience) for m in models))
    return not all(seen)


async def known_point(side: ReadSide, models: Sequence[str]) -> Answer:
    """Return the least known point of some read models: everything up to it is in the answer."""
    if not models:
        return {"seq": side.directory().seq, "time": None}
    async with side.reading() as c:
        points = [await known(c, model, side.source) for model in models]
    found = [p for p in points if p is not None]
    if len(found) < len(points):
        return {"seq": 0, "time": None}
    least = min(found, key=lambda p: p.seq)
    return {"seq": least.seq, "time": least.at.isoformat() if least.at else None}


async def answer(call: Call) -> Answer:
    """Answer a query with what every answer carries: `known`, `valid`, and `stale` where it is.

    Raises QueryError; one `not_yet` where a thing is missing and readers are still behind.
    """
    call.stale = await wait(call.side, call.query.models, call.get("after", ""))
    point = await known_point(call.side, call.query.models)
    try:
        found = await call.query.answer(call)
    except QueryError as error:
        if call.stale and error.reason is NOT_FOUND:
            raise QueryError(NOT_YET) from error
        raise
    out = {"known": point, "valid": call.today.isoformat(), **found}
    return out | {"stale": True} if call.stale else out
