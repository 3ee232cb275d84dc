"""Every reaction of every context gets its own commands through, whatever it is called."""

from __future__ import annotations

from typing import Any

import pytest

from services.kit.decider import Reactions
from services.kit.follower import Follower, _Plan
from tests.support.node import CONTEXTS
from tests.unit.projections import story

WIRES = sorted({wire for context in CONTEXTS for wire in context.reactions.by_event})


def planned(wire: str) -> list[tuple[Any, str]]:
    """Return the commands that a fact of a type brings about, with their ids."""
    nothing: Any = None
    follower = Follower(
        nothing, nothing, CONTEXTS, nothing, nothing, nothing, nothing, nothing, ()
    )  # fmt: skip
    plan, fact = _Plan(), story.Log().add(story.ON_ANNA, story.any_event(wire))
    follower._plan_reactions(plan, fact)  # noqa: SLF001
    return [(ident, command.type) for made in plan.commands.values() for ident, command, *_ in made]


@pytest.mark.parametrize("wire", WIRES)
def test_no_two_commands_of_one_fact_have_one_id(wire: str) -> None:
    made = planned(wire)
    assert len({ident for ident, _ in made}) == len(made)


@pytest.mark.requirement("R11")
@pytest.mark.requirement("R87")
def test_a_placement_ends_the_registration_and_clears_the_household() -> None:
    assert {name for _, name in planned("posts.placed_in_job.v1")} >= {
        "registry.cancel_unemployment_registration",
        "certification.clear_household",
    }


def test_two_reactions_of_a_context_to_one_fact_may_not_share_a_name() -> None:
    react = Reactions()
    event = type(story.any_event("posts.placed_in_job.v1"))

    def on_placed(_: Any) -> tuple[()]:  # noqa: ANN401
        return ()

    react(event)(on_placed)
    with pytest.raises(ValueError, match="on_placed"):
        react(event)(on_placed)
