"""The individual plan: made, revised, its measures carried out (R52, R85). Pure."""

from __future__ import annotations

from events.contracts import assistance as ev
from services.assistance import reasons
from services.assistance.deciding import decide
from services.assistance.file import commands as cmd
from services.assistance.file.agreement import need_agreement
from services.assistance.file.common import need_file, need_office
from services.assistance.file.state import FILE, File
from services.assistance.foreign import PERSON
from services.kit.decider import NOT_FOUND, DomainError, Loaded, Outcome, World, on


@decide(cmd.MakePlan)
def make_plan(c: cmd.MakePlan, w: World) -> Outcome:
    """Make the plan under an active agreement, from at least one fact of the profile (R85)."""
    file = need_agreement(w, c.case)
    if file.state.measures is not None:
        raise DomainError(reasons.PLAN_EXISTS)
    if not c.facts:
        raise DomainError(reasons.PLAN_WITHOUT_FACT)
    person = w.need(PERSON, file.state.person)
    for fact in c.facts:
        w.event(person, fact)
    _need_measures(w, c.measures)
    return on(file, ev.PlanMade(facts=c.facts, goals=c.goals, measures=c.measures))


def _need_measures(w: World, measures: tuple[ev.Measure, ...]) -> None:
    """Refuse a plan without measures, with one number twice, or with an unknown provider."""
    if not measures or len({m.id for m in measures}) < len(measures):
        raise DomainError(reasons.NO_MEASURES)
    for measure in measures:
        need_office(w, measure.provider)


def _need_plan(file: Loaded[File]) -> tuple[ev.Measure, ...]:
    """Return the measures of the plan in force."""
    if file.state.measures is None:
        raise DomainError(reasons.NO_PLAN)
    return file.state.measures


@decide(cmd.RevisePlan)
def revise_plan(c: cmd.RevisePlan, w: World) -> Outcome:
    """Revise the plan; its facts are of the profile or of the file itself (R85)."""
    file = need_agreement(w, c.case)
    _need_plan(file)
    person = w.need(PERSON, file.state.person)
    for fact in c.facts:
        if w.facts.event(person.stream, fact) is None:
            w.event(file, fact)
    _need_measures(w, c.measures)
    event = ev.PlanRevised(facts=c.facts, goals=c.goals, measures=c.measures, reason=c.reason)
    return on(file, event)


@decide(cmd.CompleteMeasure)
def complete_measure(c: cmd.CompleteMeasure, w: World) -> Outcome:
    """Record a measure of the current plan as carried out, by its provider or the office (R52)."""
    planned = w.need(FILE, c.case).state.measures or ()
    provider = frozenset(m.provider for m in planned if m.id == c.measure)
    file = need_file(w, c.case, outside=provider)
    if c.measure not in {m.id for m in _need_plan(file)}:
        raise DomainError(reasons.MEASURE_UNKNOWN)
    if c.measure in file.state.delivered:
        return ()
    if c.service is not None and c.service not in file.state.services:
        raise DomainError(NOT_FOUND, what=f"event-{c.service}")
    event = ev.MeasureDelivered(measure=c.measure, service=c.service, result=c.result)
    return on(file, event)
