"""The roles of C7 as data, and the groups that commands and pages name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from events.rules.divisions import LEVELS, Level

RoleKind: TypeAlias = Literal["labour", "pes", "department", "mass", "outside", "other"]


@dataclass(frozen=True, slots=True)
class Role:
    """A role: who may hold it where; a head leads the office."""

    name: str
    kind: RoleKind
    levels: frozenset[Level]
    zh: str
    en: str
    head: bool = False


def _labour(level: Level, *rows: tuple[str, str, str, bool]) -> list[Role]:
    """List the roles of the labour offices of one level."""
    return [Role(n, "labour", frozenset({level}), zh, en, head) for n, zh, en, head in rows]


def _anywhere(kind: RoleKind, *rows: tuple[str, str, str]) -> list[Role]:
    """List roles that an office of any level may give."""
    return [Role(n, kind, frozenset(LEVELS), zh, en, n == "pes_head") for n, zh, en in rows]


_PROVINCE: frozenset[Level] = frozenset({"province"})

_ROWS: tuple[Role, ...] = (
    *_labour(
        "community",
        ("community_officer", "社区经办人", "Community officer", False),
        ("community_head", "社区负责人", "Community head", True),
    ),
    *_labour(
        "street",
        ("street_officer", "街道经办人", "Street officer", False),
        ("street_signer", "街道签署人（负责人）", "Street signer and head", True),
    ),
    *_labour(
        "county",
        ("county_reviewer", "县级审核人", "County reviewer", False),
        ("county_certifier", "县级认定人", "County certifier", False),
        ("county_head", "县级负责人", "County head", True),
    ),
    *_labour(
        "city",
        ("city_officer", "市级经办人", "City officer", False),
        ("city_head", "市级负责人", "City head", True),
    ),
    *_labour(
        "province",
        ("province_officer", "省级经办人", "Province officer", False),
        ("province_assessor", "省级考核人", "Province assessor", False),
        ("province_head", "省级负责人", "Province head", True),
    ),
    *_anywhere(
        "pes",
        ("pes_clerk", "公共就业服务机构经办人", "Employment service clerk"),
        ("pes_head", "公共就业服务机构负责人", "Employment service head"),
    ),
    *_anywhere(
        "department",
        ("tax", "税务", "Tax"),
        ("finance", "财政", "Finance"),
        ("commerce", "工商", "Industry and commerce"),
        ("bank", "经办银行", "Bank"),
        ("civil_affairs", "民政", "Civil affairs"),
    ),
    *_anywhere(
        "mass",
        ("union", "工会", "Trade union"),
        ("youth", "共青团", "Youth league"),
        ("women", "妇联", "Women's federation"),
    ),
    *_anywhere(
        "outside",
        ("trainer", "培训机构", "Training institution"),
        ("appraiser", "职业技能鉴定机构", "Skill appraisal body"),
        ("agency", "职业介绍机构", "Job agency"),
        ("employer", "用人单位", "Employer"),
        ("expert", "创业专家", "Start-up expert"),
        ("participant", "社会参与方", "Social participant"),
        ("media", "新闻媒体", "News media"),
    ),
    *_anywhere(
        "other",
        ("secretary", "联席会议秘书", "Joint conference secretary"),
        ("auditor", "审计人员", "Auditor"),
        ("operator", "系统运维", "Operator"),
    ),
    Role("rule_admin", "other", _PROVINCE, "规则管理员", "Rule administrator"),
    Role("person", "other", frozenset(), "本人", "The person"),
    Role("system", "other", frozenset(), "系统", "The system"),
)

ROLES: dict[str, Role] = {role.name: role for role in _ROWS}
"""Every role by name."""


def _names(*kinds: RoleKind) -> frozenset[str]:
    """Name the roles of some kinds."""
    return frozenset(r.name for r in _ROWS if r.kind in kinds)


def _at(level: Level) -> frozenset[str]:
    """Name the labour roles of a level."""
    return frozenset(r.name for r in _ROWS if r.kind == "labour" and level in r.levels)


HEADS: frozenset[str] = frozenset(r.name for r in _ROWS if r.head)
"""Heads of an office (C7)."""

GROUPS: dict[str, frozenset[str]] = {
    **{level: _at(level) for level in LEVELS},
    "labour": _names("labour"),
    "pes": _names("pes"),
    "department": _names("department"),
    "mass": _names("mass"),
    "outside": _names("outside"),
    "head": HEADS,
    "office": _names("labour", "pes", "department", "mass", "outside") | {"secretary"},
    "readers": _names("labour", "pes"),
    "everyone": frozenset(ROLES),
}
"""Group name to role names: a level means every labour role of that level (C3.0).

`readers` may read persons of their area in clear (X14, X15).
"""


@lru_cache(maxsize=1024)
def expand(roles: frozenset[str]) -> frozenset[str]:
    """Replace groups by their roles; ValueError for a name that is neither."""
    unknown = roles - ROLES.keys() - GROUPS.keys()
    if unknown:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    return frozenset().union(*(GROUPS.get(name, frozenset({name})) for name in roles))


def superior_heads(level: Level) -> frozenset[str]:
    """Name the head roles one level up; the province's own head at the top (role approval)."""
    above = LEVELS[max(LEVELS.index(level) - 1, 0)]
    return HEADS & GROUPS[above]


def may_hold(roles: Iterable[str], level: Level | None) -> frozenset[str]:
    """Name the roles among these that an office of that level can give."""
    return frozenset(r for r in roles if r in ROLES and level in ROLES[r].levels)
