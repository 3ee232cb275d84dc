"""Parameters, city categories and calendars as the registry's decisions see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, TypeAlias, assert_never

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded, ident
from services.kit.decider import Fold

Outcome: TypeAlias = Literal["open", "set", "rejected"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A proposed value, the hands that proposed it, and what became of it."""

    event: ev.RuleParameterProposed
    hands: tuple[str | None, ...]
    outcome: Outcome = "open"


@dataclass(frozen=True, slots=True)
class ParameterState:
    """Every proposal of one office for one parameter, by event id."""

    wishes: Mapping[str, Wish] = field(default_factory=dict)


def evolve_parameter(state: ParameterState, fact: Recorded[Any]) -> ParameterState:
    """Fold one fact of a parameter's stream."""
    event: (
        ev.RuleParameterProposed
        | ev.RuleParameterSet
        | ev.RuleParameterRejected
        | ev.CorrectionFact
    ) = fact.event
    match event:
        case ev.RuleParameterProposed():
            hands = (fact.actor, fact.attribute("on_behalf_of"))
            return ParameterState({**state.wishes, fact.event_id: Wish(event, hands)})
        case ev.RuleParameterSet(proposal=proposal):
            return _became(state, proposal, "set")
        case ev.RuleParameterRejected(proposal=proposal):
            return _became(state, proposal, "rejected")
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
    assert_never(event)


def _became(state: ParameterState, proposal: str, outcome: Outcome) -> ParameterState:
    wish = replace(state.wishes[proposal], outcome=outcome)
    return ParameterState({**state.wishes, proposal: wish})


@dataclass(frozen=True, slots=True)
class CategoryState:
    """Whose category it is and how long it holds."""

    city: str = ""
    from_day: date = date.min
    until: date | None = None


def evolve_category(state: CategoryState, fact: Recorded[Any]) -> CategoryState:
    """Fold one fact of a city category's stream."""
    event: ev.CityCategoryDefined | ev.CityCategoryEnded | ev.CorrectionFact = fact.event
    match event:
        case ev.CityCategoryDefined(from_day=since, until=until):
            return CategoryState(ident(fact.subject), since, until)
        case ev.CityCategoryEnded(until=until):
            return replace(state, until=until)
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
    assert_never(event)


@dataclass(frozen=True, slots=True)
class CalendarState:
    """The days of the newest notice."""

    holidays: frozenset[date] = frozenset()
    make_up_workdays: frozenset[date] = frozenset()


def evolve_calendar(state: CalendarState, fact: Recorded[Any]) -> CalendarState:
    """Fold one fact of a year's stream."""
    event: ev.CalendarSet | ev.CorrectionFact = fact.event
    match event:
        case ev.CalendarSet(holidays=holidays, make_up_workdays=worked):
            return CalendarState(frozenset(holidays), frozenset(worked))
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
    assert_never(event)


PARAMETER = Fold(streams.PARAMETER, ParameterState(), evolve_parameter)
CATEGORY = Fold(streams.CATEGORY, CategoryState(), evolve_category)
CALENDAR = Fold(streams.CALENDAR, CalendarState(), evolve_calendar)
