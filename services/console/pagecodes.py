"""The page that a read of personal data is recorded under, told from the address (X14)."""

from __future__ import annotations

PAGES = {
    "tasks": "tasks", "persons": "persons", "households": "households", "apply": "apply",
    "done": "done", "do": "form", "o": "figures", "audit": "audit", "events": "event",
}  # fmt: skip
"""First part of an address → its page."""


def page_code(path: str) -> str:
    """Return the page that an address belongs to; one person's own pages apart from the list."""
    first, *more = path.strip("/").split("/")
    if first in {"persons", "households"} and more:
        return {"persons": "person", "households": "household"}[first]
    return PAGES.get(first, "open")
