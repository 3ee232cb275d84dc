"""Which open cases are an officer's: assigned to him, or helped by him (R84, X10). Pure.

Claims name the cases; whether one is still open, its own stream tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from events.contracts import assistance, certification, streams
from events.contracts.base import Recorded
from services.kit.decider import Fold, World


@dataclass(frozen=True, slots=True)
class Matter:
    """A case or an assistance file: who it is with, whether it is over."""

    officer: str = ""
    over: bool = False


def _matter(state: Matter, fact: Recorded[Any]) -> Matter:
    match fact.event:
        case certification.CaseAssigned(officer=officer):
            return replace(state, officer=officer)
        case assistance.AgreementSigned(helper=helper):
            return Matter(helper)
        case assistance.HelperChanged(to=helper):
            return replace(state, officer=helper)
        case (
            certification.ApplicationWithdrawn()
            | certification.CertificationRefused()
            | certification.Exited()
            | certification.Lapsed()
            | certification.CertificationRevoked()
            | assistance.AgreementEnded()
            | assistance.FileClosed()
        ):
            return replace(state, over=True)
        case (
            certification.ExitReversed() | certification.ReviewDecided(outcome="set_aside")
            | assistance.FileReopened()
        ):  # fmt: skip
            return replace(state, over=False)
        case _:
            return state


FOLDS = {
    "assigned": Fold(streams.CERTIFICATION, Matter(), _matter),
    "helping": Fold(streams.ASSISTANCE, Matter(), _matter),
}
"""Kind of claim to the stream that tells whether the case is open."""


def open_cases(w: World, user: str) -> tuple[str, ...]:
    """Return the cases that are the officer's and not over."""
    found = [
        (w.load(fold, case).state, case)
        for kind, fold in FOLDS.items()
        for case in w.held(f"{kind}/{user}/").values()
    ]
    return tuple(sorted({c for state, c in found if state.officer == user and not state.over}))
