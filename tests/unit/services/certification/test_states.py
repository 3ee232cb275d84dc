"""The state table of C3.8: every row is reached, every other pair of state and command refused."""

from __future__ import annotations

import pytest

from events.contracts import certification as ev
from events.rules.access import Principal
from services.certification.decision import commands as deciding
from services.certification.state import BEFORE_DECISION
from services.kit.decider import Command, DomainError
from tests.support.scenario import Scenario, events, some_id
from tests.unit.services.certification import facts as a
from tests.unit.services.certification.places import PLACES, Place
from tests.unit.services.certification.wishes import WISHES, Wish

ANY_CERTIFIED = ("certified", "certified+exit", "certified+reassessment")
ANY_EXITED = ("exited", "exited+reversal", "exited+review")
ENDED = ("withdrawn", "refused", "refused+review", *ANY_EXITED, "lapsed", "revoked")
RETURNABLE = (
    "filed", "registered", "notice_closed", "notice_closed+objection", "street_reviewed",
    "at_county", "mining notice_closed", "mining at_county", "county_reviewed",
)  # fmt: skip
OBJECTED = ("on_notice+objection", "notice_closed+objection")

ROWS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("none", *ENDED), "file_application", "filed"),
    (("filed",), "register_at_community", "registered"),
    (("registered",), "post_notice", "on_notice"),
    (("on_notice", "on_notice+objection"), "lodge_objection", "on_notice"),
    (("on_notice", "on_notice+objection"), "close_notice", "notice_closed"),
    (("on_notice+objection",), "decide_objection: dismissed", "on_notice"),
    (("notice_closed+objection",), "decide_objection: dismissed", "notice_closed"),
    (OBJECTED, "decide_objection: upheld", "returned"),
    (("notice_closed",), "street_review", "street_reviewed"),
    (("street_reviewed", "mining notice_closed"), "forward_to_county", "at_county"),
    (("mining at_county",), "county_review", "county_reviewed"),
    (("at_county", "county_reviewed"), "certify", "certified"),
    (("at_county", "county_reviewed"), "refuse_certification", "refused"),
    (RETURNABLE, "return_application", "returned"),
    (("returned",), "resubmit", "street_reviewed"),
    (
        tuple(name for name, place in PLACES.items() if place.status in BEFORE_DECISION),
        "withdraw_application",
        "withdrawn",
    ),
    (("refused",), "request_review", "refused"),
    (("refused+review",), "decide_review: upheld", "refused"),
    (("refused+review",), "decide_review: set_aside", "at_county"),
    (ANY_CERTIFIED, "annotate_certificate", "certified"),
    (ANY_CERTIFIED, "count_refusal", "certified"),
    (ANY_EXITED, "count_refusal", "exited"),
    (("certified", "certified+reassessment"), "propose_exit", "certified"),
    (ANY_CERTIFIED, "withdraw_wish", "certified"),
    (("certified+exit",), "withdraw_exit_proposal", "certified"),
    (("certified+exit",), "confirm_exit", "exited"),
    (("certified+exit",), "reject_exit", "certified"),
    (("exited", "exited+reversal", "exited+review"), "propose_exit_reversal", "exited"),
    (("exited+reversal",), "approve_exit_reversal", "certified"),
    (("exited", "exited+reversal"), "request_review", "exited"),
    (("exited+review",), "decide_review: upheld", "exited"),
    (("exited+review",), "decide_review: set_aside", "certified"),
    (("certified", "certified+exit"), "propose_reassessment", "certified"),
    (("certified+reassessment",), "decide_reassessment: keep", "certified"),
    (("certified+reassessment",), "decide_reassessment: lapse", "lapsed"),
    (ANY_CERTIFIED, "lapse", "lapsed"),
    ((*ANY_EXITED, "lapsed", "revoked"), "cancel_annotation", "same"),
)
ALLOWED = {(place, wish): to for places, wish, to in ROWS for place in places}
ALREADY = {("certified", "annotate_certificate"), ("certified+exit", "annotate_certificate"),
           ("certified+reassessment", "annotate_certificate"),
           ("exited+reversal", "propose_exit_reversal")}  # fmt: skip
"""Wishes that are true already there: accepted, with nothing to write."""


def _by(wish: Wish, name: str, place: Place) -> Principal:
    if name == "return_application":
        holder = {"notice_closed": a.SIGNER, "street_reviewed": a.SIGNER}
        mine = {"notice_closed": a.MINE_HEAD}
        county = place.status in ("at_county", "county_reviewed")
        by = (mine if place.mining else holder).get(place.status, a.CLERK)
        return a.REVIEWER if county else by
    return wish.mine or wish.by if place.mining else wish.by


def _try(place: Place, name: str) -> tuple[Scenario, Command, Principal, str]:
    wish = WISHES[name]
    day = max(place.day, wish.first)
    exists = place.status != "none"
    command = wish.make(place.it, day) if exists else _unknown(wish, place.it, day)
    return place.it.given(*wish.facts), command, _by(wish, name, place), day


def _unknown(wish: Wish, it: Scenario, day: str) -> Command:
    """Make the command for a case that does not exist."""
    try:
        return wish.make(it, day)
    except AssertionError:
        return deciding.RequestReview(case=a.CASE, against=some_id("x"), grounds="不服")


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(("place", "wish"), sorted(ALLOWED))
def test_every_row_of_the_table_leads_where_it_says(place: str, wish: str) -> None:
    it, command, by, day = _try(PLACES[place], wish)
    if (place, wish) in ALREADY:
        assert it.by(by).when(command, day) == ()
        return
    if wish == "file_application":
        (filed, *_) = events(it.by(by).when(command, day))
        assert isinstance(filed, ev.ApplicationFiled)
        return
    to = ALLOWED[place, wish]
    expected = PLACES[place].status if to == "same" else to
    assert a.state(a.step(it, by, command, day)).status == expected


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(
    ("place", "wish"),
    sorted((p, c) for p in PLACES for c in WISHES if (p, c) not in ALLOWED),
)
def test_every_other_pair_of_state_and_command_is_refused(place: str, wish: str) -> None:
    it, command, by, day = _try(PLACES[place], wish)
    if by.system and place != "none":
        assert it.by(by).when(command, day) == ()
        return
    if by.system and wish in ("lapse", "propose_reassessment"):
        assert it.by(by).when(command, day) == ()
        return
    with pytest.raises(DomainError) as refused:
        it.by(by).when(command, day)
    reason = refused.value.reason
    assert all((reason.zh, reason.en, reason.next_zh, reason.next_en))
    assert reason.code != "forbidden"
