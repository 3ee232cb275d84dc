"""Days that a form proposes: the node's own today, where the act itself is of that day."""

from __future__ import annotations

from collections.abc import Iterable

from services.console.forms import Typed
from services.console.site import Visit
from services.kit.decider import Command

OF_THE_ACT: dict[str, tuple[str, ...]] = {
    "registry.propose_role": ("from",),
    "registry.restrict_processing": ("from",),
    "certification.post_notice": ("from",),
    "certification.refuse_certification": ("told_on",),
    "certification.confirm_exit": ("told_on",),
}
"""Command → its days before, or after, which the act is refused when it is done on another."""


async def proposed(visit: Visit, command: type[Command], given: Iterable[str]) -> Typed:
    """Return today for the days of a command that the address does not tell."""
    open_days = [n for n in OF_THE_ACT.get(command.type, ()) if n not in given]
    if not open_days:
        return {}
    today = (await visit.maybe("/api/me")).get("valid")
    return {name: [str(today)] for name in open_days if today}
