"""Rarer faults planted into a good history, each under the code by which it must be found."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.planted import Plant
from tests.support.tale import COMMUNITY, END, OTHER, SEALED, Body, Tale, july

CASE = "certification"


def _closed_account(t: Tale) -> None:
    t.tell("registry.account_closed", "user-head", july(90), "operator", {"from": str(july(91))})
    t.file("anna", "agreement_supplemented", july(100), "head", {"changes": SEALED})


def _destroyed_at_once(t: Tale) -> None:
    stream, body = "person-chen", {"basis": "retention", "document": {}}
    proposal = t.tell("registry.shredding_proposed", stream, july(90), "county_head", body)
    t.tell("registry.subject_shredded", stream, july(100), "city_head", {"proposal": proposal})


def _county_late(t: Tale) -> None:
    forwarded = False
    for line in t.lines:
        if line["subject"] == "person-anna" and line["type"].startswith(CASE):
            if forwarded:
                day = date.fromisoformat(line["recorded_at"][:10]) + timedelta(days=14)
                line["meta"]["occurred_at"] = line["recorded_at"] = f"{day}T01:00:00Z"
            forwarded = forwarded or line["type"] == f"{CASE}.forwarded_to_county.v1"


def _long_emergency(t: Tale) -> None:
    body = {"person": "anna", "reason": SEALED, "until": f"{july(95)}T00:00:00Z"}
    t.tell("registry.emergency_access_opened", "access-anna", july(90), "officer", body)


def _ended(t: Tale, name: str, day: date) -> None:
    body = {"reason": "dismissed", "then": "next_job"}
    t.tell("posts.employment_ended", f"employment-{name}", day, "pes", body)


def _household(t: Tale, name: str) -> None:
    body = {"member": "bao", "case": "bao"}
    t.tell("certification.household_certified", f"household-{name}", july(20), "certifier", body)


def _judged(t: Tale) -> None:
    body = {"judged": "just", "reason": "x", "case": "anna", "counts": True}
    t.tell("posts.refusal_judged", "offer-second", july(99), "signer", body)


def _moved_in_flight(t: Tale) -> None:
    t.filed("chen", july(90))
    body = {"to": OTHER, "moved_on": str(july(90)), "reason": "x"}
    request = t.tell("registry.transfer_requested", "person-chen", july(90), "officer", body)
    body = {"request": request, "to": OTHER}
    t.tell("registry.transfer_accepted", "person-chen", july(91), "neighbour", body)
    t.case("chen", "application_withdrawn", july(92), "neighbour", {"statement": {}})


def _early_objection(t: Tale) -> None:
    t.change(f"{CASE}.public_notice_posted", "anna", **{"from": "2008-07-05"})

    def tell() -> None:
        body: Body = {"anonymous": True}
        objection = t.case("anna", "objection_lodged", july(3), "officer", body)
        body = {"objection": objection, "outcome": "dismissed"}
        t.case("anna", "objection_decided", july(4), "signer", body)

    t.after(f"{CASE}.public_notice_posted", "anna", tell)


def _person_again(t: Tale) -> None:
    body = {"residence": COMMUNITY, "hukou": {"division": "140105", "type": "urban"}}
    t.tell("registry.person_registered", "person-anna", july(90), "officer", body)


def _one_month_to_work(t: Tale) -> None:
    body = {"key": "assistance.placement_months", "value": 1, "from": "2008-07-01", "reason": "x"}

    def tell() -> None:
        stream = "parameter-x"
        proposal = t.tell("registry.rule_parameter_proposed", stream, july(1), "rules", body)
        t.lines[-1]["meta"]["area"] = "14"
        t.tell("registry.rule_parameter_set", stream, july(1), "province", {"proposal": proposal})

    t.after("registry.person_registered", "anna", tell)


def _post_closed(t: Tale) -> None:
    t.after("posts.offer_accepted", "second", lambda: t.tell(
        "posts.post_closed", "post-mill", july(62), "pes", {"reason": "withdrawn"}))  # fmt: skip


RARE: dict[str, Plant] = {
    "account_closed": _closed_account,
    "agreement_twice": lambda t: t.file(
        "anna", "agreement_signed", july(90), "officer", {"one_to_one": False}
    ),
    "closed_too_early": lambda t: t.file("anna", "file_closed", END, "system", {"end": "x"}),
    "cooling_off_short": _destroyed_at_once,
    "county_late": _county_late,
    "emergency_too_long": _long_emergency,
    "end_unregistered": lambda t: _ended(t, "anna", july(100)),
    "ended_before_start": lambda t: _ended(t, "bao", july(30)),
    "household_certified_twice": lambda t: t.after(
        "certification.household_certified", "home", lambda: _household(t, "home")
    ),
    "household_unknown": lambda t: _household(t, "none"),
    "judged_without_refusal": _judged,
    "moved_in_flight": _moved_in_flight,
    "no_annotation": lambda t: t.case(
        "dong", "annotation_cancelled", july(90), "reviewer", {"end": "x"}
    ),
    "no_registration": lambda t: t.tell(
        "registry.unemployment_registration_cancelled", "person-bao", july(90), "system",
        {"ground": "employed"},
    ),
    "not_deputy": lambda t: t.find(f"{CASE}.certificate_annotated", "anna")["meta"].update(
        on_behalf_of="second_reviewer"
    ),
    "objection_outside_notice": _early_objection,
    "person_twice": _person_again,
    "person_unknown": lambda t: t.tell(
        "registry.unemployment_registered", "person-nobody", july(90), "officer", {}
    ),
    "place_not_taken": lambda t: t.tell(
        "posts.place_freed", "post-mill", july(90), "pes", {"person": "bao", "place": 2}
    ),
    "placement_late": _one_month_to_work,
    "plan_without_facts": lambda t: t.change("assistance.plan_made", "anna", facts=[]),
    "post_closed_before": _post_closed,
    "post_unknown": lambda t: t.drop("posts.vacancy_listed", "mill"),
    "proposed_twice": lambda t: t.after(f"{CASE}.exit_proposed", "dong", lambda: t.case(
        "dong", "exit_proposed", july(70), "system", {"ground": "refusals"})),
    "reason_missing": lambda t: t.change(f"{CASE}.exited", "dong", reason=None),
    "registered_twice": lambda t: t.tell(
        "registry.unemployment_registered", "person-chen", july(90), "officer", {}
    ),
}  # fmt: skip
