"""Every refusal as a problem document (RFC 9457): code, clause, both languages, next step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from events.log.outage import OUTAGE
from events.log.port import LogClosedError
from events.rules.time import in_text
from services.kit.decider import DomainError, Reason
from services.kit.handling import LOST_RACE, StaleError
from services.kit.keyring import KeysUnavailableError, SubjectShreddedError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")

MALFORMED = Reason(
    "malformed", "", "内容不符合格式。", "The content does not have the right form.",
    "请按字段提示改正后重新提交。", "Correct the fields named and send it again.", 400,
)  # fmt: skip
UNKNOWN_COMMAND = Reason(
    "unknown_command", "", "没有这个命令：{name}。", "There is no such command: {name}.",
    "请在 /api/commands 查看全部命令。", "See /api/commands for all commands.", 404,
)  # fmt: skip
NO_COMMAND_ID = Reason(
    "command_id_required", "", "缺少命令编号（Idempotency-Key，UUID）。",
    "The command id is missing (Idempotency-Key, a UUID).",
    "请为每个命令生成一个新的 UUID。", "Make a new UUID for each command.", 400,
)  # fmt: skip
TOO_LARGE = Reason(
    "too_large", "", "内容过大。", "The content is too large.",
    "单个命令不超过 1 MB，批量每行不超过 1 MB。", "Keep one command or line below 1 MB.", 413,
)  # fmt: skip
UNAUTHENTICATED = Reason(
    "unauthenticated", "", "尚未登录，或登录已过期。", "Not signed in, or the session has expired.",
    "请重新登录。", "Sign in again.", 401,
)  # fmt: skip
LOCKED = Reason(
    "account_locked", "", "密码多次错误，账号已锁定。",
    "Too many wrong passwords; the account is locked.",
    "请在 {seconds} 秒后再试，或联系系统管理员。",
    "Try again after {seconds} seconds, or ask the operator.", 429,
)  # fmt: skip
TOO_MANY = Reason(
    "too_many", "", "请求过于频繁。", "Too many requests.",
    "请在 {seconds} 秒后再试。", "Try again after {seconds} seconds.", 429,
)  # fmt: skip
WRONG_PASSWORD = Reason(
    "wrong_password", "", "账号或密码不正确。", "Login or password is wrong.",
    "请核对后重试。", "Check both and try again.", 401,
)  # fmt: skip
LOG_CLOSED = Reason(
    "log_unavailable", "", "事件日志暂时不可用，未写入任何内容。",
    "The event log is unavailable for the moment; nothing was written.",
    "请稍后用同一编号重试。", "Try again later under the same id.", 503,
)  # fmt: skip
KEYS_AWAY = Reason(
    "keys_unavailable", "", "个人信息密钥库暂时不可用：个人信息暂时不能写入或查看，未被删除。",
    "The key database is unavailable: personal data can be neither written nor shown for now; "
    "none was deleted.",
    "请稍后用同一编号重试。", "Try again later under the same id.", 503,
)  # fmt: skip
SHREDDED = Reason(
    "subject_shredded", "", "该人员的个人信息已依法销毁，不能再写入。",
    "This person's data was destroyed by law and cannot be written any more.",
    "如需重新办理，请重新登记。", "Register the person anew if needed.", 422,
)  # fmt: skip
BUSY = Reason(
    "busy", "", "系统正忙，请稍候。", "Busy; nothing was lost.",
    "请稍后用同一编号重试。", "Try again shortly under the same id.", 503,
)  # fmt: skip
INTERNAL = Reason(
    "internal", "", "系统内部错误，是否已写入尚不确定。",
    "An internal fault; whether it was written is not certain.",
    "请用同一编号重试，不会重复办理；如仍失败，请把关联号告诉管理员。",
    "Try again under the same id; if it fails again, give the operator the correlation id.", 500,
)  # fmt: skip

NO_METHOD = Reason(
    "method_not_allowed", "", "该地址不支持此方法。", "This address does not take that method.",
    "请查看 /openapi.json。", "See /openapi.json.", 405,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal ready to be answered."""

    status: int
    body: dict[str, Any]


def problem(reason: Reason, **data: Any) -> Problem:  # noqa: ANN401
    """Build a problem document; `data` fills the texts and is answered beside them."""
    words = {k: v for k, v in data.items() if isinstance(v, str | int)}
    words |= {k: ", ".join(v) for k, v in data.items() if _names(v)}
    zh, en = _fill(reason.zh, words), _fill(reason.en, words)
    body = {
        "type": f"urn:bangfu:problem:{reason.code}",
        "title": zh,
        "status": reason.status,
        "detail": en,
        "code": reason.code,
        "zh": zh,
        "en": en,
        "next_zh": _fill(reason.next_zh, words),
        "next_en": _fill(reason.next_en, words),
    }
    if reason.clause:
        body["clause"] = reason.clause
    if data:
        body["data"] = data
    return Problem(reason.status, body)


def headers(found: Problem) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers that go with a refusal."""
    if found.status in {429, 503}:
        seconds = found.body.get("data", {}).get("seconds", 2)
        return ((b"retry-after", str(seconds).encode()),)
    return ((b"www-authenticate", b"Bearer"),) if found.status == 401 else ()


def _names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _fill(text: str, words: dict[str, Any]) -> str:
    for name, value in words.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def of(error: Exception) -> Problem:
    """Map an error to its problem document; anything unknown is a 500 without its text."""
    match error:
        case DomainError():
            return problem(error.reason, **error.data)
        case StaleError():
            return _stale(error)
        case ValidationError():
            return problem(MALFORMED, fields=_fields(error))
        case LogClosedError():
            return problem(LOG_CLOSED)
        case KeysUnavailableError():
            return problem(KEYS_AWAY)
        case _ if isinstance(error, OUTAGE):
            return problem(BUSY)
        case SubjectShreddedError():
            return problem(SHREDDED)
        case _:
            return problem(INTERNAL)


def echoed(given: object) -> str:
    """Return a name that was sent, if it can be one of ours: a value in its place is not told."""
    text = str(given)
    return text if isinstance(given, int) or _NAME.fullmatch(text) else "?"


def _fields(error: ValidationError) -> list[dict[str, str]]:
    return [
        {"field": ".".join(map(echoed, e["loc"])), "problem": e["type"], "en": e["msg"]}
        for e in error.errors(include_input=False, include_url=False, include_context=False)
    ][:50]


def _stale(error: StaleError) -> Problem:
    newer = [
        {
            "type": fact.type,
            "event_id": fact.event_id,
            "version": fact.version,
            "zh": fact.event.zh,
            "en": fact.event.en,
            "by": fact.actor,
            "office": fact.office,
            "at": in_text(fact.recorded_at),
        }
        for fact in error.newer
    ]
    return problem(
        LOST_RACE, stream=error.stream, expected=error.expected, actual=error.actual, newer=newer
    )
