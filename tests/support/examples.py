"""A fixed, complete example body of any event or command, made from its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from events.contracts.base import Ref
from events.contracts.catalogue import ALL
from events.contracts.classes import marks
from services.kit.decider import Command

UUID = "01890a5d-ac96-774b-bcce-b302099a8057"
OF = "registry.dibao_recorded.v1"
BY_PATTERN = (
    (r"\.v[0-9]+", OF),
    ("[0-9]{6}-[0-9]{4}", "140105-2008-000001"),
    ("[0-9+() -]", "0351-7000000"),
    ("[0-9A-Z-]{5", "91140105MA0ABC123X"),
    (r"\.", "certification.notice_days"),
    ("[0-9a-f]{8}(-", UUID),
    ("[0-9a-f]{8}-", UUID),
    ("[0-9]{12}", "140105001001"),
    ("[0-9a-f]{64}", "ab" * 32),
    ("Q[1-4]", "2009-03"),
    ("[0-9]{2,12}", "140105"),
    ("[a-z0-9_]", "other"),
)
BY_FORMAT = {"date": "2008-06-16", "date-time": "2008-06-16T02:00:00Z", "uuid": UUID}
BOX = {"k": UUID, "a": "A256GCM", "n": "bm9uY2Vub25jZQ==", "c": "c2VhbGVk"}


def example(model: type[BaseModel], *, sealed: bool = True) -> dict[str, Any]:
    """Return an example body; sealed fields hold a sealed value, or a clear one if not `sealed`."""
    schema = model.model_json_schema(by_alias=True)
    made: dict[str, Any] = _value(schema, schema.get("$defs", {}), sealed=sealed)
    return made


def naming(command: type[Command], known: Mapping[str, str]) -> tuple[dict[str, Any], set[str]]:
    """Return a body of a command that names what is known by kind, and the kinds it names."""
    body, kinds = example(command, sealed=False), set[str]()
    for name in ("occurred_at", "reported_at", "on_behalf_of"):
        body.pop(name, None)
    for name, info in command.model_fields.items():
        for mark in marks(info):
            if isinstance(mark, Ref) and mark.kind in known and isinstance(body.get(name), str):
                body[name] = known[mark.kind]
                kinds.add(mark.kind)
    return body, kinds


def _value(node: dict[str, Any], defs: dict[str, Any], *, sealed: bool) -> Any:  # noqa: ANN401
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        return dict(BOX) if name == "SealedValue" else _value(defs[name], defs, sealed=sealed)
    if "anyOf" in node:
        options = [o for o in node["anyOf"] if o.get("type") != "null"]
        boxes = [o for o in options if str(o.get("$ref", "")).endswith("/SealedValue")]
        chosen = boxes[0] if boxes and sealed else next(o for o in options if o not in boxes)
        return _value(chosen, defs, sealed=sealed)
    if "enum" in node:
        return node["enum"][0]
    if "const" in node:
        return node["const"]
    if "x-body-of" in node:
        return example(ALL.classes[OF], sealed=sealed)
    match node.get("type"):
        case "object":
            properties = node.get("properties", {})
            return {k: _value(v, defs, sealed=sealed) for k, v in properties.items()}
        case "array":
            return [_value(node.get("items", {}), defs, sealed=sealed)]
        case "integer":
            return max(1, node.get("minimum", 1))
        case "number":
            return 1.5
        case "boolean":
            return True
        case _:
            return _text(node)


def _text(node: dict[str, Any]) -> str:
    if "format" in node:
        return BY_FORMAT[node["format"]]
    pattern = node.get("pattern", "")
    return next((text for part, text in BY_PATTERN if part in pattern), "示例")
