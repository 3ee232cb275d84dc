"""The one access decision: commands, queries, exports, streams and prints ask it (audit.md 3.2).

Role, then the level of the role, then the prefix of the area, then separation of duties.
Whatever is not allowed here is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from events.rules.divisions import Level, covers
from events.rules.duties import acted_at_other_level, names_of
from events.rules.roles import ROLES, expand

ACCESS_VERSION = 4
"""Version of these rules, written into the event's `auth` beside the rule id.

Since 4 an emergency does not let one print.
"""

ActionKind: TypeAlias = Literal["command", "query", "page", "export", "stream", "print"]
ResourceKind: TypeAlias = Literal["case", "personal", "office", "account", "system", "public"]
"""`case`: facts about persons, sealed values closed; `personal`: opened values; `public`: neither
persons nor an area, such as the rules."""

_FOR_OPERATORS = frozenset({"office", "account", "system", "public"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, from a verified token; `subject` is the holder's own person id, if any."""

    user: str
    office: str
    level: Level | None
    path: str
    roles: frozenset[str]
    areas: tuple[str, ...]
    on_behalf_of: str | None = None
    system: bool = False
    subject: str | None = None
    cases: frozenset[str] = frozenset()
    """The only cases on which a deputy may act; empty where the delegation names none (X10)."""


@dataclass(frozen=True, slots=True)
class Action:
    """What is wished; `roles` may name groups, and `wanted` holds the roles they stand for."""

    name: str
    roles: frozenset[str]
    kind: ActionKind = "command"
    wanted: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Refuse an unknown role at once, so that a misspelt one can never widen access."""
        object.__setattr__(self, "wanted", expand(self.roles))


@dataclass(frozen=True, slots=True)
class Resource:
    """What it is wished on. Every path must be covered; one of `granted` is enough.

    `granted` are paths that a fact of the stream opens (a transfer request), `referred`
    the offices that own the record or were referred to, `acted` who acted at which levels,
    `emergency` the users to whom an emergency opens it now, `case` the case acted on.
    """

    paths: tuple[str, ...]
    kind: ResourceKind = "case"
    subject: str | None = None
    acted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    granted: tuple[str, ...] = ()
    referred: frozenset[str] = frozenset()
    emergency: frozenset[str] = frozenset()
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the rule that gave it and the role that was used."""

    allow: bool
    rule_id: str
    reason_zh: str
    reason_en: str
    role: str | None = None


_REASONS: dict[str, tuple[str, str]] = {
    "allow.area": ("岗位、层级和辖区相符", "Role, level and area fit"),
    "allow.granted": ("该事项已向本辖区开放", "The matter was opened to this area"),
    "allow.emergency": ("紧急查阅期内", "Emergency access is open"),
    "allow.referral": ("本单位的记录或转介", "The office's own record or referral"),
    "allow.own": ("本人的记录", "The person's own record"),
    "allow.public": ("公开内容", "Public content"),
    "allow.operator": ("运维事项，不含个案", "Operation without cases"),
    "allow.audit": ("审计在辖区内只读", "The auditor reads within the area"),
    "allow.system": ("系统自动办理", "Done by the system"),
    "deny.role": (
        "没有办理此事项的岗位；请联系本单位负责人",
        "No role for this; ask the head of your office",
    ),
    "deny.level": (
        "岗位与所在层级不符；请由规定层级办理",
        "The role does not belong to this level; the prescribed level must act",
    ),
    "deny.area": (
        "不在本辖区内；请由所属地办理（属地管理）",
        "Outside the area; the office of that territory must act",
    ),
    "deny.referral": (
        "不是本单位的记录，也未转介给本单位",
        "Neither the office's own record nor referred to it",
    ),
    "deny.own": ("只能查看和办理本人的记录", "Only one's own record"),
    "deny.case": ("运维岗位不得接触个案", "An operator has no access to cases"),
    "deny.avoid": (
        "涉及本人，须回避；请由他人办理",
        "It concerns yourself; another person must act",
    ),
    "deny.duty": (
        "同一事项不得由同一人在两个层级办理（含代办）；请由他人办理",
        "Nobody acts at two levels of one case, delegation included; another person must act",
    ),
    "deny.delegation": (
        "代办授权不包括该个案；请由本人或其他有权人员办理",
        "The delegation does not name this case; its giver or another officer must act",
    ),
    "deny.paper": (
        "紧急查阅只供查看，不得打印；请由所属地打印",
        "Emergency access lets one look, not print; the office of that territory prints",
    ),
    "deny.personal": (
        "审计不得直接查看个人信息原文；须说明理由另行申请",
        "An auditor does not open personal data; state a reason and apply",
    ),
}


