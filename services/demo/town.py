"""What all scripts of a run share: the day, the staff, the market, the activities."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from events.rules.calendar import WorkCalendar, seed_calendar
from services.demo.market import Market
from services.demo.people import Staff
from services.demo.plan import Plan


@dataclass(slots=True)
class Town:
    """The simulated county as it is today."""

    plan: Plan
    staff: Staff
    market: Market = field(default_factory=Market)
    calendar: WorkCalendar = field(default_factory=seed_calendar)
    today: date = date.min
    city_category: str = ""
    activities: dict[str, tuple[str, date]] = field(default_factory=dict)
    """The activity of a street (code) that comes next: its id and its day."""
