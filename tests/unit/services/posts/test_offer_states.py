"""Every pair of state and command of an offer."""

from __future__ import annotations

import pytest

from events.contracts import posts as ev
from services.posts.offer import commands as cmd
from tests.support.scenario import Scenario, events
from tests.unit.services.posts.facts import (
    JUDGE,
    REVIEWER,
    SIGNER,
    VACANCY,
    on_offer,
    with_offer,
)
from tests.unit.services.posts.test_judgements import AGAIN, judged, refused
from tests.unit.services.posts.test_offers import WITHDRAW, outcome

TABLE = {
    "accepted": ("offered",),
    "refused": ("offered",),
    "not_taken_up": ("offered", "accepted"),
    "withdrawn": ("offered", "accepted"),
    "judge": ("refused", "not_taken_up"),
    "rejudge": ("judged",),
}
STATES = {
    "offered": with_offer,
    "accepted": with_offer.after(outcome("accepted"), "2008-06-10"),
    "refused": refused,
    "not_taken_up": with_offer.after(outcome("not_taken_up"), "2008-06-10"),
    "withdrawn": with_offer.after(outcome("withdrawn"), "2008-06-10"),
    "taken_up": with_offer.given(on_offer(ev.OfferTakenUp(post=VACANCY))),
    "judged": judged,
}


def step(name: str, state: str) -> tuple[Scenario, cmd.RecordOfferOutcome | cmd.JudgeRefusal]:
    if name == "judge":
        just = JUDGE.model_copy(update={"judged": "just"})
        return STATES[state].by(SIGNER), just
    return STATES[state], outcome(name)


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", [n for n in TABLE if n != "rejudge"])
def test_the_state_table_of_an_offer(name: str, state: str) -> None:
    scenario, command = step(name, state)
    if state in TABLE[name]:
        assert events(scenario.when(command))
    elif state == name:
        assert scenario.when(command) == ()
    else:
        assert scenario.refused(command) == "offer_ended"


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("state", STATES)
def test_only_what_was_judged_is_judged_again(state: str) -> None:
    scenario = STATES[state].by(REVIEWER)
    if state == "judged":
        assert events(scenario.when(AGAIN, "2008-06-20"))
    else:
        assert scenario.refused(AGAIN, "2008-06-20") == "offer_ended"


@pytest.mark.requirement("R34")
@pytest.mark.parametrize("state", STATES)
def test_only_an_open_offer_is_withdrawn(state: str) -> None:
    if state in ("offered", "accepted"):
        assert events(STATES[state].when(WITHDRAW))
    elif state == "withdrawn":
        assert STATES[state].when(WITHDRAW) == ()
    else:
        assert STATES[state].refused(WITHDRAW) == "offer_ended"
