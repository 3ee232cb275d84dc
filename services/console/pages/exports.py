"""导出: ask for one, follow it, sign for another's, fetch the file (X15, P19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response, StreamingResponse

from services.console.acting import giver_sent
from services.console.apis import Refused
from services.console.helping import helped
from services.console.offers import may_send
from services.console.site import Visit
from services.console.typed import first, read_form
from services.console.wishes import wishes
from services.kit.exports import FORMATS, LISTS, Kind

PAGE = 50
ASK, APPROVE, REJECT = (
    "registry.request_export", "registry.approve_export", "registry.reject_export",
)  # fmt: skip
KINDS: tuple[str, ...] = tuple(LISTS)
"""What may be exported; the word stands in the request's query."""
LONGEST = 2_000
"""Characters of a reason."""
WORDS = frozenset({"kind", "office", "masked", "format", "reason", "columns"})
"""Parts of a request that have words of their own."""
KEPT_HEADERS = ("content-type", "content-length", "content-disposition")


@dataclass(slots=True)
class Asked:
    """The form of a request: what was typed, what is wrong."""

    typed: dict[str, str]
    columns: list[str]
    command_id: str
    errors: dict[str, str] = field(default_factory=dict)
    problem: dict[str, Any] | None = None
    status: int = 200


async def load_list(visit: Visit) -> dict[str, Any]:
    """Load a page of the area's exports."""
    asked = visit.at("office", "waiting", "cursor", "after")
    answer = await visit.get("/api/exports", limit=PAGE, for_=giver_sent(visit.me), **asked)
    return {
        "items": list(answer.get("items", ())),
        "next": answer.get("next"),
        "kinds": KINDS,
        "may_ask": may_send(wishes()[ASK], visit.me.roles),
    }


async def load_one(visit: Visit) -> dict[str, Any]:
    """Load one export with what is next and who does it."""
    ident = str(visit.request.path_params["id"])
    acts_for = giver_sent(visit.me)
    export = await visit.get(f"/api/exports/{ident}", for_=acts_for, **visit.at("after"))
    query = export.get("query")
    if isinstance(query, dict) and query.get("office"):
        await visit.learn_offices([str(query["office"])])
    about = {
        "export": ident, "request": export.get("request"), "next": f"/exports/{ident}",
        "stream": f"export-{ident}", "version": export.get("version"),
    }  # fmt: skip
    asked = urlencode({k: v for k, v in about.items() if v is not None})
    return {
        "export": export,
        "kinds": KINDS,
        "words": WORDS,
        "columns": _titles(visit, query.get("kind") if isinstance(query, dict) else ""),
        "approve": f"/do/{APPROVE}?{asked}",
        "reject": f"/do/{REJECT}?{asked}",
    }


def _titles(visit: Visit, kind: object) -> dict[str, str]:
    """Return the titles of a list's columns by name."""
    columns = LISTS[_kind(str(kind))].columns
    return {c.name: visit.title(c) for c in columns}


async def new(visit: Visit) -> Response:
    """Show the form of a request."""
    typed = {"kind": _kind(visit.query("kind")), "office": visit.query("office") or visit.me.office}
    return await _ask(visit, Asked(typed, [], str(visit.site.config.ids.new())))


async def _ask(visit: Visit, asked: Asked) -> Response:
    office = await visit.maybe(f"/api/offices/{visit.me.office}") if visit.me.office else {}
    rows = [o for o in (office, *office.get("children", ())) if o.get("office")]
    return visit.page(
        "export_new.html", asked.status, typed=asked.typed, errors=asked.errors,
        problem=asked.problem, command_id=asked.command_id, kinds=KINDS, formats=FORMATS,
        offices=[(o["office"], o["name"]) for o in rows], chosen=asked.columns,
        columns=LISTS[_kind(asked.typed["kind"])].columns,
    )  # fmt: skip


async def send(visit: Visit) -> Response:
    """Take a request: show what is wrong, or send it and go to the export's own page."""
    typed, own = await read_form(visit.request)
    told = {n: first(typed, n) for n in ("kind", "office", "masked", "format", "reason")}
    columns = typed.get("columns", [])
    asked = Asked(told, columns, first(own, "_command_id") or str(visit.site.config.ids.new()))
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        asked.status, asked.problem = 403, dict.fromkeys(("zh", "en"), visit.t("errors.csrf"))
        return await _ask(visit, asked)
    if not told["reason"].strip():
        asked.status, asked.errors = 422, {"reason": visit.t("exports.why_missing")}
        return await _ask(visit, asked)
    try:
        answer = await visit.send(ASK, asked.command_id, body_of(told, columns))
    except Refused as refused:
        if refused.status == 401:
            raise
        asked.status = refused.status
        asked.problem = await helped(visit, refused.problem, wishes()[ASK])
        return await _ask(visit, asked)
    ident = str(answer["events"][0]["stream"]).removeprefix("export-")
    after = urlencode({"after": answer.get("after", "")})
    return RedirectResponse(f"/exports/{ident}?{after}", 303)


def _kind(text: str) -> Kind:
    """Return the list that is named, else the first."""
    return next((kind for kind in LISTS if kind == text), next(iter(LISTS)))


def body_of(told: dict[str, str], columns: list[str]) -> dict[str, Any]:
    """Return the command that a form wishes; all columns where it ticks none, or every one."""
    kind = _kind(told["kind"])
    known = [c.name for c in LISTS[kind].columns]
    chosen = [n for n in known if n in columns]
    some = {"columns": chosen} if chosen and len(chosen) < len(known) else {}
    return {
        "query": {"kind": kind, "office": told["office"], **some},
        "masked": told["masked"] != "false",
        "reason": told["reason"].strip()[:LONGEST],
        "format": told["format"] if told["format"] in FORMATS else FORMATS[0],
    }


async def file(visit: Visit) -> Response:
    """Pass the file on as it comes, as a download. Raises Refused: waiting, another's, expired."""
    ident = str(visit.request.path_params["id"])
    answer = await visit.site.apis.download(visit.me.token, f"/api/exports/{ident}/file")
    headers = {n: answer.headers[n] for n in KEPT_HEADERS if n in answer.headers}
    headers.setdefault("content-disposition", f'attachment; filename="export-{ident}"')
    return StreamingResponse(
        answer.aiter_bytes(), headers=headers, background=BackgroundTask(answer.aclose)
    )
