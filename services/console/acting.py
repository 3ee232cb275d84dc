"""As what one acts: with all of one's roles, in one of them, or for another as deputy (X10).

The choice is part of the session, so that the head of every page says it. What it may do is decided
by the write side: a role goes along as a header, the giver of a delegation in the command itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from services.console.session import Session

Choice: TypeAlias = dict[str, Any]
ALL: Choice = {"key": "", "kind": "all"}
OVER = {
    "code": "delegation_over",
    "zh": "代办授权已结束，不能再以代办人身份办理。",
    "en": "The delegation is over; nothing can be done as a deputy any more.",
    "next_zh": "请改以本人岗位办理，或由授权人重新授权。",
    "next_en": "Act in your own role, or let the giver delegate again.",
}


def choices(own: list[str], access: Mapping[str, Any]) -> list[Choice]:
    """List what one may act as: all own roles, each of several, each giver whose term runs."""
    single = [{"key": f"role:{r}", "kind": "role", "roles": [r]} for r in own]
    names = access.get("names") or {}
    deputy = [
        {
            "key": f"for:{d['giver']}",
            "kind": "deputy",
            "roles": list(d["roles"]),
            "giver": d["giver"],
            "giver_name": names.get(d["giver"], ""),
            "until": d["until"],
        }
        for d in access.get("received") or ()
        if d.get("in_force") and d.get("roles")
    ]
    return [ALL | {"roles": own}, *(single if len(single) > 1 else ()), *deputy]


def own_roles(session: Session) -> list[str]:
    """Return the roles the account itself holds, whatever it acts as."""
    return list(session.me.get("own_roles") or session.me.get("roles") or ())


def act_as(session: Session, choice: Choice) -> Session:
    """Return the session acting as chosen."""
    changed = {"own_roles": own_roles(session), "roles": choice["roles"], "acting": choice}
    return replace(session, me=session.me | changed)


def refreshed(session: Session, me: Mapping[str, Any]) -> Session:
    """Return the session with the account as it stands now; a choice stands as it was made."""
    kept = {n: me[n] for n in ("name", "office", "office_name", "level", "path") if me.get(n)}
    own = list(me.get("roles") or ())
    roles = session.me.get("roles") if acting(session)["kind"] != "all" else own
    return replace(session, me=session.me | kept | {"own_roles": own, "roles": roles})


def acting(session: Session | None) -> Choice:
    """Return as what a session acts."""
    found: Choice = (session.me.get("acting") if session else None) or ALL
    return found


def role_sent(session: Session) -> str:
    """Return the one role that a command of this session is to be done in, if one was chosen."""
    found = acting(session)
    return str(found["roles"][0]) if found["kind"] == "role" else ""


def giver_sent(session: Session) -> str:
    """Return whom a command of this session is done for, if one acts as a deputy."""
    return str(acting(session).get("giver") or "")
