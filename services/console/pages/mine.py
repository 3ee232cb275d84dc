"""我的权限: roles, terms as deputy, open emergencies; and the switch of what one acts as (X10)."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from services.console.abilities import abilities
from services.console.acting import act_as, acting, choices
from services.console.site import Visit
from services.console.staying import rotate
from services.console.typed import first, read_form


async def load(visit: Visit) -> dict[str, Any]:
    """Load what the account may act as, and what each of its roles may do."""
    access = await visit.get("/api/me/access")
    queries = (await visit.maybe("/api/queries")).get("items", ())
    own = _own(access)
    lent = {r for term in access.get("received", ()) for r in term["roles"] if term["in_force"]}
    return {
        "access": access,
        "choices": choices(own, access),
        "chosen": acting(visit.session).get("key", ""),
        "roles": [(r, abilities(r, queries, visit.lang)) for r in [*own, *sorted(lent - {*own})]],
        "emergencies": await _emergencies(visit, access),
    }


def _own(access: dict[str, Any]) -> list[str]:
    """Return the roles in force today; newer than those of the sign-in."""
    return sorted({g["role"] for g in access.get("grants", ()) if g["in_force"]})


async def _emergencies(visit: Visit, access: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the emergencies that still ran at the known point, with the persons' names."""
    known = str((access.get("known") or {}).get("time") or "")
    rows = [e for e in access.get("emergencies", ()) if e["until"][:19] > known[:19]]
    return await visit.with_names(rows)


async def switch(visit: Visit) -> Response:
    """Act as chosen from now on; what is no longer to choose changes nothing (X10)."""
    _, own = await read_form(visit.request)
    response = RedirectResponse("/me#switch", 303)
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        return response
    access = await visit.get("/api/me/access")
    offered = {c["key"]: c for c in choices(_own(access), access)}
    if (choice := offered.get(first(own, "_as"))) is not None:
        await rotate(visit)
        visit.session = act_as(visit.me, choice)
        visit.site.keeper.write(response, visit.session)
    return response
