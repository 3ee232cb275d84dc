"""账号与角色: accounts of the area, one account with its next step, the second hand (R23)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from services.console.acting import giver_sent
from services.console.apis import Refused
from services.console.helping import helped
from services.console.naming import name_all
from services.console.offers import may_send
from services.console.site import Visit
from services.console.typed import first, read_form
from services.console.wishes import wishes

PAGE = 100
OPEN, PROPOSE, APPROVE, REVOKE, CLOSE = (
    "registry.open_account", "registry.propose_role", "registry.approve_role",
    "registry.revoke_role", "registry.close_account",
)  # fmt: skip
DELEGATE, END, LEAVE = (
    "registry.delegate", "registry.end_delegation", "registry.record_leave",
)  # fmt: skip
SHORTEST_PASSWORD = 10


async def load_list(visit: Visit) -> dict[str, Any]:
    """Load a page of the accounts of an area."""
    text = visit.query("text").strip()
    asked = visit.at("office", "open", "cursor", "after")
    answer = await visit.get("/api/registers/accounts", limit=PAGE, text=text, **asked)
    ident = visit.query("office") or visit.me.office
    return {
        "items": await visit.with_offices(list(answer.get("items", ()))),
        "next": answer.get("next"),
        "office": await visit.maybe(f"/api/offices/{ident}") if ident else {},
        "opens": _form(OPEN, office=ident, next="/accounts") if _may(visit, OPEN) else "",
    }


def _may(visit: Visit, name: str) -> bool:
    return may_send(wishes()[name], visit.me.roles)


def _form(name: str, **given: object) -> str:
    """Return the address of a command's form with fields filled in."""
    query = {k: str(v) for k, v in given.items() if v not in (None, "")}
    return f"/do/{name}?{urlencode(query)}"


async def load_one(visit: Visit) -> dict[str, Any]:
    """Load one account: what it holds, what waits, and what is next."""
    ident = str(visit.request.path_params["id"])
    acts_for = giver_sent(visit.me)
    account = await visit.get(f"/api/accounts/{ident}", for_=acts_for, **visit.at("after"))
    account = (await visit.with_offices([account]))[0]
    visit.names |= account.get("names") or {}
    await visit.learn_offices(
        {a for r in (*account["roles"], *account["proposed"]) for a in r["areas"]}
    )
    await name_all(visit, account)
    about = {
        "user": ident, "next": f"/accounts/{ident}", "stream": f"user-{ident}",
        "version": account.get("version"),
    }  # fmt: skip
    closed = account.get("closed") is not None
    return {
        "account": account,
        "links": {} if closed else _links(visit, account, about),
        "step": "" if closed else _step(account),
        "titles": {n: visit.title(c) for n, c in wishes().items()},
        "revoke": _form(REVOKE, **about) if _may(visit, REVOKE) else "",
        "approve": _form(APPROVE, **about) if _may(visit, APPROVE) else "",
        "end": _form(END, **about) if _may(visit, END) else "",
        "sets_password": "operator" in visit.me.roles and not closed,
        "shortest": SHORTEST_PASSWORD,
    }


def _links(visit: Visit, account: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, str]:
    """Return what may be done about an account by the roles one acts in: command → form."""
    own = visit.me.office == account.get("office")
    mine = visit.me.me.get("user") == account.get("id")
    offered = {
        PROPOSE: True,
        DELEGATE: own and bool(account.get("roles")),
        LEAVE: own or mine,
        CLOSE: True,
    }
    return {n: _form(n, **about) for n, fits in offered.items() if fits and _may(visit, n)}


def _step(account: Mapping[str, Any]) -> str:
    """Name what an account needs next: a role proposed, given, or nothing."""
    if account.get("proposed"):
        return "approve"
    return "" if account.get("roles") else "propose"


async def set_password(visit: Visit) -> Response:
    """Let the operator set the password of an account's login; nothing keeps it but its hash."""
    ident = str(visit.request.path_params["id"])
    _, own = await read_form(visit.request)
    password = first(own, "_password")
    problem: dict[str, Any] | None = None
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        return RedirectResponse(f"/accounts/{ident}", 303)
    account = await visit.get(f"/api/accounts/{ident}")
    if len(password) < SHORTEST_PASSWORD:
        problem = dict.fromkeys(("zh", "en"), visit.t("accounts.short", n=SHORTEST_PASSWORD))
    else:
        try:
            await visit.site.apis.set_password(visit.me.token, str(account["login"]), password)
        except Refused as refused:
            if refused.status == 401:
                raise
            problem = await helped(visit, refused.problem)
    values = await load_one(visit)
    done = problem is None
    return visit.page("account.html", 200 if done else 422, **values, problem=problem, set=done)
