"""更正 (X2): the fields of a recorded fact as a form, and the proposal that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.responses import RedirectResponse, Response

from events.contracts.base import Event
from events.contracts.catalogue import ALL
from events.contracts.correctable import Fact
from services.console.apis import Refused
from services.console.corrected import fact_rule
from services.console.fields import Drawing, Field, drawn
from services.console.fieldwords import titled
from services.console.forms import Typed, parts_of, read
from services.console.helping import helped
from services.console.pages.command import NO_COMMAND, Form, done
from services.console.refill import local, refilled
from services.console.shapes import Shape, shapes
from services.console.site import Visit
from services.console.typed import first, read_form
from services.console.veiled import missing, unveiled
from services.console.wishes import wishes
from services.kit.decider import Command

NOW: Final = "now."
"""Begins the names of the inputs that hold what the fact should say."""
_SENT = ("happened_at", "reason", "text", "evidence")


@dataclass(slots=True)
class Correct:
    """A form of correction: the event, the fields that may change, what was typed."""

    event: dict[str, Any]
    rule: Fact
    command: type[Command]
    parts: tuple[Shape, ...]
    shown: Typed
    """The fact as the form first showed it."""
    veils: dict[str, str]
    """What stands in for a value that is not shown whole, by the input that is left empty."""
    typed: Typed
    command_id: str
    void: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    problem: dict[str, Any] | None = None
    status: int = 200


async def show(visit: Visit) -> Response:
    """Answer the form, with the fact as it says today."""
    return _page(visit, await _load(visit))


async def send(visit: Visit) -> Response:
    """Take the form: propose what was changed, or that the fact is void."""
    form = await _load(visit)
    typed, own = await read_form(visit.request)
    form.typed, form.void = typed, first(own, "_how") == "void"
    form.command_id = first(own, "_command_id", form.command_id)
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        form.status, form.errors = 403, {"": [visit.t("errors.csrf")]}
        return _page(visit, form)
    wish = read(form.command, _wish(form), visit.lang)
    gaps = {name: [visit.t("correct.gap")] for name in _gaps(form)}
    if gaps or not wish.ok:
        form.status, form.errors = 422, gaps | wish.errors
        return _page(visit, form)
    try:
        answer = await visit.send(form.command.type, form.command_id, wish.body)
    except Refused as refused:
        if refused.status == 401:
            raise
        form.status = refused.status
        form.problem = await helped(visit, refused.problem, form.command)
        return _page(visit, form)
    person = str(form.event.get("person") or "")
    context = {"about": person, "next": f"/events/{form.event['seq']}"}
    sent = Form(form.command, {}, frozenset(), context, form.command_id)
    return RedirectResponse(done(sent, answer), 303)


async def _load(visit: Visit) -> Correct:
    seq = visit.request.path_params["seq"]
    event = await visit.get(f"/api/events/{seq}")
    rule = fact_rule(event)
    context = str(event["type"]).partition(".")[0]
    command = wishes().get(f"{context}.propose_correction")
    if rule is None or command is None:
        raise Refused(404, NO_COMMAND)
    kind: type[Event] = ALL.classes[event["type"]]
    kept = {*rule.fixed, *rule.derived}
    parts = tuple(titled(s, kind.type, rule) for s in shapes(kind) if s.name not in kept)
    body, at = _today(event)
    inputs = (refilled(f"{NOW}{s.name}", body.get(s.name), s) for s in parts)
    shown, veils = unveiled({name: texts for part in inputs for name, texts in part.items()})
    if rule.day:
        shown["happened_at"] = [local(at)]
    ids = str(visit.site.config.ids.new())
    return Correct(event, rule, command, parts, shown, veils, dict(shown), ids)


def _today(event: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what a fact says by now: as recorded, or as last corrected."""
    said = [c["body"] for c in event.get("corrections") or () if "body" in c.get("body", {})]
    if said:
        return said[-1]["body"], str(said[-1].get("happened_at") or event["occurred_at"])
    return event.get("body") or {}, str(event["occurred_at"])


def _wish(form: Correct) -> Typed:
    """Return the command's own inputs: only what differs from what was shown."""
    sent: Typed = {k: v for k, v in form.typed.items() if k.partition(".")[0] in _SENT}
    sent |= {"stream": [form.event["stream"]], "corrects": [form.event["event_id"]]}
    if form.void or form.typed.get("happened_at") == form.shown.get("happened_at"):
        sent.pop("happened_at", None)
    if form.void:
        return sent
    return sent | {"replacement": [orjson.dumps(_changes(form)).decode()]}


def _changes(form: Correct) -> dict[str, Any]:
    """Return what the fact should say of each field that differs from what was shown."""
    old = parts_of(form.parts, NOW, form.shown)
    new = parts_of(form.parts, NOW, form.typed)
    names = dict.fromkeys([*old, *new])
    return {n: new.get(n) for n in names if old.get(n) != new.get(n)}


def _gaps(form: Correct) -> list[str]:
    """Name the inputs that a changed field needs whole, since it is replaced as a whole."""
    changed = () if form.void else tuple(f"{NOW}{name}." for name in _changes(form))
    return missing((name for name in form.veils if name.startswith(changed)), form.typed)


def _page(visit: Visit, form: Correct) -> Response:
    drawing = Drawing(
        typed=form.typed, errors=form.errors, choices={}, fixed=frozenset(),
        lang=visit.lang, extra={},
        hints={n: visit.t("correct.keep", value=veil) for n, veil in form.veils.items()},
    )  # fmt: skip
    own = [s for s in shapes(form.command) if s.name in _SENT]
    if not form.rule.day:
        own = [s for s in own if s.name != "happened_at"]
    fields: list[Field] = drawn(form.parts, NOW, drawing)
    return visit.page(
        "correct.html", form.status, form=form, event=form.event, fields=fields,
        why=drawn(own, "", drawing),
    )  # fmt: skip
