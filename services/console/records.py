"""A person's cells as short tables: words for codes, names for ids, newest entry first (R37)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias, get_args

from events.contracts.registry import Revealed
from services.console import formats
from services.console.fieldwords import field_word
from services.console.site import Visit

View: TypeAlias = dict[str, Any]
CONTEXTS = {"services": "assistance", "employment": "posts", "policies": "posts"}
"""Group → the context whose words its codes are."""
MONEY = frozenset({"wage", "min_wage", "fee", "amount", "from_wage", "to_wage"})
INNER = frozenset({"event", "event_id", "sha256", "path", "judgement", "end", "facts", "id"})
"""Fields that serve the machine alone."""
NUMBERS = frozenset(get_args(Revealed))
"""Cells that are shown masked until revealed (X15)."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
WORDS: dict[str, tuple[str, str]] = {
    "on": ("日期", "Day"), "from": ("开始", "From"), "until": ("截止", "Until"),
    "state": ("状态", "State"), "counts": ("计入次数", "Counts"), "suitable": ("合适", "Suitable"),
    "answer_by": ("答复期限", "Answer by"), "mode": ("方式", "Way"), "status": ("状况", "Status"),
    "month": ("月份", "Month"), "needs": ("需求", "Needs"), "answer": ("答复", "Answer"),
    "wage": ("工资", "Wage"), "min_wage": ("最低工资", "Lowest wage"), "fee": ("费用", "Fee"),
    "division": ("所在地", "Place"), "cross_region": ("跨地区", "Across regions"),
    "continuous": ("连续计算", "Counted on"), "confirmed": ("在岗核实", "Confirmed at work"),
    "flexible_kind": ("灵活就业方式", "Flexible kind"), "then": ("之后", "Then"),
    "hire_registered_on": ("就业登记", "Hire registered"),
    "end_registered_on": ("终止登记", "End registered"),
    "accepted_on": ("接受日期", "Accepted"), "refused_on": ("拒绝日期", "Refused"),
    "taken_up_on": ("上岗日期", "Taken up"), "withdrawn_on": ("撤回日期", "Withdrawn"),
    "not_taken_up_on": ("未上岗日期", "Not taken up"), "judged": ("判定", "Judged"),
    "judged_on": ("判定日期", "Judged on"), "judged_reason": ("判定理由", "Why"),
    "invited_on": ("邀请日期", "Invited"), "outcome": ("结果", "Outcome"),
    "completed_on": ("结业日期", "Completed"), "left_on": ("退出日期", "Left"),
    "to": ("转往", "To"), "fields": ("提供内容", "Shared"), "since": ("自", "Since"),
    "differs": ("与登记不符", "Differs"), "in_person": ("本人到场", "In person"),
    "due": ("期限", "Due"), "measures": ("措施", "Measures"), "goals": ("目标", "Goals"),
    "measure": ("措施", "Measure"),
    "signed_on": ("签订日期", "Signed"), "ended_on": ("终止日期", "Ended"),
    "helper": ("帮扶责任人", "Helper"), "one_to_one": ("一对一帮扶", "One to one"),
    "supplements": ("补充", "Supplements"), "content": ("援助内容", "Content"),
    "template": ("文本", "Template"), "training": ("来自培训", "From training"),
    "lost": ("丧失条件", "Lost"), "ground": ("原因", "Ground"), "how": ("核实方式", "How"),
    "amount": ("金额", "Amount"), "activity": ("活动", "Activity"),
    "person": ("人员", "Person"), "proof": ("证明", "Proof"),
}  # fmt: skip
"""Short words for the columns of these tables; all others have the words of the forms."""


def head(field: str, lang: str) -> str:
    """Return the heading of a column."""
    pair = WORDS.get(field)
    return pair[lang != "zh"] if pair else field_word(field, lang)


def phrase(visit: Visit, value: Any, context: str = "", field: str = "") -> str:  # noqa: ANN401
    """Write a value as a clerk reads it; an id without a name is left out."""
    if isinstance(value, bool):
        return visit.t("form.yes" if value else "form.no")
    if isinstance(value, int | float):
        return yuan(visit, value) if field in MONEY else formats.number(value)
    if isinstance(value, Mapping):
        return _pairs(visit, value, context, field)
    if isinstance(value, list | tuple):
        written = [p for v in value if (p := phrase(visit, v, context, field))]
        return ("；" if any(isinstance(v, Mapping) for v in value) else "、").join(written)
    return _text(visit, "" if value is None else str(value), context, field)


