"""What right is missing and who can give it: the one place where every refusal is explained so.

The refusal names the rule of the access decision; the command or query names the roles it wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast
from urllib.parse import urlencode

from events.rules.divisions import LEVELS, Level
from events.rules.roles import GROUPS, ROLES, expand
from events.rules.seconds import givers
from services.console.acting import acting, own_roles
from services.console.offers import may_send
from services.console.site import Visit
from services.console.wishes import wishes
from services.kit.decider import Command

Lines: TypeAlias = list[str]
EMERGENCY = "registry.open_emergency_access"


async def helped(
    visit: Visit, problem: Mapping[str, Any], command: type[Command] | None = None, person: str = ""
) -> dict[str, Any]:
    """Return a problem with `help`: what is missing, who can give it, where to go."""
    data = problem.get("data") if isinstance(problem.get("data"), Mapping) else {}
    rule = str((data or {}).get("rule") or problem.get("code") or "")
    explained = _RULES.get(rule)
    if visit.session is None or explained is None:
        return dict(problem)
    wanted = _wanted(command, str((data or {}).get("wanted") or ""))
    office = await visit.maybe(f"/api/offices/{visit.me.office}") if visit.me.office else {}
    return {**problem, "help": explained(visit, wanted, office), "go": _go(visit, rule, person)}


def _wanted(command: type[Command] | None, told: str) -> frozenset[str]:
    """Return the roles that would do: those of the command, or of the query as it names them."""
    if command is not None:
        return expand(frozenset(command.actors)) - {"system", "person"}
    known = {name for name in told.split(",") if name in ROLES or name in GROUPS}
    return expand(frozenset(known)) - {"system", "person"}


def listed(visit: Visit, roles: Iterable[str]) -> str:
    """Return roles as words, from the community upwards."""
    known: list[str] = sorted(roles, key=list(ROLES).index)
    return visit.listed(known)


def _role(visit: Visit, wanted: frozenset[str], office: Mapping[str, Any]) -> Lines:
    """Name the missing role; who proposes and who gives it here, or which level has it."""
    lines = []
    unused = wanted & set(own_roles(visit.me)) - visit.me.roles
    if unused:
        lines.append(visit.t("help.switch", roles=listed(visit, unused)))
    here = _held_here(wanted, office)
    if not here:
        return [*lines, visit.t("help.elsewhere", roles=listed(visit, wanted))]
    lines.append(visit.t("help.missing", roles=listed(visit, here)))
    return [*lines, giving(visit, office)]


def _held_here(wanted: frozenset[str], office: Mapping[str, Any]) -> frozenset[str]:
    """Return those of the roles that an office of this level and kind gives."""
    kind = str(office.get("kind") or "labour")
    return frozenset(
        r for r in wanted
        if office.get("level") in ROLES[r].levels
        and (ROLES[r].kind == kind or ROLES[r].kind in {"other", "mass", "outside"})
    )  # fmt: skip


def giving(visit: Visit, office: Mapping[str, Any]) -> str:
    """Say who proposes and who gives a role in an office (R23)."""
    level = cast("Level", office.get("level") or LEVELS[0])
    parents = office.get("parents") or [office]
    heads = givers(str(office.get("kind") or "labour"), level)
    above = parents[-1]
    return visit.t(
        "help.given",
        office=office.get("name") or "",
        above=above.get("name") or "",
        role=listed(visit, heads),
    )


def _level(visit: Visit, wanted: frozenset[str], _: Mapping[str, Any]) -> Lines:
    return [visit.t("help.elsewhere", roles=listed(visit, wanted))]


def _area(visit: Visit, _: frozenset[str], office: Mapping[str, Any]) -> Lines:
    lines = [visit.t("help.area", office=office.get("name") or "")]
    if may_send(wishes()[EMERGENCY], visit.me.roles):
        lines.append(visit.t("help.emergency"))
    return lines


def _case(visit: Visit, wanted: frozenset[str], _: Mapping[str, Any]) -> Lines:
    return [visit.t("help.operator", roles=listed(visit, wanted))]


def _personal(visit: Visit, _: frozenset[str], __: Mapping[str, Any]) -> Lines:
    return [visit.t("help.personal")]


def _paper(visit: Visit, _: frozenset[str], __: Mapping[str, Any]) -> Lines:
    return [visit.t("help.paper")]


def _referral(visit: Visit, _: frozenset[str], __: Mapping[str, Any]) -> Lines:
    return [visit.t("help.referral")]


def _another(visit: Visit, wanted: frozenset[str], office: Mapping[str, Any]) -> Lines:
    """Say that another person with the same right acts."""
    here = _held_here(wanted, office) or wanted
    return [visit.t("help.another", roles=listed(visit, here))]


def _registry(visit: Visit, _: frozenset[str], office: Mapping[str, Any]) -> Lines:
    return [giving(visit, office)]


_RULES: dict[str, Callable[[Visit, frozenset[str], Mapping[str, Any]], Lines]] = {
    "deny.role": _role,
    "deny.level": _level,
    "deny.area": _area,
    "deny.case": _case,
    "deny.personal": _personal,
    "deny.paper": _paper,
    "deny.referral": _referral,
    "deny.own": _referral,
    "deny.registry": _registry,
    **dict.fromkeys(("same_person", "deny.avoid", "deny.duty", "deny.delegation"), _another),
    "delegation_over": lambda visit, _, __: [visit.t("help.delegation_over")],
}
"""Rule of the access decision, or code of a refusal → what is missing and who can give it."""


def _go(visit: Visit, rule: str, person: str) -> list[tuple[str, str]]:
    """Return where the asker can go on: addresses and words."""
    out = [("/me", visit.t("help.mine"))]
    emergency = wishes()[EMERGENCY]
    if rule == "deny.area" and person and may_send(emergency, visit.me.roles):
        query = urlencode({"person": person, "next": f"/persons/{person}"})
        out.insert(0, (f"/do/{EMERGENCY}?{query}", visit.title(emergency)))
    if acting(visit.session)["kind"] != "all":
        out.append(("/me#switch", visit.t("acting.switch")))
    return out
