"""Who asks: the account behind the token, with office, roles and areas as they stand today."""

from __future__ import annotations

from projections.api.query import Answer, Call, Query


async def me(call: Call) -> Answer:
    """Answer the asker's own account, office and roles: what a client needs at sign-in."""
    who, directory = call.principal, call.side.directory()
    account, office = directory.accounts.get(who.user), directory.office(who.office)
    return {
        "user": who.user,
        "name": account.name if account else "",
        "office": who.office,
        "office_name": office.name_on(call.today) if office else "",
        "level": who.level,
        "path": who.path,
        "roles": sorted(who.roles),
        "areas": list(who.areas),
    }


QUERIES = (Query("/api/me", "me", "本人账号", "The asker's account, office and roles", me),)
