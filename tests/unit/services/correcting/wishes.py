"""Wishes to correct, made short for the tests."""

from __future__ import annotations

from typing import Any

from events.contracts.base import Event, StreamId
from services.kit.decider import Command, Context
from tests.support.scenario import Scenario, day_at, some_id


def wish(context: Context, name: str, **fields: Any) -> Command:  # noqa: ANN401
    """Make one of a context's three commands."""
    full = f"{context.name}.{name}"
    cls = next(c for c in context.deciders.by_command if c.type == full)
    return cls(**fields)


def number(stream: StreamId, n: int) -> str:
    """Return the id of the n-th event of a stream, as scenarios give it."""
    return some_id(f"{stream}/{n}")


def propose(
    scenario: Scenario,
    stream: StreamId,
    n: int,
    event: Event | None = None,
    day: str | None = None,
    **more: Any,  # noqa: ANN401
) -> Command:
    """Wish the n-th event of a stream to say something else, to be of another day, or void."""
    return wish(
        scenario.context,
        "propose_correction",
        stream=stream,
        corrects=number(stream, n),
        replacement=None if event is None else event.model_dump_json(exclude_none=True),
        happened_at=None if day is None else day_at(day),
        **{"reason": "typing_error", "text": "录入时看错", **more},
    )


def approve(scenario: Scenario, stream: StreamId, n: int) -> Command:
    """Wish to approve the proposal that is the n-th event of a stream."""
    return wish(scenario.context, "approve_correction", stream=stream, proposal=number(stream, n))


def reject(scenario: Scenario, stream: StreamId, n: int) -> Command:
    """Wish to reject it."""
    return wish(
        scenario.context,
        "reject_correction",
        stream=stream,
        proposal=number(stream, n),
        reason="原记录无误",
    )
