"""The cells of a ledger row: a value, or where it is sealed, and the seqs of the events behind it.

A row is a plain mapping that is never changed in place below its first two levels, so that an old
row stays what it was when its copy moves on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from events.contracts.base import Recorded, SealedValue
from events.rules.directory import Directory
from events.rules.time import shanghai_day

State: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[State, Recorded[Any], Directory], None]

NONE = "none"
"""What a mandatory cell says when nothing is recorded yet (R37)."""

GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "identity": (
        "基本情况",
        "Identity",
        (
            "name",
            "national_id",
            "sex",
            "phone",
            "address",
            "residence",
            "hukou",
            "household",
            "registration",
            "dibao",
            "worker_type",
            "special_work",
            "health",
            "conditions",
            "certification",
        ),
    ),
    "age": ("年龄", "Age", ("age_band", "birth_date")),
    "skills": ("技能", "Skills", ("skills", "education")),
    "services": (
        "接受就业服务",
        "Services received",
        (
            "services",
            "agreement",
            "plan",
            "measures",
            "activities",
            "training",
            "referrals",
            "reports",
            "follow_ups",
        ),
    ),
    "wishes": ("就业愿望", "Job wishes", ("wishes",)),
    "employment": ("实现就业情况", "Employment", ("employment", "offers")),
    "policies": ("享受扶持政策", "Policies enjoyed", ("policies",)),
}
"""The six mandatory groups of R37 beside the identity, with the cells of each."""

LABELS: dict[str, tuple[str, str]] = {
    "name": ("姓名", "Name"),
    "national_id": ("公民身份号码", "National ID number"),
    "sex": ("性别", "Sex"),
    "phone": ("电话", "Phone"),
    "address": ("住址", "Address"),
    "residence": ("居住社区", "Community of residence"),
    "hukou": ("户口", "Household registration"),
    "household": ("家庭", "Household"),
    "registration": ("失业登记", "Unemployment registration"),
    "dibao": ("城市低保", "Urban living allowance"),
    "worker_type": ("工人或干部身份", "Worker or cadre"),
    "special_work": ("特殊工种", "Special work"),
    "health": ("健康状况", "Health"),
    "conditions": ("条件变化", "Conditions lost"),
    "certification": ("认定", "Certification"),
    "age_band": ("年龄段", "Age band"),
    "birth_date": ("出生日期", "Date of birth"),
    "skills": ("技能", "Skills"),
    "education": ("文化程度", "Education"),
    "services": ("接受就业服务", "Services received"),
    "agreement": ("就业援助协议", "Agreement"),
    "plan": ("援助计划", "Plan"),
    "measures": ("帮扶措施", "Measures delivered"),
    "activities": ("活动", "Activities"),
    "training": ("职业培训", "Training"),
    "referrals": ("转介", "Referrals"),
    "reports": ("状况申报", "Status reports"),
    "follow_ups": ("跟踪随访", "Follow-ups"),
    "wishes": ("就业愿望", "Job wishes"),
    "employment": ("就业情况", "Employment"),
    "offers": ("提供岗位", "Job offers"),
    "policies": ("享受扶持政策", "Policies enjoyed"),
}
"""Chinese and English name of every cell."""

MANDATORY = ("age_band", "skills", "services", "wishes", "employment", "policies")
"""One cell of each of the six groups: never empty, 'none' where nothing is recorded (R37)."""


def day(fact: Recorded[Any]) -> str:
    """Return the Shanghai day of a fact."""
    return shanghai_day(fact.occurred_at).isoformat()


def value(fact: Recorded[Any], name: str, given: Any) -> Any:  # noqa: ANN401
    """Return a field's value; of a sealed one only where it stands: the seq and the field.

    Ciphertext is kept once, in the audit trail's row of that event, or of its correction (X2).
    """
    if isinstance(given, SealedValue) and fact.corrected_by:
        return {"sealed": [fact.corrected_by, f"body.{name}"]}
    if isinstance(given, SealedValue):
        return {"sealed": [fact.seq, name]}
    return given.isoformat() if hasattr(given, "isoformat") else given


def behind(fact: Recorded[Any]) -> list[int]:
    """Return the seqs of the events behind what a fact says: its own, and its correction's."""
    return [fact.seq, fact.corrected_by] if fact.corrected_by else [fact.seq]


def put(row: State, fact: Recorded[Any], name: str, given: Any) -> None:  # noqa: ANN401
    """Set a cell; it comes from this fact alone."""
    row["cells"][name] = {"v": given, "e": behind(fact)}


def add(row: State, fact: Recorded[Any], name: str, given: State) -> None:
    """Add an entry to a cell that lists what happened; it knows its event, for a correction."""
    given = {**given, "event": fact.event_id}
    old = row["cells"].get(name)
    if old is None or old["v"] == NONE:
        row["cells"][name] = {"v": [given], "e": behind(fact)}
    else:
        row["cells"][name] = {"v": [*old["v"], given], "e": [*old["e"], *behind(fact)]}


def amend(row: State, fact: Recorded[Any], name: str, given: Any) -> None:  # noqa: ANN401
    """Replace a cell's value and keep the events that led to it."""
    old = row["cells"].get(name)
    row["cells"][name] = {"v": given, "e": [*(old["e"] if old else ()), *behind(fact)]}


def listed(row: State, name: str) -> list[Any]:
    """Return a copy of a cell's list, empty where nothing is recorded."""
    cell = row["cells"].get(name)
    return [] if cell is None or cell["v"] == NONE else list(cell["v"])
