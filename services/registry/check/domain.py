"""Checks of the live log: one at a time, cancelled or brought to a result, once (X13). Pure."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded
from events.rules.divisions import SHANXI
from services.kit.decider import Fold, Loaded, Outcome, Release, Take, World, on
from services.registry.check import commands as cmd
from services.registry.deciding import decide

Standing: TypeAlias = Literal["none", "running", "cancelled", "completed"]
NODE = f"{SHANXI:0<12}"
"""The office whose area the whole log is."""
RUNNING = "check/running"


def evolve(state: Standing, fact: Recorded[Any]) -> Standing:
    """Fold one fact of a check."""
    match fact.event:
        case ev.CheckRequested():
            return "running"
        case ev.CheckCancelled():
            return "cancelled"
        case ev.CheckCompleted():
            return "completed"
        case _:
            return state


CHECK: Fold[Standing] = Fold(streams.CHECK, "none", evolve)


@decide(cmd.RequestCheck)
def request_check(_: cmd.RequestCheck, w: World) -> Outcome:
    """Begin a check for who watches over the whole log; a running one answers for it (X13)."""
    w.authorise(NODE, kind="office")
    if w.holder(RUNNING) is not None:
        return ()
    check = w.new(CHECK, f"office-{NODE}")
    return (*on(check, ev.CheckRequested()), Take(RUNNING, check.stream, generated=True))


@decide(cmd.CancelCheck)
def cancel_check(c: cmd.CancelCheck, w: World) -> Outcome:
    """Break it off while it runs; one that has ended stays as it is (X13)."""
    return _ended(w, w.need(CHECK, c.check), ev.CheckCancelled())


@decide(cmd.CompleteCheck)
def complete_check(c: cmd.CompleteCheck, w: World) -> Outcome:
    """Record the result of a check that was not cancelled, once (X13)."""
    event = ev.CheckCompleted(**{n: getattr(c, n) for n in ev.CheckCompleted.model_fields})
    return _ended(w, w.need(CHECK, c.check), event)


def _ended(
    w: World, check: Loaded[Standing], event: ev.CheckCancelled | ev.CheckCompleted
) -> Outcome:
    w.authorise(NODE, kind="office")
    if check.state != "running":
        return ()
    return (*on(check, event), Release(RUNNING, check.stream))
