"""The state table of C3.8: every row is reached, every other pair of state and command refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pytest

from events.contracts import certification as ev
from events.contracts import registry as reg
from events.contracts.base import Event
from events.rules.access import Principal
from services.certification.decision import commands as deciding
from services.certification.exit import commands as leaving
from services.certification.filing import commands as filing
from services.certification.notice import commands as notice
from services.certification.reassessment import commands as again
from services.certification.state import BEFORE_DECISION
from services.kit.decider import Command, DomainError
from tests.support.scenario import Happened, Scenario, events, happened, some_id
from tests.unit.services.certification import facts as a

LATE = "2009-01-12"
REASON = "经审查"
OFFER, JUDGEMENT = some_id("offer"), some_id("judgement")


@dataclass(frozen=True)
class Place:
    """A state: how it came about, the day it is tried on, the state it is part of."""

    it: Scenario
    day: str
    status: str
    mining: bool = False


def _objected(it: Scenario) -> Scenario:
    wish = notice.LodgeObjection(
        case=a.CASE, anonymous=True, statement="情况不符", received_by=a.COMMUNITY
    )
    return a.step(it, a.HEAD, wish, "2008-06-20")


def _returned(it: Scenario, by: Principal, day: str) -> Scenario:
    wish = filing.ReturnApplication(case=a.CASE, reasons=("missing_papers",), text="请补充")
    return a.step(it, by, wish, day)


def _marked(event: ev.CaseEvent, it: Scenario, day: str) -> Scenario:
    return it.given(happened(a.STREAM, event, f"person-{a.ANNA}", day=day, office=a.COUNTY))


lost = a.on_person(reg.ConditionLost(condition="pension"), "2008-12-01")
annotated = a.step(
    a.certified,
    a.REVIEWER,
    deciding.AnnotateCertificate(
        case=a.CASE, certificate="preference", number="晋0001", category="aged_4050", sealed=True
    ),
    "2008-07-03",
)
no_report = leaving.ProposeExit(case=a.CASE, ground="no_report", facts=())
proposed = a.step(annotated, a.SYSTEM, no_report, LATE)


def _confirm(it: Scenario, day: str) -> leaving.ConfirmExit:
    return leaving.ConfirmExit(
        case=a.CASE,
        proposal=a.last(it, ev.ExitProposed),
        reason=REASON,
        from_day=date.fromisoformat(day),
        told_on=date.fromisoformat(day),
    )


exited = a.step(proposed, a.CERTIFIER, _confirm(proposed, LATE), LATE)


def _reversal(it: Scenario, _: str) -> leaving.ProposeExitReversal:
    return leaving.ProposeExitReversal(
        case=a.CASE, exit=a.last(it, ev.Exited), reason=REASON, facts=()
    )


def _review(it: Scenario, _: str) -> deciding.RequestReview:
    ending = a.last(it, ev.Exited if "exited" in a.state(it).status else ev.CertificationRefused)
    return deciding.RequestReview(case=a.CASE, against=ending, grounds="不服")


def _reassess(_: Scenario, __: str) -> again.ProposeReassessment:
    return again.ProposeReassessment(person=a.ANNA, cause="condition_lost", facts=())


def _lapse(_: Scenario, __: str) -> leaving.Lapse:
    return leaving.Lapse(person=a.ANNA, facts=())


jobs = (a.placed("2008-08-01"), a.job_ended("2008-11-30"))
lapsed = a.step(annotated.given(*jobs), a.SYSTEM, _lapse(annotated, LATE), LATE)
revoked = _marked(
    ev.CertificationRevoked(proposal=some_id("x"), from_day=a.DAY),
    replace(annotated, claims={}),
    LATE,
)
reassessing = a.step(annotated.given(lost), a.SYSTEM, _reassess(annotated, LATE), LATE)
reversing = a.step(exited, a.REVIEWER, _reversal(exited, LATE), LATE)
withdrawal = filing.WithdrawApplication(case=a.CASE, statement=a.paper("statement"))

PLACES: dict[str, Place] = {
    "none": Place(a.start, a.FILED, "none"),
    "filed": Place(a.filed, a.REGISTERED, "filed"),
    "registered": Place(a.registered, a.POSTED, "registered"),
    "on_notice": Place(a.on_notice, "2008-06-20", "on_notice"),
    "on_notice+objection": Place(_objected(a.on_notice), "2008-06-20", "on_notice"),
    "notice_closed": Place(a.notice_closed, a.CLOSED, "notice_closed"),
    "notice_closed+objection": Place(
        a.step(_objected(a.on_notice), a.SYSTEM, a.close(), a.CLOSED), a.CLOSED, "notice_closed"
    ),
    "street_reviewed": Place(a.street_reviewed, a.REVIEWED, "street_reviewed"),
    "at_county": Place(a.at_county, a.FORWARDED, "at_county"),
    "mining notice_closed": Place(a.mine_closed, a.CLOSED, "notice_closed", mining=True),
    "mining at_county": Place(a.mine_at_county, a.FORWARDED, "at_county", mining=True),
    "county_reviewed": Place(a.mine_reviewed, a.DECIDED, "county_reviewed", mining=True),
    "returned": Place(_returned(a.street_reviewed, a.SIGNER, a.FORWARDED), a.FORWARDED, "returned"),
    "withdrawn": Place(a.step(a.filed, a.HEAD, withdrawal, a.FILED), a.REGISTERED, "withdrawn"),
    "refused": Place(a.refused, a.DECIDED, "refused"),
    "refused+review": Place(
        a.step(a.refused, a.HEAD, _review(a.refused, ""), "2008-07-03"), "2008-07-04", "refused"
    ),
    "certified": Place(annotated, "2008-07-04", "certified"),
    "certified+exit": Place(proposed, LATE, "certified"),
    "certified+reassessment": Place(reassessing, LATE, "certified"),
    "exited": Place(exited, LATE, "exited"),
    "exited+reversal": Place(reversing, LATE, "exited"),
    "exited+review": Place(a.step(exited, a.HEAD, _review(exited, ""), LATE), LATE, "exited"),
    "lapsed": Place(lapsed, LATE, "lapsed"),
    "revoked": Place(revoked, LATE, "revoked"),
}


@dataclass(frozen=True)
class Wish:
    """A command: who sends it (in a mining area the second), how it is made, its first day."""

    by: Principal
    make: Callable[[Scenario, str], Command]
    mine: Principal | None = None
    first: str = "2008-06-01"
    facts: tuple[Happened, ...] = ()


def _fixed(command: Command) -> Callable[[Scenario, str], Command]:
    return lambda _, __: command


def _decide_objection(
    outcome: Literal["upheld", "dismissed"],
) -> Callable[[Scenario, str], Command]:
    def make(it: Scenario, _: str) -> Command:
        return notice.DecideObjection(
            case=a.CASE,
            objection=a.last(it, ev.ObjectionLodged),
            outcome=outcome,
            finding="已查明",
            answer="已答复",
        )

    return make


def _refuse(_: Scenario, day: str) -> Command:
    return a.REFUSE.model_copy(update={"told_on": date.fromisoformat(day)})


def _decide_review(
    outcome: Literal["upheld", "set_aside"],
) -> Callable[[Scenario, str], Command]:
    def make(it: Scenario, _: str) -> Command:
        return deciding.DecideReview(
            case=a.CASE, review=a.last(it, ev.ReviewRequested), outcome=outcome, reason=REASON
        )

    return make


def _reassessed(outcome: ev.ReassessmentOutcome) -> Callable[[Scenario, str], Command]:
    def make(it: Scenario, _: str) -> Command:
        return again.DecideReassessment(
            case=a.CASE,
            proposal=a.last(it, ev.ReassessmentProposed),
            outcome=outcome,
            ground="condition_lost" if outcome == "lapse" else None,
            reason=REASON,
        )

    return make


def _cancel(it: Scenario, _: str) -> Command:
    kinds: dict[str, type[Event]] = {"lapsed": ev.Lapsed, "revoked": ev.CertificationRevoked}
    kind = kinds.get(a.state(it).status if a.STREAM in {f.stream for f in it.facts} else "")
    return deciding.CancelAnnotation(
        case=a.CASE, end=a.last(it, kind or ev.Exited), reason="exited"
    )


def _post(_: Scenario, day: str) -> Command:
    return a.POST.model_copy(
        update={"from_day": date.fromisoformat(day), "until": date(2009, 3, 2)}
    )


def _report_ground(it: Scenario, _: str) -> Command:
    return leaving.WithdrawExitProposal(
        case=a.CASE, proposal=a.last(it, ev.ExitProposed), because=some_id("in time")
    )


def _reject(it: Scenario, _: str) -> Command:
    return leaving.RejectExit(case=a.CASE, proposal=a.last(it, ev.ExitProposed), reason=REASON)


def _approve(it: Scenario, _: str) -> Command:
    return leaving.ApproveExitReversal(case=a.CASE, proposal=a.last(it, ev.ExitReversalProposed))


WISHES: dict[str, Wish] = {
    "file_application": Wish(a.CLERK, _fixed(a.apply()), a.MINE_CLERK),
    "register_at_community": Wish(a.CLERK, _fixed(a.REGISTER), a.MINE_CLERK),
    "post_notice": Wish(a.CLERK, _post, a.MINE_CLERK),
    "close_notice": Wish(a.CLERK, _fixed(a.close()), a.MINE_CLERK, first=a.CLOSED),
    "lodge_objection": Wish(
        a.HEAD,
        _fixed(
            notice.LodgeObjection(
                case=a.CASE, anonymous=True, statement="异议", received_by=a.COMMUNITY
            )
        ),
        a.MINE_HEAD,
    ),
    "decide_objection: dismissed": Wish(a.SIGNER, _decide_objection("dismissed"), a.REVIEWER),
    "decide_objection: upheld": Wish(a.SIGNER, _decide_objection("upheld"), a.REVIEWER),
    "street_review": Wish(a.SIGNER, _fixed(a.STREET_REVIEW), a.MINE_SIGNER),
    "forward_to_county": Wish(a.STREET_OFFICER, _fixed(a.FORWARD), a.MINE_HEAD),
    "county_review": Wish(a.REVIEWER, _fixed(a.COUNTY_REVIEW)),
    "certify": Wish(a.CERTIFIER, _fixed(a.CERTIFY)),
    "refuse_certification": Wish(a.CERTIFIER, _refuse),
    "return_application": Wish(
        a.CLERK,
        _fixed(filing.ReturnApplication(case=a.CASE, reasons=("papers_unclear",), text="请补")),
    ),
    "resubmit": Wish(a.CLERK, _fixed(filing.Resubmit(case=a.CASE)), a.MINE_CLERK),
    "withdraw_application": Wish(a.HEAD, _fixed(withdrawal), a.MINE_HEAD),
    "request_review": Wish(a.HEAD, _review, a.MINE_HEAD),
    "decide_review: upheld": Wish(a.CITY_OFFICER, _decide_review("upheld")),
    "decide_review: set_aside": Wish(a.CITY_OFFICER, _decide_review("set_aside")),
    "annotate_certificate": Wish(
        a.REVIEWER,
        _fixed(
            deciding.AnnotateCertificate(
                case=a.CASE,
                certificate="registration",
                number="晋0002",
                category="aged_4050",
                sealed=True,
            )
        ),
    ),
    "count_refusal": Wish(
        a.SYSTEM,
        _fixed(
            leaving.CountRefusal(case=a.CASE, offer=OFFER, judged="unjust", judgement=JUDGEMENT)
        ),
    ),
    "propose_exit": Wish(a.SYSTEM, _fixed(no_report), first=LATE),
    "withdraw_wish": Wish(
        a.HEAD,
        _fixed(leaving.WithdrawWish(case=a.CASE, statement=a.paper("statement"))),
        a.MINE_HEAD,
    ),
    "withdraw_exit_proposal": Wish(
        a.REVIEWER, _report_ground, facts=(a.reported("2008-12-30", "in time"),)
    ),
    "confirm_exit": Wish(a.CERTIFIER, _confirm),
    "reject_exit": Wish(a.CERTIFIER, _reject),
    "propose_exit_reversal": Wish(a.REVIEWER, _reversal),
    "approve_exit_reversal": Wish(a.CERTIFIER, _approve),
    "propose_reassessment": Wish(a.SYSTEM, _reassess, facts=(lost,), first="2008-12-02"),
    "decide_reassessment: keep": Wish(a.CERTIFIER, _reassessed("keep")),
    "decide_reassessment: lapse": Wish(a.CERTIFIER, _reassessed("lapse")),
    "lapse": Wish(a.SYSTEM, _lapse, facts=jobs, first="2008-12-01"),
    "cancel_annotation": Wish(a.REVIEWER, _cancel),
}

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
