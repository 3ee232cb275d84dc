"""The form of any command, made from its class, and what follows: done, refused, conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from services.console import choices, dates, whom
from services.console.apis import Refused
from services.console.bodies import told_proposal
from services.console.fields import Drawing, draw
from services.console.forms import Typed, place_errors, prefilled, read, tidy
from services.console.helping import helped
from services.console.naming import name_all
from services.console.shapes import shapes
from services.console.site import Visit
from services.console.typed import first, read_form
from services.console.wishes import wishes
from services.kit.decider import Command

NO_COMMAND = {
    "code": "not_found", "zh": "没有这个事项。", "en": "There is no such act.",
    "next_zh": "请从个人档案或办理事项进入。", "next_en": "Go through a person's page or the acts.",
}  # fmt: skip
CONTEXT = ("stream", "version", "next", "about")
"""What the address of a form says beside its fields; `about` is the person."""
_EVENT = re.compile(r"/events/(\d{1,15})")


@dataclass(slots=True)
class Form:
    """A form as it is shown: what it is for, what was typed, what is wrong."""

    command: type[Command]
    typed: Typed
    fixed: frozenset[str]
    context: dict[str, str]
    command_id: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    problem: Mapping[str, Any] | None = None
    extra: dict[str, int] = field(default_factory=dict)
    find: str = ""
    """Name, initials or number by which a person was looked for."""
    status: int = 200


def wanted(name: str) -> type[Command]:
    """Return the class of a command. Raises Refused (404)."""
    found = wishes().get(name)
    if found is None:
        raise Refused(404, NO_COMMAND)
    return found


def _new(visit: Visit, command: type[Command], query: Mapping[str, str]) -> Form:
    typed = prefilled(command, query)
    context = {name: query.get(name, "") for name in CONTEXT}
    context["about"] = context["about"] or query.get("person", "")
    return Form(command, typed, frozenset(typed), context, str(visit.site.config.ids.new()))


async def show(visit: Visit) -> Response:
    """Answer an empty form, with what the address tells filled in."""
    command = wanted(visit.request.path_params["command"])
    form = _new(visit, command, visit.request.query_params)
    form.typed |= await dates.proposed(visit, command, form.fixed)
    return await _answer(visit, form)


async def show_again(visit: Visit, to: str, typed: Typed) -> Response:
    """Answer a form with what was typed before the session ended."""
    parts = urlsplit(to)
    command = wanted(parts.path.rsplit("/", 1)[-1])
    form = _new(visit, command, dict(parse_qsl(parts.query)))
    form.typed = form.typed | typed
    return await _answer(visit, form)


async def _answer(visit: Visit, form: Form) -> Response:
    about = form.context["about"]
    given = {n: form.typed[n][0] for n in form.fixed | {"case"} if form.typed.get(n)}
    offered = await choices.offered(visit, form.command, about, given)
    asks = whom.asks(form.command, form.fixed)
    if asks:
        offered["person"] = await whom.offered(visit, form.command, form.typed, about, form.find)
    drawing = Drawing(
        typed=form.typed,
        errors=form.errors,
        choices=offered,
        fixed=form.fixed,
        lang=visit.lang,
        extra=form.extra,
    )
    own, envelope = draw(form.command, drawing)
    person = await visit.maybe_person(about) if about else {}
    event = await _correcting(visit, form)
    proposal = told_proposal(visit, event)
    return visit.page(
        "form.html", form.status, form=form, fields=own, envelope=envelope, person=person,
        asks=asks, proposed=proposal,
        title=visit.title(form.command),
        action=_action(form),
    )  # fmt: skip


async def _correcting(visit: Visit, form: Form) -> dict[str, Any]:
    """Return the proposal of a correction that a form decides; the form goes back to its page."""
    there = _EVENT.fullmatch(form.context["next"])
    if there is None or not form.command.type.endswith("_correction"):
        return {}
    return await visit.maybe(f"/api/events/{there[1]}")


def _action(form: Form) -> str:
    """Return the address that the form is sent to; it keeps what the page was opened with."""
    kept = {k: v for k, v in form.context.items() if v} | {
        name: form.typed[name][-1] for name in sorted(form.fixed) if form.typed.get(name)
    }
    path = f"/do/{form.command.type}"
    return f"{path}?{urlencode(kept)}" if kept else path


async def send(visit: Visit) -> Response:
    """Take a form: add a row, show what is wrong, or send the command and say what happened."""
    command = wanted(visit.request.path_params["command"])
    typed, own = await read_form(visit.request)
    form = _new(visit, command, visit.request.query_params)
    form.typed = tidy(shapes(command), form.typed | typed)
    form.command_id = first(own, "_command_id", form.command_id)
    form.context["version"] = first(own, "_version", form.context["version"])
    form.find = first(own, "_find")
    if first(own, "_look") or form.find != first(own, "_found"):
        return await _answer(visit, form)
    if row := first(own, "_add"):
        form.extra = {row: 1}
        return await _answer(visit, form)
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        form.status, form.errors = 403, {"": [visit.t("errors.csrf")]}
        return await _answer(visit, form)
    return await _send(visit, form)


async def _send(visit: Visit, form: Form) -> Response:
    wish = read(form.command, form.typed, visit.lang)
    if not wish.ok:
        form.status, form.errors = 422, wish.errors
        return await _answer(visit, form)
    try:
        answer = await visit.send(
            form.command.type, form.command_id, wish.body, form.context["version"]
        )
    except Refused as refused:
        if refused.status == 401:
            raise
        await name_all(visit, refused.problem.get("data") or {})
        about = form.context["about"]
        refused.problem = await helped(visit, refused.problem, form.command, about)
        return await _answer(visit, refuse(visit, form, refused))
    return RedirectResponse(done(form, answer), 303)


def refuse(visit: Visit, form: Form, refused: Refused) -> Form:
    """Put a refusal into the form: its words, its fields, a newer version where there is one."""
    form.status, form.problem = refused.status, refused.problem
    data = refused.problem.get("data") or {}
    if refused.code == "malformed":
        rows = [
            (str(f["field"]), str(f.get("problem", "")), str(f.get("en", "")))
            for f in data.get("fields", ())
            if isinstance(f, dict)
        ]
        form.errors = place_errors(form.command, rows, visit.lang)
    if refused.code == "version_conflict":
        form.context["version"] = str(data.get("actual", ""))
        form.command_id = str(visit.site.config.ids.new())
    return form


def done(form: Form, answer: Mapping[str, Any]) -> str:
    """Return the address of the page that says what happened."""
    events = answer.get("events") or []
    made = next((e["stream"] for e in events if e["stream"].startswith("person-")), "")
    about = form.context["about"] or made.removeprefix("person-")
    opened = next((e["stream"] for e in events if e["stream"].startswith("user-")), "")
    onward = form.context["next"]
    if onward == "/accounts" and opened:
        onward = f"/accounts/{opened.removeprefix('user-')}"
    query = {
        "events": ",".join(f"{e['type']}@{e['stream']}@{e['version']}" for e in events),
        "after": answer.get("after", ""),
        "about": about,
        "next": onward,
    }
    return f"/done/{form.command.type}?{urlencode({k: v for k, v in query.items() if v})}"
