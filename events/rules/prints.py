"""Who may print which document: each has a decision of its own, asked before anything is read.

A document that is not named here is printed by nobody.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from events.rules.access import Action

Document: TypeAlias = Literal["notice", "agreement", "decision", "roster"]
"""The notice sheet, the agreement, the county's decision, the list of the ledger (X20)."""
DOCUMENTS: tuple[Document, ...] = get_args(Document)

_PARTIES = frozenset({"labour"})
_ROLES: dict[str, frozenset[str]] = {
    "notice": _PARTIES,
    "agreement": _PARTIES,
    "decision": _PARTIES,
    "roster": frozenset({"readers"}),
}
"""Papers of a case are the labour offices' own; a list is for whoever reads persons in clear."""
_PRINTS = {name: Action(f"print.{name}", roles, "print") for name, roles in _ROLES.items()}


def printing(document: str) -> Action:
    """Return what printing a document asks for; nobody may print an unknown one (X20)."""
    return _PRINTS.get(document) or Action(f"print.{document}", frozenset(), "print")
