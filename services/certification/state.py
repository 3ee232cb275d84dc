"""A certification as its rules see it; read models keep the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from events.contracts import certification as ev
from events.rules.duties import Duty

Status: TypeAlias = Literal[
    "none",
    "filed",
    "registered",
    "on_notice",
    "notice_closed",
    "street_reviewed",
    "at_county",
    "county_reviewed",
    "returned",
    "withdrawn",
    "refused",
    "certified",
    "exited",
    "lapsed",
    "revoked",
]
BEFORE_DECISION: tuple[Status, ...] = (
    "filed",
    "registered",
    "on_notice",
    "notice_closed",
    "street_reviewed",
    "at_county",
    "county_reviewed",
    "returned",
)
ENDED: tuple[Status, ...] = ("exited", "lapsed", "revoked")


@dataclass(frozen=True, slots=True)
class Application:
    """What was applied for, as last resubmitted; `evidence` maps kind to the last valid day."""

    categories: tuple[ev.Category, ...] = ()
    city_category: str | None = None
    household: str | None = None
    causes: tuple[ev.Cause, ...] = ()
    evidence: Mapping[str, date | None] = field(default_factory=dict)
    attest_ability: bool = False
    attest_wish: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """The running or last public notice."""

    event: str
    from_day: date
    until: date


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judged refusal; one that the county does not confirm leaves the tally (R29)."""

    judged: ev.Judged
    event: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that waits for the county, and the names behind it."""

    event: str
    on: date
    by: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    categories_met: tuple[ev.Category, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """The refusal, exit, lapse or revocation that stands, and the day the person was told."""

    event: str
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One certification from the application to its end."""

    status: Status = "none"
    person: str = ""
    applied_on: date | None = None
    application: Application = field(default_factory=Application)
    originals: int = 0
    notice: Notice | None = None
    objections: frozenset[str] = frozenset()
    upheld: bool = False
    returned_from: Status | None = None
    street_opinion: ev.Opinion | None = None
    county_opinion: ev.Opinion | None = None
    category: ev.Category | None = None
    city_category: str | None = None
    household: str | None = None
    certified_on: date | None = None
    annotated: ev.Category | None = None
    was_annotated: bool = False
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    exits: Mapping[ev.ExitGround, Proposal] = field(default_factory=dict)
    gave_up: bool = False
    report_from: date | None = None
    report_event: str = ""
    ending: Ending | None = None
    reversal: Proposal | None = None
    reassessment: Proposal | None = None
    revocation: Proposal | None = None
    review: Ending | None = None
    reviewed: frozenset[str] = frozenset()
    officer: str | None = None
    acted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)

    @property
    def tally(self) -> int:
        """Count the unjust refusals that stand (R29)."""
        return len(self.counted)

    @property
    def counted(self) -> dict[str, str]:
        """Map the offers in the tally to their judgements."""
        return {
            offer: j.event
            for offer, j in self.judgements.items()
            if j.judged == "unjust" and j.confirmed
        }

    @property
    def opinion(self) -> ev.Opinion | None:
        """Return the opinion that goes to the certifier: the county's own in a mining area."""
        return self.county_opinion or self.street_opinion

    def proposal(self, event: str) -> ev.ExitGround | None:
        """Return the ground of an open exit proposal."""
        return next((g for g, p in self.exits.items() if p.event == event), None)
