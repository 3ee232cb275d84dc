"""The register of employers: each unified code once (R70). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from events.contracts import posts as ev
from events.contracts import streams
from events.contracts.base import Recorded
from services.kit.decider import DomainError, Fold, Outcome, Take, World, on
from services.posts import reasons
from services.posts.deciding import decide
from services.posts.employer import commands as cmd


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer and its kind."""

    kind: str = ""
    division: str = ""


def evolve(state: Employer, fact: Recorded[ev.EmployerEvent | ev.CorrectionEvent]) -> Employer:
    """Fold one fact of an employer."""
    match fact.event:
        case ev.EmployerRegistered() as event:
            return Employer(event.kind, event.division)
        case ev.EmployerChanged(field="kind", value=kind):
            return replace(state, kind=kind)
        case ev.EmployerChanged(field="division", value=division):
            return replace(state, division=division)
        case ev.EmployerChanged():
            return state
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
        case _ as never:
            assert_never(never)


EMPLOYER = Fold(streams.EMPLOYER, Employer(), evolve)


@decide(cmd.RegisterEmployer)
def register_employer(c: cmd.RegisterEmployer, w: World) -> Outcome:
    """Register an employer as an outside office of its own (R70)."""
    w.authorise(w.principal.office, kind="office")
    claim = f"employer-code/{w.secret('employer_code', c.unified_code)}"
    if (known := w.holder(claim)) is not None:
        raise DomainError(reasons.EMPLOYER_KNOWN, employer=known)
    own = w.ids.next()
    employer = w.new(EMPLOYER, f"office-{own}", own)
    event = ev.EmployerRegistered(
        name=c.name,
        unified_code=c.unified_code,
        ownership=c.ownership,
        kind=c.kind,
        division=c.division,
        contact=c.contact,
    )
    return (*on(employer, event), Take(claim, employer.stream, reasons.EMPLOYER_KNOWN))
