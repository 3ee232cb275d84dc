"""Categories that a city defines for its own area (R16). Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from events.rules.language import RuleSyntaxError, parse_rule
from services.kit.decider import DomainError, Outcome, World, on
from services.registry import reasons
from services.registry.deciding import decide
from services.registry.rules import commands as cmd
from services.registry.rules.state import CATEGORY


@decide(cmd.DefineCityCategory)
def define_city_category(c: cmd.DefineCityCategory, w: World) -> Outcome:
    """Define a category for the asker's own city, in the rule language (R16)."""
    city = w.principal.office
    w.authorise(city, kind="office")
    if c.until is not None and c.until < c.from_day:
        raise DomainError(reasons.DATE_ORDER)
    try:
        parse_rule(c.conditions)
    except RuleSyntaxError as error:
        raise DomainError(
            reasons.CONDITIONS_UNREADABLE, at=error.at, zh=error.zh, en=error.en
        ) from error
    for known in w.directory.categories_for(w.directory.path(city), c.from_day):
        if known.name == c.name:
            if (known.conditions, known.from_day, known.until) == (
                c.conditions,
                c.from_day,
                c.until,
            ):
                return ()
            raise DomainError(reasons.CATEGORY_NAME)
    event = ev.CityCategoryDefined(
        name=c.name,
        conditions=c.conditions,
        document=c.document,
        from_day=c.from_day,
        until=c.until,
    )
    return on(w.new(CATEGORY, f"office-{city}"), event)


@decide(cmd.EndCityCategory)
def end_city_category(c: cmd.EndCityCategory, w: World) -> Outcome:
    """End a category with a last day; cases certified under it keep it (R16)."""
    category = w.need(CATEGORY, c.category)
    w.authorise(category.state.city, kind="office")
    known = category.state
    if known.until == c.until:
        return ()
    if c.until < known.from_day or (known.until is not None and c.until > known.until):
        raise DomainError(reasons.DATE_ORDER)
    return on(category, ev.CityCategoryEnded(until=c.until, document=c.document))
