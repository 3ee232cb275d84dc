"""The rule language of city categories: strict to read, three-valued to judge (R16)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.language import (
    FIELDS,
    OPERATORS,
    All,
    AnyOf,
    Fact,
    Not,
    Rule,
    RuleSyntaxError,
    Test,
    evaluate,
    parse_rule,
    rule_json,
)

pytestmark = pytest.mark.requirement("R16")
FACTS: dict[str, Fact] = {
    "age": 45,
    "sex": "female",
    "on_dibao": True,
    "residence": "140105001001",
    "causes": frozenset({"health", "land"}),
    "education": None,
}


def condition(field: str, op: str, value: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON value
    """Write one condition."""
    return {"field": field, "op": op, "value": value}


def holds(data: Any) -> bool:  # noqa: ANN401  any JSON value
    """Judge a rule over the facts."""
    return evaluate(parse_rule(data), FACTS, "clause")[0]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (condition("age", ">=", 45), True),
        (condition("age", ">", 45), False),
        (condition("age", "<=", 45), True),
        (condition("age", "<", 45), False),
        (condition("age", "!=", 45), False),
        (condition("sex", "in", ["female", "male"]), True),
        (condition("sex", "!=", "female"), False),
        (condition("on_dibao", "=", False), False),
        (condition("residence", "within", "140105"), True),
        (condition("residence", "within", "140106"), False),
        (condition("causes", "has", "land"), True),
        (condition("causes", "has_any", ["skill", "health"]), True),
        (condition("causes", "has", "skill"), False),
    ],
)
def test_a_condition_is_judged_by_its_operator(data: dict[str, Any], expected: bool) -> None:
    assert holds(data) is expected


def test_an_unknown_fact_meets_neither_a_condition_nor_its_opposite() -> None:
    unknown = condition("education", "=", "primary")
    assert not holds(unknown)
    assert not holds({"not": unknown})
    assert not holds({"all": [unknown, condition("age", ">=", 40)]})
    assert not holds({"not": {"all": [unknown, condition("age", ">=", 40)]}})
    assert holds({"any": [unknown, condition("age", ">=", 40)]})
    assert not holds({"not": {"any": [unknown, condition("age", ">=", 50)]}})
    assert holds({"not": {"all": [unknown, condition("age", ">=", 50)]}})


def test_every_condition_leaves_a_finding() -> None:
    rule = parse_rule(
        {"any": [condition("age", ">=", 50), {"not": condition("causes", "has", "skill")}]}
    )
    ok, findings = evaluate(rule, FACTS, "并政发〔2008〕1号")
    assert ok
    assert [(f.condition, f.value, f.boundary, f.ok) for f in findings] == [
        ("age", "45", ">= 50", False),
        ("causes", "health、land", "has skill", False),
    ]
    assert {f.clause for f in findings} == {"并政发〔2008〕1号"}


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ([], "rule"),
        ({}, "rule"),
        ({"all": []}, "rule.all"),
        ({"all": [condition("age", ">=", 40)], "any": []}, "rule"),
        ({"none": []}, "rule"),
        ({"not": [condition("age", ">=", 40)]}, "rule.not"),
        ({"all": [condition("age", ">=", 40), 1]}, "rule.all[1]"),
        ({**condition("age", ">=", 40), "note": ""}, "rule"),
        (condition("height", ">=", 40), "rule.field"),
        (condition("age", "within", 40), "rule.op"),
        (condition("age", ">=", True), "rule.value"),
        (condition("age", ">=", "40"), "rule.value"),
        (condition("age", ">=", 40.0), "rule.value"),
        (condition("on_dibao", "=", 1), "rule.value"),
        (condition("sex", "=", ""), "rule.value"),
        (condition("sex", "in", []), "rule.value"),
        (condition("sex", "in", ["female", 1]), "rule.value"),
        (condition("residence", "within", "14010"), "rule.value"),
        ({"all": [condition("age", ">=", 40)] * 21}, "rule.all"),
    ],
)
def test_a_rule_that_cannot_be_read_names_the_place(data: Any, at: str) -> None:  # noqa: ANN401
    with pytest.raises(RuleSyntaxError) as refused:
        parse_rule(data)
    assert refused.value.at == at
    assert refused.value.zh.startswith(at)


def test_a_rule_may_not_be_nested_without_end() -> None:
    data: dict[str, Any] = condition("age", ">=", 40)
    for _ in range(5):
        data = {"not": data}
    parse_rule(data)
    with pytest.raises(RuleSyntaxError, match="nested"):
        parse_rule({"not": data})


conditions: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Test, st.just("age"), st.sampled_from(sorted(OPERATORS["number"])), st.integers()),
    st.builds(Test, st.just("on_dibao"), st.just("="), st.booleans()),
    st.builds(Test, st.just("sex"), st.just("in"), st.just(("female", "male"))),
)
rules: st.SearchStrategy[Rule] = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)


def depth(rule: Rule) -> int:
    """Count the levels of a rule."""
    match rule:
        case All(parts) | AnyOf(parts):
            return 1 + max(map(depth, parts))
        case Not(inner):
            return 1 + depth(inner)
        case Test():
            return 1


@given(rules.filter(lambda rule: depth(rule) <= 6))
def test_writing_and_reading_a_rule_gives_the_same_rule(rule: Rule) -> None:
    assert parse_rule(rule_json(rule)) == rule


@given(rules, st.integers(16, 70), st.booleans())
def test_with_every_fact_known_a_rule_or_its_opposite_holds(
    rule: Rule, age: int, on_dibao: bool
) -> None:
    facts: dict[str, Fact] = {"age": age, "on_dibao": on_dibao, "sex": "male"}
    assert evaluate(rule, facts, "")[0] is not evaluate(Not(rule), facts, "")[0]


def test_every_fact_has_labels_and_operators() -> None:
    assert all(zh and en and OPERATORS[kind] for kind, zh, en in FIELDS.values())
