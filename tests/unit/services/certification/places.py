"""The states of C3.8 as scenarios: how each comes about, and the day it is tried on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from events.contracts import certification as ev
from events.contracts import registry as reg
from events.rules.access import Principal
from services.certification.decision import commands as deciding
from services.certification.exit import commands as leaving
from services.certification.filing import commands as filing
from services.certification.notice import commands as notice
from services.certification.reassessment import commands as again
from tests.support.scenario import Scenario, happened, some_id
from tests.unit.services.certification import facts as a

LATE = "2009-01-12"
REASON = "经审查"


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


def confirm(it: Scenario, day: str) -> leaving.ConfirmExit:
    return leaving.ConfirmExit(
        case=a.CASE,
        proposal=a.last(it, ev.ExitProposed),
        reason=REASON,
        from_day=date.fromisoformat(day),
        told_on=date.fromisoformat(day),
    )


exited = a.step(proposed, a.CERTIFIER, confirm(proposed, LATE), LATE)


def reversal(it: Scenario, _: str) -> leaving.ProposeExitReversal:
    return leaving.ProposeExitReversal(
        case=a.CASE, exit=a.last(it, ev.Exited), reason=REASON, facts=()
    )


def review(it: Scenario, _: str) -> deciding.RequestReview:
    ending = a.last(it, ev.Exited if "exited" in a.state(it).status else ev.CertificationRefused)
    return deciding.RequestReview(case=a.CASE, against=ending, grounds="不服")


def reassess(_: Scenario, __: str) -> again.ProposeReassessment:
    return again.ProposeReassessment(person=a.ANNA, cause="condition_lost", facts=())


def lapse(_: Scenario, __: str) -> leaving.Lapse:
    return leaving.Lapse(person=a.ANNA, facts=())


jobs = (a.placed("2008-08-01"), a.job_ended("2008-11-30"))
lapsed = a.step(annotated.given(*jobs), a.SYSTEM, lapse(annotated, LATE), LATE)
revoked = _marked(
    ev.CertificationRevoked(proposal=some_id("x"), from_day=a.DAY),
    replace(annotated, claims={}),
    LATE,
)
reassessing = a.step(annotated.given(lost), a.SYSTEM, reassess(annotated, LATE), LATE)
reversing = a.step(exited, a.REVIEWER, reversal(exited, LATE), LATE)
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
        a.step(a.refused, a.HEAD, review(a.refused, ""), "2008-07-03"), "2008-07-04", "refused"
    ),
    "certified": Place(annotated, "2008-07-04", "certified"),
    "certified+exit": Place(proposed, LATE, "certified"),
    "certified+reassessment": Place(reassessing, LATE, "certified"),
    "exited": Place(exited, LATE, "exited"),
    "exited+reversal": Place(reversing, LATE, "exited"),
    "exited+review": Place(a.step(exited, a.HEAD, review(exited, ""), LATE), LATE, "exited"),
    "lapsed": Place(lapsed, LATE, "lapsed"),
    "revoked": Place(revoked, LATE, "revoked"),
}
