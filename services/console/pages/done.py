"""What happened, where it is now, who is next and until when (ui.md 7)."""

from __future__ import annotations

from typing import Any

from events.contracts.catalogue import ALL
from services.console import answers
from services.console.pages.command import wanted
from services.console.people import state_of
from services.console.site import Visit


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
        "title": command.zh if visit.lang == "zh" else command.en,
        "events": [_event(text, visit.lang) for text in visit.query("events").split(",") if text],
        "person": person,
        "state": state_of(person),
        "about": about,
        "duties": await visit.with_offices([answers.duty(d) for d in duties.get("items", [])[:5]]),
        "onward": onward if onward.startswith("/") and not onward.startswith("//") else "",
    }


def _event(text: str, lang: str) -> dict[str, str]:
    name, _, rest = text.partition("@")
    stream, _, version = rest.partition("@")
    cls = ALL.classes.get(name)
    title = name if cls is None else (cls.zh if lang == "zh" else cls.en)
    return {"title": title, "stream": stream, "version": version}
