"""The rule language of city categories (R16): conditions over named facts, kept as JSON.

`{"all": […]}`, `{"any": […]}`, `{"not": …}` and `{"field": …, "op": …, "value": …}`. Parsed
strictly; an unknown fact satisfies neither a condition nor its opposite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import JsonValue

from events.rules.divisions import covers, level_of
from events.rules.finding import Finding

FactKind: TypeAlias = Literal["number", "flag", "word", "area", "words"]
Fact: TypeAlias = int | bool | str | frozenset[str] | None

FIELDS: dict[str, tuple[FactKind, str, str]] = {
    "age": ("number", "周岁", "Age in full years"),
    "sex": ("word", "性别", "Sex"),
    "education": ("word", "文化程度", "Education"),
    "worker_type": ("word", "工人或干部", "Worker or cadre"),
    "special_work": ("flag", "特殊工种", "Special work"),
    "last_ownership": ("word", "原单位所有制", "Ownership of the last employer"),
    "unemployed_months": ("number", "登记失业满月数", "Full months since registration"),
    "on_dibao": ("flag", "享受低保", "On dibao"),
    "insured_months": ("number", "参保月数", "Months insured"),
    "hukou_type": ("word", "户口类别", "Type of hukou"),
    "hukou": ("area", "户籍地", "Division of the hukou"),
    "residence": ("area", "居住地", "Division of residence"),
    "causes": ("words", "困难原因", "Causes of difficulty"),
    "evidence": ("words", "证明材料", "Evidence shown"),
}
"""Facts that a rule may name: kind, Chinese and English label."""

OPERATORS: dict[FactKind, frozenset[str]] = {
    "number": frozenset({"=", "!=", ">=", ">", "<=", "<"}),
    "flag": frozenset({"="}),
    "word": frozenset({"=", "!=", "in"}),
    "area": frozenset({"within"}),
    "words": frozenset({"has", "has_any"}),
}
"""Operators by kind of fact; >= and <= include the number (Civil Code 1259)."""

DEEPEST = 6
MOST_ITEMS = 20


class RuleSyntaxError(ValueError):
    """A rule that cannot be read, with the place in it; correct it and send it again."""

    code = "rule_syntax"

    def __init__(self, at: str, zh: str, en: str) -> None:
        super().__init__(f"{at}: {en}")
        self.at = at
        self.zh = f"{at}：{zh}"
        self.en = f"{at}: {en}"


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on one fact."""

    __test__ = False

    field: str
    op: str
    value: int | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every one holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one holds."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It is known not to hold."""

    rule: Rule


Rule: TypeAlias = Test | All | AnyOf | Not


def parse_rule(data: JsonValue, at: str = "rule", depth: int = 1) -> Rule:
    """Read a rule strictly; RuleSyntaxError names the place."""
    if depth > DEEPEST:
        raise RuleSyntaxError(at, "嵌套过深", "nested too deeply")
    if not isinstance(data, dict):
        raise RuleSyntaxError(at, "应为对象", "must be an object")
    match sorted(data):
        case ["all"]:
            return All(_parse_list(data["all"], f"{at}.all", depth))
        case ["any"]:
            return AnyOf(_parse_list(data["any"], f"{at}.any", depth))
        case ["not"]:
            return Not(parse_rule(data["not"], f"{at}.not", depth + 1))
        case ["field", "op", "value"]:
            return _parse_test(data["field"], data["op"], data["value"], at)
        case _:
            zh, en = (
                "只能是 all、any、not 或 field/op/value",
                "must be all, any, not or a condition",
            )
            raise RuleSyntaxError(at, zh, en)


def _parse_list(data: JsonValue, at: str, depth: int) -> tuple[Rule, ...]:
    """Read the parts of all and any."""
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_ITEMS:
        raise RuleSyntaxError(at, f"应有1至{MOST_ITEMS}项", f"must have 1 to {MOST_ITEMS} items")
    return tuple(parse_rule(item, f"{at}[{i}]", depth + 1) for i, item in enumerate(data))


