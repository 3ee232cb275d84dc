"""How one condition was judged: the bodies of events carry findings, screens explain by them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition, the value found, the boundary it was held against, its clause, the outcome."""

    condition: str
    value: str
    boundary: str
    clause: str
    ok: bool