@lru_cache(maxsize=1024)
def _decision(rule: str, role: str | None) -> Decision:
    """Give the one decision of a rule and role."""
    return Decision(rule.startswith("allow"), rule, *_REASONS[rule], role)


def decide(principal: Principal, action: Action, resource: Resource) -> Decision:
    """Decide whether a principal may do an action on a resource (R23, R43, X10, X14)."""
    if principal.system:
        return _decision(*_by_system(action))
    held = principal.roles & action.wanted
    if "auditor" in principal.roles and action.kind != "command":
        held |= {"auditor"}
    if not held:
        return _decision("deny.role", None)
    best = "deny.role"
    for role in held if len(held) == 1 else sorted(held):
        best = _by_role(principal, role, action, resource)
        if best.startswith("allow"):
            refused = _duties(principal, role, action, resource)
            if refused is None:
                return _decision(best, role)
            best = refused
    return _decision(best, None)


def _by_system(action: Action) -> tuple[str, str | None]:
    """Allow the system what names it, and nothing else."""
    return ("allow.system", "system") if "system" in action.wanted else ("deny.role", None)


def _by_role(principal: Principal, role: str, action: Action, resource: Resource) -> str:
    """Give the rule that one role leads to."""
    if role == "person":
        return _by_person(principal, resource)
    found = ROLES[role]
    if principal.level not in found.levels:
        return "deny.level"
    if role == "operator":
        return _by_operator(principal, resource)
    if resource.kind == "public":
        return "allow.public"
    if found.kind == "outside":
        return "allow.referral" if principal.office in resource.referred else "deny.referral"
    if role == "auditor":
        return _by_auditor(principal, action, resource)
    rule = _by_area(principal, resource)
    return "deny.paper" if (rule, action.kind) == ("allow.emergency", "print") else rule


def _by_person(principal: Principal, resource: Resource) -> str:
    """Allow a person his own record; an account without a person owns nothing."""
    if resource.kind == "public":
        return "allow.public"
    own = principal.subject is not None and principal.subject == resource.subject
    return "allow.own" if own else "deny.own"


def _by_operator(principal: Principal, resource: Resource) -> str:
    """Allow an operator offices and accounts of the area, the node itself, and no case."""
    if resource.kind not in _FOR_OPERATORS:
        return "deny.case"
    if resource.kind in {"system", "public"}:
        return "allow.operator"
    rule = _by_area(principal, resource)
    return "allow.operator" if rule == "allow.area" else rule


def _by_auditor(principal: Principal, action: Action, resource: Resource) -> str:
    """Allow an auditor to read in the area, and to open only where the action says so."""
    if resource.kind == "personal" and "auditor" not in action.wanted:
        return "deny.personal"
    rule = _by_area(principal, resource)
    return "allow.audit" if rule == "allow.area" and action.kind != "command" else rule


def _by_area(principal: Principal, resource: Resource) -> str:
    """Every path lies in an area, or one of the opened ones does."""
    for path in resource.paths:
        if not _within(principal.areas, path):
            break
    else:
        if resource.paths:
            return "allow.area"
    if principal.user in resource.emergency:
        return "allow.emergency"
    for path in resource.granted:
        if _within(principal.areas, path):
            return "allow.granted"
    return "deny.area"


def _within(areas: tuple[str, ...], path: str) -> bool:
    """Tell whether one of the areas holds the path."""
    return any(covers(area, path) for area in areas)


def _duties(principal: Principal, role: str, action: Action, resource: Resource) -> str | None:
    """Give the rule by which a command is refused in spite of role and area."""
    if action.kind != "command" or role == "person":
        return None
    if principal.subject is not None and principal.subject == resource.subject:
        return "deny.avoid"
    if principal.cases and resource.case not in principal.cases:
        return "deny.delegation"
    names = names_of(principal.user, principal.on_behalf_of)
    if resource.acted and acted_at_other_level(names, principal.level, resource.acted):
        return "deny.duty"
    return None
