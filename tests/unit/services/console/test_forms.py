"""Every command has a form, made from its class alone, that reads back what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from services.console import codes, forms
from services.console.fields import Drawing, Field, draw
from services.console.forms import Typed
from services.console.shapes import ENVELOPE, Shape, shapes
from services.console.wishes import wishes
from services.kit.decider import Command

ID = "01900000-0000-7000-8000-000000000001"
WORDS = {
    "code": "140105", "division": "140105", "work_division": "140105", "destination": "140105",
    "unified_code": "91140100MA0", "office_phone": "0351-7012345",
    "key": "certification.county_days", "year": "2009", "period": "2009", "rows": "1",
}  # fmt: skip
EVERY = sorted(wishes().values(), key=lambda c: c.type)


def _text(shape: Shape) -> str:
    match shape.kind:
        case "ref":
            return "140105001001" if shape.ref == "office" else ID
        case "choice" | "many":
            return shape.options[0]
        case "date":
            return "2009-03-02"
        case "instant":
            return "2009-03-02T09:30"
        case "bool":
            return "true"
        case "int" | "money":
            return "2009" if shape.name == "year" else "18"
        case "file":
            return "a" * 64
        case "json":
            return '{"a": 1}'
        case _:
            return WORDS.get(shape.name, "some_text")


def typed_in(parts: Iterable[Shape], prefix: str = "") -> Typed:
    """Fill in every field of a form."""
    out: Typed = {}
    for shape in parts:
        name = f"{prefix}{shape.name}"
        if shape.kind == "body":
            out |= typed_in(shape.parts, f"{name}.")
        elif shape.kind == "rows":
            out |= typed_in(shape.parts[0].parts, f"{name}.0.")
        elif shape.kind == "lines":
            out[name] = [_text(shape.parts[0])]
        else:
            out[name] = [_text(shape)]
    return out


def names_of(fields: Iterable[Field]) -> set[str]:
    """Collect the names of all inputs."""
    found = set()
    for field in fields:
        inner = [*field.parts, *(f for row in field.rows for f in row)]
        found |= names_of(inner) if inner else {field.name}
    return found


def flat(value: Any, name: str = "") -> set[tuple[str, str]]:  # noqa: ANN401
    """Flatten a body into (dotted name, text)."""
    if isinstance(value, dict):
        return {p for k, v in value.items() for p in flat(v, f"{name}.{k}" if name else k)}
    if isinstance(value, list):
        return {p for v in value for p in flat(v, name)}
    return {(name, str(value))}


@pytest.mark.parametrize("command", EVERY, ids=lambda c: c.type)
def test_every_command_draws_each_of_its_fields_with_words(command: type[Command]) -> None:
    typed = typed_in(shapes(command))
    drawing = Drawing(typed, {}, {}, frozenset(), "zh", {})
    own, envelope = draw(command, drawing)
    assert names_of([*own, *envelope]) == set(typed)
    assert all(f.label and f.label != f.name for f in [*own, *envelope])


@pytest.mark.parametrize("command", EVERY, ids=lambda c: c.type)
def test_every_command_reads_back_all_that_was_typed(command: type[Command]) -> None:
    typed = typed_in(shapes(command))
    body = forms.read(command, typed).body
    names = {(forms._plain(n), *v) for n, v in typed.items()}  # noqa: SLF001
    told = {(n, v.removesuffix(":00+08:00")) for n, v in flat(body)}
    assert {n for n, _ in told if "{" not in n} >= {n for n, v in names if not v.startswith("{")}


@pytest.mark.parametrize("command", EVERY, ids=lambda c: c.type)
def test_every_form_filled_in_whole_is_a_valid_command(command: type[Command]) -> None:
    wish = forms.read(command, typed_in(shapes(command)))
    assert wish.errors == {}


@pytest.mark.parametrize("command", EVERY, ids=lambda c: c.type)
def test_every_required_field_is_named_when_it_is_missing(command: type[Command]) -> None:
    missing = {
        s.name for s in shapes(command) if s.required and s.kind not in {"many", "rows", "lines"}
    }
    named = {name.split(".", 1)[0] for name in forms.read(command, {}).errors}
    assert missing <= named


@pytest.mark.parametrize("command", EVERY, ids=lambda c: c.type)
def test_every_choice_has_words(command: type[Command]) -> None:
    def options(parts: Iterable[Shape]) -> Iterable[str]:
        for shape in parts:
            yield from shape.options
            yield from options(shape.parts)

    assert [o for o in options(shapes(command)) if not codes.is_known(o)] == []


def test_a_blank_row_is_dropped_and_the_others_close_up() -> None:
    command = wishes()["registry.record_skills"]
    typed = {"skills.0.occupation": [""], "skills.2.occupation": ["cooking"]}
    assert forms.tidy(shapes(command), typed) == {"skills.0.occupation": ["cooking"]}


def test_the_day_of_the_fact_is_read_as_beijing_time() -> None:
    command = wishes()["registry.end_dibao"]
    wish = forms.read(command, {"occurred_at": ["2009-03-02T09:30"]})
    assert wish.body["occurred_at"] == "2009-03-02T09:30:00+08:00"
    assert "occurred_at" not in wish.errors


def test_an_address_fills_in_ids_but_never_who_acts_or_when() -> None:
    command = wishes()["registry.end_dibao"]
    given = {"person": ID, "occurred_at": "2009-03-02T09:30", "on_behalf_of": ID, "x": "1"}
    assert forms.prefilled(command, given) == {"person": [ID]}
    assert set(ENVELOPE) >= {"occurred_at", "on_behalf_of"}


def test_a_kept_hash_stands_for_a_file_chosen_before() -> None:
    command = wishes()["registry.end_dibao"]
    wish = forms.read(command, {"proof.sha256~": ["b" * 64]})
    assert wish.body["proof"] == {"sha256": "b" * 64}
