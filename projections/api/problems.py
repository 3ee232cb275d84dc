"""Every refusal of a query as a problem document (RFC 9457): both languages and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a query is refused; `{name}` in a text is filled from the data."""

    code: str
    zh: str
    en: str
    next_zh: str
    next_en: str
    status: int


MALFORMED = Reason(
    "malformed", "查询条件不符合格式：{field}。", "A query parameter is malformed: {field}.",
    "请按接口说明改正后重试。", "Correct it as described in /openapi.json.", 400,
)  # fmt: skip
NOT_AS_OF = Reason(
    "not_as_of", "本查询只回答当前情况，不支持 {field}。",
    "This query answers the present alone; it does not take {field}.",
    "往日情况：人员和家庭页、指标（known 为日期），或 bangfu audit replay。",
    "For the past: a person's or household's page, a figure (known is a day), bangfu audit replay.",
    400,
)  # fmt: skip
DAY_ENDS = Reason(
    "known_is_a_day", "指标按日终知悉点回答：{field} 应为日期。",
    "Figures are known at the ends of days: {field} is a day.",
    "按事件编号或时刻：bangfu audit replay --figure。",
    "For a seq or an instant: bangfu audit replay --figure.", 400,
)  # fmt: skip
UNAUTHENTICATED = Reason(
    "unauthenticated", "尚未登录，或登录已过期。", "Not signed in, or the session has expired.",
    "请重新登录。", "Sign in again.", 401,
)  # fmt: skip
FORBIDDEN = Reason(
    "forbidden", "无权查询：{why_zh}。", "Not allowed: {why_en}.",
    "请由有权的单位查询，或联系本单位负责人。",
    "Let the office in charge ask, or see the head of your office.", 403,
)  # fmt: skip
NOT_FOUND = Reason(
    "not_found", "没有找到：{what}。", "Not found: {what}.",
    "请核对编号；刚办理的事项请稍后再试。", "Check the id; if it was just done, try again.", 404,
)  # fmt: skip
NOT_YET = Reason(
    "not_yet", "刚办理的事项已经记录，这里还没有显示。",
    "What was just done is recorded and not shown here yet.",
    "页面会自动刷新，不必重新办理。", "The page looks again by itself; do not do it again.", 404,
)  # fmt: skip
NO_METHOD = Reason(
    "method_not_allowed", "该地址不支持此方法。", "This address does not take that method.",
    "请查看 /openapi.json。", "See /openapi.json.", 405,
)  # fmt: skip
TOO_MANY = Reason(
    "too_many", "查询过于频繁。", "Too many queries.",
    "请在 {seconds} 秒后再试。", "Try again after {seconds} seconds.", 429,
)  # fmt: skip
NOT_READY = Reason(
    "not_ready", "查询暂时不可用：{what}。", "Queries are unavailable for the moment: {what}.",
    "请稍后再试。", "Try again later.", 503,
)  # fmt: skip
INTERNAL = Reason(
    "internal", "系统内部错误。", "An internal fault.",
    "请重试；如仍失败，请联系管理员。", "Try again; if it fails again, tell the operator.", 500,
)  # fmt: skip


class QueryError(Exception):
    """A query is refused; carries the reason and what fills its texts."""

    def __init__(self, reason: Reason, **data: str) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.data = data


def body(reason: Reason, data: dict[str, str]) -> dict[str, Any]:
    """Return the problem document."""
    zh, en = _fill(reason.zh, data), _fill(reason.en, data)
    out = {
        "type": f"urn:bangfu:problem:{reason.code}",
        "title": zh,
        "status": reason.status,
        "detail": en,
        "code": reason.code,
        "zh": zh,
        "en": en,
        "next_zh": _fill(reason.next_zh, data),
        "next_en": _fill(reason.next_en, data),
    }
    return out | {"data": data} if data else out


def _fill(text: str, data: dict[str, str]) -> str:
    for name, value in data.items():
        text = text.replace("{" + name + "}", value)
    return text