def yuan(visit: Visit, fen: float) -> str:
    """Write an amount of fen in yuan."""
    return f"{fen / 100:,.2f}".removesuffix(".00") + (" 元" if visit.lang == "zh" else " yuan")


def _pairs(visit: Visit, value: Mapping[str, Any], context: str, field: str) -> str:
    parts = [
        f"{head(k, visit.lang)} {p.rstrip('。')}"
        for k, v in value.items()
        if k not in INNER
        and (p := phrase(visit, v, context, f"{k}_wage" if field == "wage" else k))
    ]
    return "，".join(parts)


def _text(visit: Visit, text: str, context: str, field: str) -> str:
    if text in visit.names or formats.is_id(text):
        return visit.names.get(text, "")
    if DAY.fullmatch(text):
        return formats.day(text)
    if text.isdigit() and (name := visit.site.names.get(text.ljust(12, "0"))):
        return name
    return visit.word(text, context) if field != "name" else text


def table(visit: Visit, rows: list[Mapping[str, Any]], seqs: list[int], context: str) -> View:
    """Return a cell that lists entries as a table; a row has its event where each has one."""
    own = seqs if len(seqs) == len(rows) else [None] * len(rows)
    fields = list(dict.fromkeys(k for r in rows for k in r if k not in INNER))
    written = [
        ([phrase(visit, r.get(k), context, k) for k in fields], s, _newest(r))
        for r, s in zip(rows, own, strict=True)
    ]
    kept = [i for i in range(len(fields)) if any(cells[i] for cells, _, _ in written)]
    written.sort(key=lambda w: w[2], reverse=True)
    return {
        "columns": [head(fields[i], visit.lang) for i in kept],
        "rows": [{"cells": [c[i] for i in kept], "seq": s} for c, s, _ in written],
        "linked": len(seqs) == len(rows),
    }


def _newest(row: Mapping[str, Any]) -> str:
    return str(next((row[k] for k in ("on", "from", "month", "invited_on") if row.get(k)), ""))


def _measure(visit: Visit, ident: str) -> str:
    """Name a measure by its plan; one of an earlier plan by its number."""
    return visit.names.get(ident) or visit.t("person.measure", n=ident.lstrip("m"))


def _said(visit: Visit, cell: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a cell's value; an agreement's state and a plan's measures in their own words."""
    value = cell.get("value")
    if cell.get("name") == "plan" and isinstance(value, Mapping):
        for measure in value.get("measures") or ():
            visit.names[str(measure["id"])] = visit.word(measure.get("service"), "assistance")
    if cell.get("name") == "measures" and isinstance(value, list):
        return [{"measure": _measure(visit, str(v.get("id"))), **v} for v in value]
    if cell.get("name") == "agreement" and isinstance(value, Mapping):
        return {**value, "state": visit.t(f"agreement.{value.get('state') or 'none'}")}
    return value


def group(visit: Visit, answer: Mapping[str, Any]) -> View:
    """Return a group of cells: short facts, then tables."""
    context = CONTEXTS.get(str(answer.get("group")), "registry")
    facts: list[View] = []
    tables: list[View] = []
    for cell in answer.get("cells", ()):
        value, seqs = _said(visit, cell), list(cell.get("events") or ())
        plain = {"zh": cell.get("zh"), "en": cell.get("en"), "events": seqs[::-1]}
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            tables.append(plain | table(visit, value, seqs, context))
        else:
            text = "" if value == "none" else phrase(visit, value, context, str(cell.get("name")))
            masked = str(cell.get("name")) if "*" in text and cell.get("name") in NUMBERS else ""
            facts.append(plain | {"text": text, "long": isinstance(value, Mapping),
                                  "masked": masked})  # fmt: skip
    return {"zh": answer.get("zh"), "en": answer.get("en"), "facts": facts, "tables": tables}