def _parse_test(field: JsonValue, op: JsonValue, value: JsonValue, at: str) -> Test:
    """Read one condition."""
    if not isinstance(field, str) or field not in FIELDS:
        raise RuleSyntaxError(f"{at}.field", "没有此项事实", "no such fact")
    kind = FIELDS[field][0]
    if not isinstance(op, str) or op not in OPERATORS[kind]:
        raise RuleSyntaxError(f"{at}.op", "不适用于此项事实", "not an operator of this fact")
    if op in ("in", "has_any"):
        return Test(field, op, _parse_words(value, f"{at}.value"))
    if kind == "number" and type(value) is int:
        return Test(field, op, value)
    if kind == "flag" and type(value) is bool:
        return Test(field, op, value)
    if kind in ("word", "words") and isinstance(value, str) and value:
        return Test(field, op, value)
    if kind == "area" and isinstance(value, str) and level_of(value):
        return Test(field, op, value)
    raise RuleSyntaxError(f"{at}.value", "与此项事实的类型不符", "not a value of this fact's kind")


def _parse_words(value: JsonValue, at: str) -> tuple[str, ...]:
    """Read a list of words."""
    words = tuple(w for w in value if isinstance(w, str) and w) if isinstance(value, list) else ()
    if not isinstance(value, list) or not words or len(words) != len(value):
        raise RuleSyntaxError(at, "应为词语列表", "must be a list of words")
    return words


def rule_json(rule: Rule) -> JsonValue:
    """Write a rule as JSON; parsing it gives the same rule."""
    match rule:
        case All(rules):
            return {"all": [rule_json(r) for r in rules]}
        case AnyOf(rules):
            return {"any": [rule_json(r) for r in rules]}
        case Not(inner):
            return {"not": rule_json(inner)}
        case Test(field, op, value):
            return {"field": field, "op": op, "value": _json(value)}


def _json(value: int | bool | str | tuple[str, ...]) -> JsonValue:
    """Write a value as JSON."""
    return list(value) if isinstance(value, tuple) else value


def evaluate(
    rule: Rule, facts: Mapping[str, Fact], clause: str
) -> tuple[bool, tuple[Finding, ...]]:
    """Judge a rule, with one finding for every condition in it; unknown facts fail."""
    findings: list[Finding] = []
    return _judge(rule, facts, clause, findings) is True, tuple(findings)


def _judge(
    rule: Rule, facts: Mapping[str, Fact], clause: str, findings: list[Finding]
) -> bool | None:
    """Judge in three values: holds, does not hold, unknown."""
    match rule:
        case Test():
            held = _test(rule, facts.get(rule.field))
            findings.append(_finding(rule, facts.get(rule.field), clause, held))
            return held
        case All(rules):
            parts = [_judge(r, facts, clause, findings) for r in rules]
            return False if False in parts else (None if None in parts else True)
        case AnyOf(rules):
            parts = [_judge(r, facts, clause, findings) for r in rules]
            return True if True in parts else (None if None in parts else False)
        case Not(inner):
            held = _judge(inner, facts, clause, findings)
            return None if held is None else not held


def _finding(test: Test, fact: Fact, clause: str, held: bool | None) -> Finding:
    """Write down one condition as it was judged."""
    bound = "、".join(test.value) if isinstance(test.value, tuple) else str(test.value)
    return Finding(test.field, _shown(fact), f"{test.op} {bound}", clause, held is True)


def _shown(fact: Fact) -> str:
    """Show a fact in a finding."""
    if fact is None:
        return "unknown"
    return "、".join(sorted(fact)) if isinstance(fact, frozenset) else str(fact)


_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
}


def _test(test: Test, fact: Fact) -> bool | None:
    """Judge one condition; None where the fact is unknown."""
    value = test.value
    if isinstance(fact, frozenset):
        return not fact.isdisjoint(value if isinstance(value, tuple) else (str(value),))
    if isinstance(fact, str):
        return _test_word(test.op, fact, value)
    if fact is None or not isinstance(value, int):
        return None
    return _COMPARE[test.op](fact, value)


def _test_word(op: str, fact: str, value: int | bool | str | tuple[str, ...]) -> bool | None:
    """Judge a condition on a word or an area."""
    if isinstance(value, tuple):
        return fact in value
    if op == "within":
        return covers(str(value), fact)
    return (fact == value) is (op == "=")
