"""What happened, where it is now, who is next and until when (ui.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from events.contracts.catalogue import ALL
from events.rules.roles import expand
from services.console import answers, formats
from services.console.offers import hands, judge
from services.console.pages.command import wanted
from services.console.papers import paper_after
from services.console.people import address_of, state_of
from services.console.site import Visit
from services.console.wishes import wishes

STEPS = (
    "certification.register_at_community", "certification.post_notice",
    "certification.close_notice", "certification.street_review",
    "certification.forward_to_county", "certification.county_review", "certification.certify",
    "certification.resubmit", "assistance.sign_agreement", "assistance.make_plan",
)  # fmt: skip
"""The way of a case from application to plan, in order; the first that is legal is next."""


async def load(visit: Visit) -> dict[str, Any]:
    """Load the page after an accepted command."""
    command = wanted(visit.request.path_params["command"])
    about = visit.query("about")
    after = visit.query("after")
    person = await visit.maybe_person(about, after=after) if about else {}
    duties = (
        await visit.maybe("/api/obligations", person=about, state="open", after=after)
        if about
        else {}
    )
    onward = visit.query("next")
    if onward.startswith("/apply") and about and "person=" not in onward:
        onward = f"/apply?person={about}"
    return {
        "title": visit.title(command),
        "events": [_event(visit, text) for text in visit.query("events").split(",") if text],
        "person": person,
        "state": state_of(person),
        "about": about,
        "step": _step(visit, person),
        "papers": paper_after(visit, command.type, about, after),
        "duties": await visit.with_offices([answers.duty(d) for d in duties.get("items", [])[:5]]),
        "onward": _onward(onward, after),
        "onward_words": next((k for p, k in ONWARD.items() if onward.startswith(p)), "done.back"),
        "seconds": await _seconds(visit, command.type, onward),
    }


ONWARD = {"/apply": "done.on", "/accounts": "done.account", "/exports": "done.export",
          "/persons": "done.person", "/events": "done.event"}  # fmt: skip
"""Beginning of the address where one goes on → its words."""


def _onward(to: str, after: str) -> str:
    """Return the address where one goes on; it waits until what was done can be seen there."""
    if not to.startswith("/") or to.startswith("//"):
        return ""
    waits = to.startswith(("/accounts", "/exports")) and after and "?" not in to
    return f"{to}?{urlencode({'after': after})}" if waits else to


async def _seconds(visit: Visit, name: str, onward: str) -> list[dict[str, Any]]:
    """Say who gives the second signature to a role that was just proposed (R23)."""
    if name != "registry.propose_role" or not onward.startswith("/accounts/"):
        return []
    account = await visit.maybe(f"/api{onward}", after=visit.query("after"))
    wishes_ = account.get("proposed") or []
    return list(wishes_[-1]["seconds"]) if wishes_ else []


def _step(visit: Visit, person: Mapping[str, Any]) -> dict[str, str]:
    """Say what is next for a person's case, who does it, and from when (R19, R20)."""
    state = state_of(person)
    for command in (wishes()[name] for name in STEPS):
        actors = hands(command, state)
        roles = expand(frozenset(actors))
        if not judge(command, state, roles).legal:
            continue
        people = [a for a in actors if a not in {"system", "person"}]
        mine = bool(roles & visit.me.roles)
        return {
            "what": visit.title(command),
            "who": visit.listed(people),
            "go": address_of(visit, command, person) if mine else "",
            "after": _last_day(person) if command.type == "certification.close_notice" else "",
        }
    return {}


def _last_day(person: Mapping[str, Any]) -> str:
    """Return the last day of the notice that runs."""
    found = (c for c in person.get("clocks", ()) if c.get("kind") == "T1")
    return formats.day(next((c.get("due") for c in found), None))


def _event(visit: Visit, text: str) -> dict[str, str]:
    name, _, rest = text.partition("@")
    stream, _, version = rest.partition("@")
    cls = ALL.classes.get(name)
    return {"title": visit.title(cls) if cls else name, "stream": stream, "version": version}
