"""校验 (P18): have the whole log checked, follow it, break it off, see what was found."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.responses import RedirectResponse, Response

from services.console.apis import Refused
from services.console.site import Visit
from services.console.texts import TEXTS
from services.console.texts_checks import DETAILS
from services.console.typed import first, read_form

PATH = "/audit/verify"
ASK, CANCEL = "registry.request_check", "registry.cancel_check"
PAGE = 20


async def load_list(visit: Visit) -> dict[str, Any]:
    """Load a page of checks, newest first, and the one that runs."""
    answer = await visit.get("/api/checks", limit=PAGE, **visit.at("cursor", "after"))
    items = list(answer.get("items", ()))
    running = next((c for c in items if c["state"] == "running"), None)
    return {
        "items": [_shown(visit, c) for c in items],
        "next": answer.get("next"),
        "running": running,
        "command_id": str(visit.site.config.ids.new()),
    }


async def load_one(visit: Visit) -> dict[str, Any]:
    """Load one check: how far it is, or what it came to."""
    check = await visit.get(f"/api/checks/{_ident(visit)}", **visit.at("after"))
    running = check["state"] == "running"
    return {
        "check": _shown(visit, check),
        "progress": await _progress(visit) if running else None,
        "command_id": str(visit.site.config.ids.new()),
    }


async def _progress(visit: Visit) -> dict[str, Any] | None:
    """Return how far a check is; None where it ended a moment ago."""
    try:
        return await visit.site.apis.progress(visit.me.token, f"/api/checks/{_ident(visit)}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return None


def _ident(visit: Visit) -> str:
    return str(visit.request.path_params["id"])


def _shown(visit: Visit, check: dict[str, Any]) -> dict[str, Any]:
    """Return a check with its findings, and what stopped it, in words."""
    result = check.get("result") or {}
    findings = [
        f | {"said": _said(visit, "code", f["code"]), "detail": _detail(visit, f)}
        for f in result.get("findings", ())
    ]
    why = _said(visit, "why", result["why"]) if result.get("why") else ""
    return check | {"findings": findings, "why": why}


def _detail(visit: Visit, finding: dict[str, Any]) -> str:
    """Return the detail of a finding, in words where it names a range or two sizes."""
    detail, code = str(finding.get("detail") or ""), finding["code"]
    numbers = re.findall(r"\d+", detail)
    if code not in DETAILS or len(numbers) != 2:
        return detail
    return visit.t(f"check_detail.{code}", first=numbers[0], last=numbers[1])


def _said(visit: Visit, kind: str, code: str) -> str:
    """Return the words of a code; the code itself where a later version has a new one."""
    key = f"check_{kind}.{code}"
    return visit.t(key) if key in TEXTS else code


async def start(visit: Visit) -> Response:
    """Ask for a check and go to it; where one runs already, go to that one."""
    answer = await _sent(visit, ASK, {})
    if answer is None:
        return RedirectResponse(PATH, 303)
    after = answer.get("after", "")
    for event in answer.get("events", ()):
        ident = str(event["stream"]).removeprefix("check-")
        return RedirectResponse(f"{PATH}/{ident}?{urlencode({'after': after})}", 303)
    listed = (await visit.get("/api/checks", limit=1)).get("items", ())
    running = [c["id"] for c in listed if c["state"] == "running"]
    return RedirectResponse("/".join([PATH, *running]), 303)


async def cancel(visit: Visit) -> Response:
    """Break a check off."""
    answer = await _sent(visit, CANCEL, {"check": _ident(visit)}) or {}
    after = urlencode({"after": answer.get("after", "")})
    return RedirectResponse(f"{PATH}/{_ident(visit)}?{after}", 303)


async def _sent(visit: Visit, name: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Send a command of a form of this session; nothing is sent for a foreign one."""
    _, own = await read_form(visit.request)
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        return None
    ident = first(own, "_command_id") or str(visit.site.config.ids.new())
    return await visit.send(name, ident, body)


async def report(visit: Visit) -> Response:
    """Hand a check over as a file: who asked, when, and the whole result."""
    check = await visit.get(f"/api/checks/{_ident(visit)}")
    name = f'attachment; filename="check-{_ident(visit)}.json"'
    headers = {"content-disposition": name, "cache-control": "no-store"}
    content = orjson.dumps(check, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    return Response(content, headers=headers, media_type="application/json")
