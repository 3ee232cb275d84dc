"""Which papers a page offers to print: those that the state of the case and one's role allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from events.rules.prints import Document, printing
from services.console.people import state_of
from services.console.site import Visit

_POSTED = frozenset({
    "on_notice", "notice_closed", "street_reviewed", "at_county", "county_reviewed",
})  # fmt: skip
_CERTIFIED = frozenset({"certified", "exited", "lapsed", "revoked"})
_DECIDED = _CERTIFIED | {"refused"}
_STATES: dict[Document, frozenset[str]] = {
    "notice": _POSTED | _DECIDED,
    "decision": _DECIDED,
    "agreement": _CERTIFIED,
}
"""Document → the states of certification in which there is something to print."""
_AFTER: dict[str, Document] = {
    "certification.post_notice": "notice",
    "certification.certify": "decision",
    "certification.refuse_certification": "decision",
    "certification.annotate_certificate": "decision",
    "assistance.sign_agreement": "agreement",
    "assistance.supplement_agreement": "agreement",
    "assistance.make_plan": "agreement",
    "assistance.revise_plan": "agreement",
}
"""Command → the paper that it makes or changes."""


def may_print(visit: Visit, document: Document) -> bool:
    """Tell whether one's roles print a document; where, the write side decides."""
    return bool(printing(document).wanted & visit.me.roles)


def papers_of(visit: Visit, person: Mapping[str, Any]) -> list[tuple[Document, str]]:
    """Return the papers of a person's case that may be printed now, with their addresses."""
    state = state_of(person)["certification"]
    return [
        (document, f"/print/{document}/{person['id']}")
        for document, states in _STATES.items()
        if state in states and not visit.past and may_print(visit, document)
    ]


def paper_after(visit: Visit, command: str, person: str, after: str) -> list[tuple[Document, str]]:
    """Return the paper that an act makes; it waits until what was done can be seen."""
    document = _AFTER.get(command)
    if document is None or not person or not may_print(visit, document):
        return []
    query = f"?{urlencode({'after': after})}" if after else ""
    return [(document, f"/print/{document}/{person}{query}")]
