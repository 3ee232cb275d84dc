"""Faults planted into a good history, each under the code by which it must be found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.support.tale import COUNTY, END, PIT, SEALED, STREET, Tale, july

Plant = Callable[[Tale], object]
FILED, CASE = "certification.application_filed", "certification"


def _twice_certified(t: Tale) -> None:
    for case in ("chen", "chen2"):
        t.filed("chen", july(50))
        t.lines[-1]["stream"] = f"certification-{case}"
    for case in ("chen", "chen2"):
        t.case(case, "application_withdrawn", july(50), "officer", {"statement": {}})


def _early_end(t: Tale) -> None:
    t.file("anna", "follow_up_ended", date(2008, 12, 20), "head", {"stable_since": str(july(63))})


def _second_household(t: Tale) -> None:
    body = {"community": "x", "members": [{"person": "chen", "counts_as": "normal"}]}
    t.tell("registry.household_formed", "household-second", july(50), "officer", body)


def _same_hand(t: Tale) -> None:
    proposal = t.file("anna", "correction_proposed", july(90), "officer", {"corrects": "x"})
    t.file("anna", "fact_corrected", july(91), "officer", {"proposal": proposal})


def _street_in_the_pit(t: Tale) -> None:
    t.after(f"{CASE}.public_notice_closed", "gao", lambda: t.case(
        "gao", "street_reviewed", july(17), "signer", {"opinion": "agree"}))  # fmt: skip
    t.lines[t.lines.index(t.find(f"{CASE}.street_reviewed", "gao"))]["meta"]["office"] = PIT
    t.after("certification.public_notice_closed", "gao",
            lambda: _account(t, "signer", "street_signer", PIT))  # fmt: skip
    t.after("certification.street_reviewed", "gao",
            lambda: _account(t, "signer", "street_signer", STREET))  # fmt: skip


def _gone_on_after_return(t: Tale) -> None:
    t.after(
        f"{CASE}.public_notice_closed",
        "anna",
        lambda: t.case(
            "anna", "application_returned", july(17), "signer", {"reasons": ["x"], "missing": []}
        ),
    )


def _objection_open(t: Tale) -> None:
    t.after(
        f"{CASE}.public_notice_posted",
        "anna",
        lambda: t.case(
            "anna", "objection_lodged", july(10), "officer", {"anonymous": True}, event="objection"
        ),
    )
    t.after(f"{CASE}.street_reviewed", "anna", lambda: t.case(
        "anna", "objection_decided", july(17), "signer",
        {"objection": "objection", "outcome": "dismissed"}))  # fmt: skip


def _objection_late(t: Tale) -> None:
    t.after(
        f"{CASE}.public_notice_posted",
        "anna",
        lambda: t.case(
            "anna", "objection_lodged", july(2), "officer", {"anonymous": True}, event="objection"
        ),
    )
    t.after(f"{CASE}.public_notice_closed", "anna", lambda: t.case(
        "anna", "objection_decided", july(17), "signer",
        {"objection": "objection", "outcome": "dismissed"}))  # fmt: skip


def _review_too_late(t: Tale) -> None:
    exit_ = t.find(f"{CASE}.exited", "dong")["event_id"]
    t.after(
        f"{CASE}.annotation_cancelled",
        "dong",
        lambda: t.case(
            "dong", "review_requested", july(120), "officer", {"against": exit_, "grounds": SEALED}
        ),
    )


def _silent(t: Tale) -> None:
    exit_ = t.case("anna", "exit_proposed", date(2008, 12, 1), "system", {"ground": "no_report"})
    t.case("anna", "exit_rejected", date(2008, 12, 3), "certifier", {"proposal": exit_})


def _work_without_lapse(t: Tale) -> None:
    body = {"reason": "dismissed", "then": "unemployed"}
    t.tell("posts.employment_ended", "employment-bao", july(150), "pes", body)


def _household_late(t: Tale) -> None:
    job = t.find("posts.placed_in_job", "bao")
    for line in (job, t.find("certification.household_cleared")):
        line["meta"]["occurred_at"] = line["recorded_at"] = "2008-08-25T01:00:00Z"
    t.change("certification.household_cleared", "home", in_time=False, days=36)


def _roles_conflict(t: Tale) -> None:
    _granted(t, "signer", "county_reviewer", COUNTY)


def _returned_by_the_way(t: Tale) -> None:
    t.after(f"{CASE}.public_notice_closed", "anna", lambda: (
        t.case("anna", "application_returned", july(17), "signer", {"reasons": ["x"]}),
        t.case("anna", "application_resubmitted", july(17), "officer",
               {"back_to": "street_reviewed"}),
    ))  # fmt: skip
    t.drop(f"{CASE}.street_reviewed", "anna")


def _filed_long_ago(t: Tale) -> None:
    for type_, day in (("registry.unemployment_registered", 10), (FILED, 16)):
        t.find(type_, "anna")["meta"]["occurred_at"] = f"2008-06-{day}T01:00:00Z"


def _as(t: Tale, type_: str, name: str, actor: str) -> None:
    """Let somebody act in the role and office that are right."""
    t.find(type_, name)["meta"]["actor"] = actor


def _account(t: Tale, actor: str, role: str, office: str) -> None:
    """Let an account belong to an office, with a role there."""
    t.tell("registry.account_opened", f"user-{actor}", july(0), "operator", {"office": office})
    _granted(t, actor, role, office)


def _granted(t: Tale, actor: str, role: str, office: str) -> None:
    body = {"role": role, "areas": [office], "from": "2008-06-30"}
    proposal = t.tell("registry.role_proposed", f"user-{actor}", july(0), "operator", body)
    t.tell("registry.role_granted", f"user-{actor}", july(0), "province", {"proposal": proposal})


def _street_certifies(t: Tale) -> None:
    _as(t, f"{CASE}.person_certified", "dong", "street")
    t.after(f"{CASE}.forwarded_to_county", "dong",
            lambda: _account(t, "street", "county_certifier", COUNTY))  # fmt: skip


def _one_officer_in_the_pit(t: Tale) -> None:
    _as(t, f"{CASE}.county_reviewed", "gao", "certifier")
    t.after(f"{CASE}.forwarded_to_county", "gao",
            lambda: _granted(t, "certifier", "county_reviewer", COUNTY))  # fmt: skip


def _revoke(t: Tale, who: str) -> None:
    grant = t.find("registry.role_granted", f"user-{who}")["event_id"]
    body = {"grant": grant, "from": str(july(75)), "reason": "moved"}
    at = t.lines.index(t.find(f"{CASE}.exited", "dong"))
    t.tell("registry.role_revoked", f"user-{who}", july(75), "operator", body)
    t.lines.insert(at, t.lines.pop())


def _visit(t: Tale, month: str) -> dict[str, Any]:
    return next(
        line for line in t.lines
        if line["type"] == "assistance.follow_up_done.v1" and line["data"]["month"] == month
        and line["stream"].endswith("anna")
    )  # fmt: skip


def _leave_out_exit(t: Tale) -> None:
    for type_ in ("exit_proposed", "exited", "annotation_cancelled"):
        t.drop(f"{CASE}.{type_}", "dong")
    t.drop("assistance.file_closed", "dong")
    t.visits("dong", *(date(2008, month, 20) for month in (10, 11, 12)))
    t.report("dong", date(2008, 10, 17))


def _shift(t: Tale, name: str, days: int, *, but: str) -> None:
    """Let everything after a step of one case happen later."""
    after = False
    for line in t.lines:
        if line["subject"] == f"person-{name}" and line["stream"].endswith(f"-{name}"):
            if after and line["type"].startswith(("certification", "assistance.file", "posts")):
                at = date.fromisoformat(line["recorded_at"][:10]) + timedelta(days=days)
                line["meta"]["occurred_at"] = line["recorded_at"] = f"{at}T01:00:00Z"
            after = after or but in f"{line['type']}"


def _agreement_late(t: Tale) -> None:
    t.drop("assistance.plan_made", "anna")
    t.date("assistance.agreement_signed", "anna", july(50))
    t.after(
        "assistance.agreement_signed",
        "anna",
        lambda: t.file("anna", "plan_made", july(50), "officer", {"facts": ["x"]}),
    )


def _not_visited(t: Tale) -> None:
    t.without(_visit(t, "2008-10"))


PLANTED: dict[str, Plant] = {
    # the order of steps
    "step_missing": lambda t: t.drop(f"{CASE}.street_reviewed", "anna"),
    "step_missing: never posted": lambda t: (
        t.drop(f"{CASE}.public_notice_posted", "anna"),
        t.drop(f"{CASE}.public_notice_closed", "anna"),
    ),
    "step_out_of_order": _gone_on_after_return,
    "dated_before_step": lambda t: t.date(f"{CASE}.street_reviewed", "anna", july(10)),
    "after_the_end": lambda t: t.case("dong", "exit_proposed", july(90), "system", {"ground": "x"}),
    "after_the_end: the file": lambda t: t.visits("dong", date(2008, 10, 20)),
    "case_unknown": lambda t: t.case("nobody", "lapsed", july(90), "system", {"ground": "x"}),
    "wrong_route": _street_in_the_pit,
    "wrong_way_back": _returned_by_the_way,
    # the notice
    "notice_too_short": lambda t: (
        t.change(f"{CASE}.public_notice_posted", "anna", until="2008-07-10"),
    ),
    "notice_closed_early": lambda t: t.date(f"{CASE}.public_notice_closed", "anna", july(16)),
    "notice_backdated": lambda t: t.change(
        f"{CASE}.public_notice_posted", "anna", **{"from": "2008-06-30"}
    ),
    "objection_open": _objection_open,
    "objection_late": _objection_late,
    # who may
    "wrong_role": lambda t: t.by(f"{CASE}.street_reviewed", "anna", "street"),
    "wrong_office": lambda t: t.by(f"{CASE}.community_registered", "anna", "neighbour"),
    "two_levels": _street_certifies,
    "two_duties": _one_officer_in_the_pit,
    "role_not_held": lambda t: _revoke(t, "reviewer"),
    "actor_unknown": lambda t: _as(t, f"{CASE}.certificate_annotated", "anna", "ghost"),
    "office_not_actors": lambda t: t.find("posts.job_offered", "second")["meta"].update(
        office=COUNTY
    ),
    "same_hand": _same_hand,
    "roles_conflict": _roles_conflict,
    # conditions
    "attestation_missing": lambda t: t.change(FILED, "anna", attest_wish=False),
    "evidence_missing": lambda t: t.change(FILED, "anna", evidence=[]),
    "not_registered_unemployed": lambda t: t.drop("registry.unemployment_registered", "dong"),
    "hukou_not_urban": lambda t: t.change(
        "registry.person_registered", "dong", hukou={"division": "140105", "type": "rural"}
    ),
    "certified_twice": _twice_certified,
    "two_households": _second_household,
    "household_not_certified": lambda t: t.change(
        f"{CASE}.person_certified", "bao", member_of=None
    ),
    "not_one_to_one": lambda t: t.change("assistance.agreement_signed", "bao", one_to_one=False),
    # terms
    "community_late": _filed_long_ago,
    "street_late": lambda t: _shift(t, "anna", 20, but="closed"),
    "annotation_late": lambda t: t.date(f"{CASE}.certificate_annotated", "anna", july(40)),
    "agreement_late": _agreement_late,
    "plan_late": lambda t: t.date("assistance.plan_made", "anna", july(50)),
    "first_service_late": lambda t: t.drop("assistance.service_delivered", "anna"),
    "exit_decision_late": lambda t: [
        t.date(type_, "dong", july(100))
        for type_ in (f"{CASE}.exited", "assistance.file_closed", f"{CASE}.annotation_cancelled")
    ],
    "visit_missed": _not_visited,
    "visit_month_wrong": lambda t: _visit(t, "2008-10")["data"].update(month="2008-11"),
    "report_late": lambda t: t.date("assistance.status_reported", "bao", date(2008, 10, 23)),
    "household_late": _household_late,
    "hire_unregistered": lambda t: t.drop("posts.hire_registered", "anna"),
    "review_too_late": _review_too_late,
    # help
    "file_missing": lambda t: t.drop("assistance.file_opened", "anna"),
    "fee_charged": lambda t: t.change("assistance.service_delivered", "anna", fee=100),
    "job_facts_missing": lambda t: _visit(t, "2008-11")["data"].update(on_job=None),
    "tracking_ended_early": _early_end,
    "no_agreement": lambda t: t.after(
        "assistance.agreement_signed",
        "bao",
        lambda: t.file("bao", "agreement_ended", july(22), "officer", {"reason": "x"}),
    ),
    "help_without_status": lambda t: t.visits("chen", july(60)),
    # refusals and exit
    "refusal_without_offer": lambda t: [
        t.without(line) for line in list(t.lines) if line["stream"] == "offer-first"
    ],
    "refusal_not_judged": lambda t: t.drop("posts.refusal_judged", "first"),
    "tally_wrong": lambda t: t.change(f"{CASE}.refusal_counted", "anna", tally=2),
    "exit_ground_unmet": lambda t: t.change(
        f"{CASE}.exited", "dong", judgements=[{"offer": "offer1", "confirmed": False}]
    ),
    "exit_ground_unmet: reports were in time": _silent,
    "exit_not_proposed": _leave_out_exit,
    "nothing_to_decide": lambda t: t.case(
        "anna", "exit_rejected", july(90), "certifier", {"proposal": "none"}
    ),
    "lapse_missing": _work_without_lapse,
    "lapse_without_ground": lambda t: (
        t.case("anna", "lapsed", END, "system", {"ground": "unemployed_again", "facts": []}),
        t.file("anna", "file_closed", END, "system", {"end": "x"}),
    ),
    # work
    "offer_to_employed": lambda t: t.offer("third", "bao", july(100)),
    "offer_without_status": lambda t: t.offer("third", "chen", july(100)),
    "offer_counts_wrong": lambda t: t.change("posts.job_offered", "second", counts=False),
    "offer_out_of_order": lambda t: t.tell(
        "posts.offer_refused", "offer-second", july(99), "pes", {"reason": "x"}
    ),
    "placed_twice": lambda t: t.placed("anna", july(80)) and t.lines.pop(),
    "placed_without_status": lambda t: t.placed("chen", july(80)),
    "place_taken_twice": lambda t: t.tell(
        "posts.place_taken", "post-mill", july(80), "pes", {"person": "bao", "place": 1}
    ),
    "over_capacity": lambda t: t.tell(
        "posts.place_taken", "post-mill", july(80), "pes", {"person": "bao", "place": 3}
    ),
    "ended_without_job": lambda t: t.tell(
        "posts.employment_ended", "employment-chen", july(80), "pes", {"then": "next_job"}
    ),
    "registered_at_work": lambda t: t.tell(
        "registry.unemployment_registered", "person-bao", july(80), "officer", {}
    ),
    "household_figures_wrong": lambda t: t.change(f"{CASE}.household_cleared", "home", days=12),
    "cleared_without_work": lambda t: t.change(f"{CASE}.household_cleared", "home", placement="x"),
    "history_gap": lambda _: None,
    "body_unreadable": lambda t: t.tell(
        "registry.calendar_set", "calendar-2009", july(80), "rules", {"year": 2009}
    ),
}
