"""A refusal is judged, judged again by another, and counts as its offer does."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from events.contracts import posts as ev
from events.contracts import registry, streams
from events.rules.access import Principal
from services.posts.offer import commands as cmd
from tests.support.scenario import events, happened, some_id
from tests.unit.services.assistance.facts import (
    CASE,
    DOC,
    PES,
    STREET,
    directory,
    officer,
    with_parameter,
)
from tests.unit.services.posts.facts import (
    JUDGE,
    OFFER,
    OFFER_CLAIM,
    REVIEWER,
    SIGNER,
    given,
    offered,
    on_offer,
    with_offer,
)
from tests.unit.services.posts.test_offers import outcome

refused = with_offer.after(outcome("refused"), "2008-06-10")


@pytest.mark.requirement("R30")
def test_the_street_judges_after_hearing_the_person() -> None:
    (event,) = events(refused.by(SIGNER).when(JUDGE))

    assert event == ev.RefusalJudged(
        judged="unjust",
        reason="no_cause",
        text="无正当理由",
        heard_on=date(2008, 6, 12),
        case=CASE,
        counts=True,
    )
    early = JUDGE.model_copy(update={"heard_on": date(2008, 6, 2)})
    late = JUDGE.model_copy(update={"heard_on": date(2008, 6, 17)})
    for edge in (date(2008, 6, 3), date(2008, 6, 16)):
        assert refused.by(SIGNER).when(JUDGE.model_copy(update={"heard_on": edge}))
    assert refused.by(SIGNER).refused(early) == "heard_on"
    assert refused.by(SIGNER).refused(late) == "heard_on"


@pytest.mark.requirement("R30")
def test_in_a_mining_area_the_county_judges() -> None:
    mining = happened(
        streams.OFFICE.of(STREET),
        registry.MiningAreaSet(is_mining_area=True, from_day=date(2008, 6, 1), document=DOC),
        f"office-{STREET}",
    )
    there = but(refused, directory=directory(mining))

    assert there.by(REVIEWER).when(JUDGE)
    assert there.by(SIGNER).refused(JUDGE) == "not_the_judge"
    assert refused.by(REVIEWER).refused(JUDGE) == "not_the_judge"
    by_county = with_parameter(refused, "posts.refusal_judge", "county")
    assert by_county.by(REVIEWER).when(JUDGE)


@pytest.mark.requirement("R97")
def test_refusing_an_unsuitable_post_is_just_and_never_counts() -> None:
    unsuitable = given.given(offered(suitable=False), claims=OFFER_CLAIM)
    answered = unsuitable.after(outcome("refused"), "2008-06-10").by(SIGNER)

    assert answered.refused(JUDGE) == "unsuitable_is_just"
    (event,) = events(answered.when(JUDGE.model_copy(update={"judged": "just"})))
    assert isinstance(event, ev.RefusalJudged)
    assert event.counts is False


@pytest.mark.requirement("R31")
def test_a_judgement_counts_as_its_offer_does() -> None:
    own = given.given(offered(counts=False, office=PES), claims=OFFER_CLAIM)

    (event,) = events(own.after(outcome("not_taken_up"), "2008-06-10").by(SIGNER).when(JUDGE))
    assert isinstance(event, ev.RefusalJudged)
    assert event.counts is False


FIRST = some_id("judgement")
judged = refused.given(
    on_offer(
        ev.RefusalJudged(
            judged="unjust",
            reason="no_cause",
            text="无正当理由",
            heard_on=date(2008, 6, 12),
            case=CASE,
            counts=True,
        ),
        "2008-06-16",
        actor=SIGNER.user,
        event_id=FIRST,
    )
)
AGAIN = cmd.RejudgeRefusal(
    offer=OFFER, judged="just", reason="health", text="有医院证明", supersedes=FIRST
)
OTHER_SIGNER = officer("street_signer", STREET, "other signer")


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("who", [OTHER_SIGNER, REVIEWER])
def test_another_person_judges_again(who: Principal) -> None:
    (event,) = events(judged.by(who).when(AGAIN, "2008-06-20"))

    assert isinstance(event, ev.RefusalRejudged)
    assert (event.judged, event.supersedes, event.counts) == ("just", FIRST, True)


@pytest.mark.requirement("R30")
def test_the_first_judge_does_not_judge_again_nor_his_delegate() -> None:
    assert judged.by(SIGNER).refused(AGAIN, "2008-06-20") == "same_judge"
    deputy = but(OTHER_SIGNER, on_behalf_of=SIGNER.user)
    assert judged.by(deputy).refused(AGAIN, "2008-06-20") == "same_judge"


@pytest.mark.requirement("R30")
def test_nobody_who_has_judged_a_refusal_judges_it_again() -> None:
    second = some_id("second judgement")
    event = ev.RefusalRejudged(
        judged="just",
        reason="health",
        text="有医院证明",
        supersedes=FIRST,
        case=CASE,
        counts=True,
    )
    twice = judged.given(on_offer(event, "2008-06-20", actor=REVIEWER.user, event_id=second))
    back = AGAIN.model_copy(update={"judged": "unjust", "supersedes": second})

    for judge in (SIGNER, REVIEWER):
        assert twice.by(judge).refused(back, "2008-06-25") == "same_judge"
    assert events(twice.by(OTHER_SIGNER).when(back, "2008-06-25"))


@pytest.mark.requirement("R30")
def test_the_present_judgement_is_the_one_replaced() -> None:
    stale = AGAIN.model_copy(update={"supersedes": some_id("older")})

    assert judged.by(REVIEWER).refused(stale, "2008-06-20") == "judgement_superseded"
    assert judged.by(SIGNER).when(JUDGE, "2008-06-20") == ()
    just = JUDGE.model_copy(update={"judged": "just"})
    assert judged.by(SIGNER).refused(just, "2008-06-20") == "offer_ended"
