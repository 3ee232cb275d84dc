"""The one clock of posts: a post closes after its last day (R74, R95). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from events.contracts import posts as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.time import day_end
from services.kit.decider import Command, TimerKind
from services.posts.post.commands import ClosePost


def _starts(
    fact: Recorded[ev.VacancyListed | ev.PublicPostDeveloped | ev.PostChanged],
) -> tuple[str, dict[str, str]] | None:
    until = fact.event.until
    return None if until is None else (ident(fact.stream), {"until": until.isoformat()})


def _stops(fact: Recorded[Any]) -> str:
    return ident(fact.stream)


def _due(basis: Mapping[str, str], _: Directory) -> datetime:
    return day_end(date.fromisoformat(basis["until"]))


def _close(post: str, basis: Mapping[str, str]) -> Command:
    due = day_end(date.fromisoformat(basis["until"]))
    return ClosePost(post=post, reason="expired", occurred_at=due)


POST_UNTIL = TimerKind(
    name="post-until",
    starts={e.type: _starts for e in (ev.VacancyListed, ev.PublicPostDeveloped, ev.PostChanged)},
    stops={ev.PostClosed.type: _stops},
    due=_due,
    command=_close,
)
TIMERS = (POST_UNTIL,)
