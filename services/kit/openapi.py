"""The OpenAPI 3.1 document of the write side, made from the command classes."""

from __future__ import annotations

from typing import Any

from services.kit.faces import Commands
from services.kit.signing import Exchange, Renewal, SignIn

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "zh", "en", "next_zh", "next_en"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "clause": {"type": "string"},
        "zh": {"type": "string"},
        "en": {"type": "string"},
        "next_zh": {"type": "string"},
        "next_en": {"type": "string"},
        "data": {"type": "object"},
    },
}
ACCEPTED = {
    "type": "object",
    "required": ["command_id", "events", "after"],
    "properties": {
        "command_id": {"type": "string", "format": "uuid"},
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "event_id", "stream", "version"],
                "properties": {
                    "type": {"type": "string"},
                    "event_id": {"type": "string", "format": "uuid"},
                    "stream": {"type": "string"},
                    "version": {"type": "integer"},
                },
            },
        },
        "after": {"type": "string", "description": "Token a query waits for (`after=`)."},
    },
}
REFUSALS = {
    "400": "Malformed, or an id is missing",
    "401": "Not signed in",
    "403": "Outside role or jurisdiction",
    "404": "Unknown command or record",
    "405": "Another method",
    "409": "Somebody acted meanwhile: who, what, when",
    "413": "Too large",
    "422": "Refused by a rule, with its clause",
    "429": "Too many",
    "503": "Log or keys unavailable; try again under the same id",
}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": text, "content": content} for code, text in REFUSALS.items()}


def _ok(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"200": {"description": "Done and durable", "content": {media: {"schema": schema}}}}


def _body(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"required": True, "content": {media: {"schema": schema}}}


def _operation(summary: str, zh: str, request: Any, answer: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    out = {
        "summary": summary,
        "description": zh,
        "responses": answer | _refusals(),
        "security": [{"token": []}],
    }
    return {"post": out | ({"requestBody": request} if request else {})}


def document(commands: Commands) -> dict[str, Any]:
    """Return the OpenAPI document."""
    schemas: dict[str, Any] = {"Problem": PROBLEM, "Accepted": ACCEPTED}
    paths: dict[str, Any] = {}
    for name, cls in sorted(commands.classes.items()):
        schema = commands.schema(name)
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
        operation = _operation(
            cls.en,
            f"{cls.zh} ({', '.join(cls.requirements)})",
            _body({"$ref": f"#/components/schemas/{name}"}),
            _ok({"$ref": "#/components/schemas/Accepted"}),
        )
        operation["post"]["operationId"] = name
        operation["post"]["parameters"] = [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "The command's id; the same id is answered the same for ever.",
                "schema": {"type": "string", "format": "uuid"},
            },
            {
                "name": "If-Match",
                "in": "header",
                "required": False,
                "description": "The version the form was shown.",
                "schema": {"type": "string", "pattern": "^[0-9]{1,9}$"},
            },
            {
                "name": "X-Acting-Role",
                "in": "header",
                "required": False,
                "description": "The one of one's roles to act in; all of them when absent.",
                "schema": {"type": "string", "pattern": "^[a-z_]{1,60}$"},
            },
        ]
        paths[f"/api/commands/{name}"] = operation
    paths |= _others()
    return {
        "openapi": "3.1.0",
        "info": {"title": "bangfu commands", "version": "1.0.0"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _others() -> dict[str, Any]:
    sign_in = _body(SignIn.model_json_schema())
    token = _operation("Sign in", "登录", sign_in, _ok({"type": "object"}))
    token["post"]["security"] = []
    exchanged = _operation(
        "Sign in with a token of the configured OpenID Connect issuer",
        "用统一身份认证的凭证登录",
        _body(Exchange.model_json_schema()),
        _ok({"type": "object"}),
    )
    exchanged["post"]["security"] = []
    renewal = _body(Renewal.model_json_schema()) | {"required": False}
    line = {
        "type": "string",
        "description": "One JSON object a line: id, type, data, expected?, lane?",
    }
    bulk = _operation(
        "Many commands, answered line by line",
        "批量命令，逐行答复",
        _body(line, "application/x-ndjson"),
        _ok({"type": "string"}, "application/x-ndjson"),
    )
    bulk["get"] = {
        "summary": "All commands with their roles and rules",
        "responses": _ok({"type": "object"}) | _refusals(),
        "security": [{"token": []}],
    }
    return {
        "/api/token": token,
        "/api/token/exchange": exchanged,
        "/api/token/renew": _operation(
            "The next token of a session", "延续登录", renewal, _ok({"type": "object"})
        ),
        "/api/token/end": _operation("Sign out", "退出登录", None, _ok({"type": "object"})),
        "/api/commands": bulk,
    }
