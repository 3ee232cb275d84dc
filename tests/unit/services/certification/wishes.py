"""Every command of C3.8 as somebody sends it in a state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from events.contracts import certification as ev
from events.contracts.base import Event
from events.rules.access import Principal
from services.certification.decision import commands as deciding
from services.certification.exit import commands as leaving
from services.certification.filing import commands as filing
from services.certification.notice import commands as notice
from services.certification.reassessment import commands as again
from services.kit.decider import Command
from tests.support.scenario import Happened, Scenario, some_id
from tests.unit.services.certification import facts as a
from tests.unit.services.certification.places import (
    LATE,
    REASON,
    confirm,
    jobs,
    lapse,
    lost,
    no_report,
    reassess,
    reversal,
    review,
    withdrawal,
)

OFFER, JUDGEMENT = some_id("offer"), some_id("judgement")


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
    "request_review": Wish(a.HEAD, review, a.MINE_HEAD),
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
    "confirm_exit": Wish(a.CERTIFIER, confirm),
    "reject_exit": Wish(a.CERTIFIER, _reject),
    "propose_exit_reversal": Wish(a.REVIEWER, reversal),
    "approve_exit_reversal": Wish(a.CERTIFIER, _approve),
    "propose_reassessment": Wish(a.SYSTEM, reassess, facts=(lost,), first="2008-12-02"),
    "decide_reassessment: keep": Wish(a.CERTIFIER, _reassessed("keep")),
    "decide_reassessment: lapse": Wish(a.CERTIFIER, _reassessed("lapse")),
    "lapse": Wish(a.SYSTEM, lapse, facts=jobs, first="2008-12-01"),
    "cancel_annotation": Wish(a.REVIEWER, _cancel),
}
