"""Other rules supposed in place of those in force: another rule set, or a parameter's other value.

Nothing is decided by them; they answer what the same history would have come to (R2, X17).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from pydantic import JsonValue

from events.rules.directory_values import Directory
from events.rules.ruleset import DEFAULT_RULE_SET, Parameters, RuleSet

ELIGIBILITY = frozenset(
    {
        "certification.hukou", "text.aged_female", "text.aged_male", "text.aged_insured_months",
        "text.long_term_months", "text.long_term_dibao", "certification.long_term_from",
        "certification.household_uncounted", "text.household_applicants",
        "certification.reference_day",
    }
)  # fmt: skip
"""Parameters that a judgement of eligibility hangs on."""
REFUSALS = frozenset({"text.refusals"})
REPORTS = frozenset({"text.report_exit_months", "rules.weekend_moves"})
"""Parameters that the exits for refusals and for want of a report hang on (R29, R32)."""
SUPPOSABLE = ELIGIBILITY | REFUSALS | REPORTS


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed: a rule set, or values of parameters beside the rule set in force."""

    rule_set: str | None = None
    values: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def rules(self) -> RuleSet:
        """Return the rule set that is supposed to be in force."""
        return RuleSet.of(self.rule_set or DEFAULT_RULE_SET)

    @property
    def changed(self) -> frozenset[str]:
        """Name the parameters whose value differs from that of the rule set in force."""
        actual = RuleSet.of(DEFAULT_RULE_SET)
        found = {k for k, p in self.rules.parameters.items() if p.default != actual.default(k)}
        return frozenset(found | {k for k, v in self.values.items() if v != actual.default(k)})

    @property
    def touches_eligibility(self) -> bool:
        """Tell whether a certification may come out otherwise."""
        added = any(c.conditions is not None for c in self.rules.categories.values())
        return added or bool(self.changed & ELIGIBILITY)

    def upon(self, actual: Directory) -> Supposed:
        """Return a directory that answers parameters as supposed, and all else as it is."""
        kept = {f.name: getattr(actual, f.name) for f in fields(Directory)}
        return Supposed(**kept, supposition=self)


@dataclass(frozen=True, slots=True)
class Supposed(Directory):
    """A directory under a supposition; a setting that its rule set forbids gives way (X17)."""

    supposition: Supposition = field(default_factory=Supposition)

    def parameter(self, key: str, path: str, day: date) -> Any:  # noqa: ANN401  any JSON value
        """Return a parameter as supposed. Raises KeyError for an unknown key."""
        if key in self.supposition.values:
            return self.supposition.values[key]
        if self.supposition.rule_set is None:
            return Directory.parameter(self, key, path, day)
        rules = self.supposition.rules
        allowed = (s for s in self.settings.get(key, ()) if rules.parameter(key).accepts(s.value))
        return Parameters(rules, tuple(allowed)).value(key, path, day)
