"""The lengths and numbers of the text and of its assumptions, with what offices set since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.audit.facts import Fact

DEFAULTS: dict[str, int] = {
    "certification.notice_days": 7,
    "certification.community_days": 7,
    "certification.street_days": 7,
    "certification.county_days": 7,
    "certification.objection_days": 7,
    "certification.review_days": 15,
    "certification.annotation_days": 5,
    "certification.exit_decision_days": 10,
    "assistance.report_months": 3,
    "assistance.first_service_days": 10,
    "assistance.placement_months": 6,
    "assistance.agreement_days": 10,
    "assistance.plan_days": 10,
    "assistance.follow_up_counts_as_report": 0,
    "registry.shredding_days": 30,
    "registry.emergency_hours": 3,
}
"""Working days, months, days, hours, or yes and no, as the name says (AS 2 to AS 48)."""

REFUSALS = 3
"""超过3次: the next one leaves (R29)."""
REPORT_EXIT_MONTHS = 6
HOUSEHOLD_MONTHS = 1
STABLE_MONTHS = 6
HIRE_DAYS, END_DAYS = 30, 15


@dataclass(frozen=True, slots=True)
class _Set:
    area: str
    start: date
    until: date | None
    value: Any


@dataclass
class Terms:
    """The value of a term for an area on a day: what the nearest office set last, else ours."""

    _set: dict[str, list[_Set]] = field(default_factory=lambda: defaultdict(list))
    _proposed: dict[str, Fact] = field(default_factory=dict)

    def propose(self, fact: Fact) -> None:
        """Remember a proposed value; it has no effect yet."""
        self._proposed[fact.id] = fact

    def reject(self, fact: Fact) -> None:
        """Forget a proposal that was turned down."""
        self._proposed.pop(fact.body.get("proposal", ""), None)

    def approve(self, fact: Fact) -> None:
        """Let a proposed value hold from its day on, in the area of the office that set it."""
        proposal = self._proposed.pop(fact.body.get("proposal", ""), None)
        if proposal is None:
            return
        body = proposal.body
        until = date.fromisoformat(body["until"]) if body.get("until") else None
        start = date.fromisoformat(body["from"])
        self._set[body["key"]].append(_Set(proposal.area, start, until, body["value"]))

    def of(self, key: str, area: str, day: date) -> int:
        """Give the value that holds in an area (a division path) on a day."""
        holding = [
            (len(s.area), n, s.value)
            for n, s in enumerate(self._set.get(key, ()))
            if area.startswith(s.area) and s.start <= day and (s.until is None or day <= s.until)
        ]
        value = max(holding)[2] if holding else None
        return value if isinstance(value, int) else DEFAULTS[key]
