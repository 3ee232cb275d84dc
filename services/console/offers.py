"""In which state a page offers a command (domain.md C3.8), and to whom (C7).

The write side decides; this table only keeps a page from offering what would be refused. A command
that no row names is bound by its guards alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from events.rules.roles import expand
from services.kit.decider import Command

Axis: TypeAlias = Literal[
    "person", "certification", "exit_proposal", "reassessment", "revocation", "reversal",
    "work", "tracking", "agreement", "offer", "household", "review",
]  # fmt: skip
State: TypeAlias = Mapping[str, str]

OPEN_CASE = (
    "filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county",
    "county_reviewed", "returned",
)  # fmt: skip
HELD = ("filed", "registered", "notice_closed", "street_reviewed", "at_county", "county_reviewed")
NO_CASE = ("", "none", "exited", "lapsed", "revoked", "refused", "withdrawn")
ENDED = ("exited", "lapsed", "revoked")
BY_STREET, BY_COUNTY, DONE = ("", "street"), ("", "county"), ("", "done")
"""Who still reviews a case before the decision (R21, R24), or nobody any more; "": not told."""
ANY_CASE = (*OPEN_CASE, "certified", *ENDED, "refused", "withdrawn")
CERTIFIED: Mapping[Axis, tuple[str, ...]] = {"certification": ("certified",)}
KNOWN: Mapping[Axis, tuple[str, ...]] = {"person": ("known",)}
TRACKING = ("active", "tracking_active")
UNEMPLOYED = ("", "none", "unemployed", "between_jobs")


@dataclass(frozen=True, slots=True)
class Offer:
    """When a command is offered: every axis named must be in one of its states."""

    when: Mapping[Axis, tuple[str, ...]]
    page: Literal["person", "household", "office", "event", "audit"] = "person"


def _case(*states: str) -> Offer:
    return Offer({"certification": states})


def _review(by: tuple[str, ...], *states: str) -> Offer:
    return Offer({"certification": states, "review": by})


def _open(axis: Axis, state: str = "certified") -> Offer:
    return Offer({"certification": (state,), axis: ("open",)})


def _agreement(*states: str) -> Offer:
    return Offer({"certification": ("certified",), "agreement": states})


_ACTIVE = ("active", "agreement_active", "plan_in_force")
_NONE = ("", "none", "no_agreement", "ended", "agreement_ended")
_HOUSEHOLD = ("formed", "certified", "cleared", "left")

OFFERS: dict[str, Offer] = {
    "certification.file_application": _case(*NO_CASE),
    "certification.register_at_community": _case("filed"),
    "certification.post_notice": _case("registered"),
    "certification.lodge_objection": _case("on_notice"),
    "certification.close_notice": _case("on_notice"),
    "certification.decide_objection": _case("on_notice", "notice_closed"),
    "certification.street_review": _review(BY_STREET, "notice_closed"),
    "certification.forward_to_county": _review(
        ("", "county", "done"), "street_reviewed", "notice_closed"
    ),
    "certification.county_review": _review(BY_COUNTY, "at_county"),
    "certification.certify": _review(DONE, "at_county", "county_reviewed"),
    "certification.refuse_certification": _review(DONE, "at_county", "county_reviewed"),
    "certification.return_application": _case(*HELD),
    "certification.resubmit": _case("returned"),
    "certification.withdraw_application": _case(*OPEN_CASE),
    "certification.annotate_certificate": _case("certified"),
    "certification.cancel_annotation": _case(*ENDED),
    "certification.withdraw_wish": _case("certified"),
    "certification.withdraw_exit_proposal": _open("exit_proposal"),
    "certification.confirm_exit": _open("exit_proposal"),
    "certification.reject_exit": _open("exit_proposal"),
    "certification.propose_exit_reversal": _case("exited"),
    "certification.approve_exit_reversal": _open("reversal", "exited"),
    "certification.request_review": _case("refused", "exited"),
    "certification.decide_review": _case("refused", "exited"),
    "certification.decide_reassessment": _open("reassessment"),
    "certification.propose_revocation": _case("certified"),
    "certification.revoke_certification": _open("revocation"),
    "certification.reject_revocation": _open("revocation"),
    "certification.assign_case": _case(*ANY_CASE),
    "assistance.sign_agreement": _agreement(*_NONE),
    "assistance.supplement_agreement": _agreement(*_ACTIVE),
    "assistance.change_helper": _agreement(*_ACTIVE),
    "assistance.end_agreement": _agreement(*_ACTIVE),
    "assistance.make_plan": _agreement("active", "agreement_active"),
    "assistance.revise_plan": _agreement("plan_in_force"),
    "assistance.complete_measure": _agreement("plan_in_force"),
    "assistance.deliver_service": Offer(CERTIFIED),
    "assistance.refer_person": Offer(CERTIFIED),
    "assistance.answer_referral": Offer(CERTIFIED),
    "assistance.invite_to_activity": Offer(CERTIFIED),
    "assistance.record_attendance": Offer(CERTIFIED),
    "assistance.enrol_in_training": Offer(CERTIFIED),
    "assistance.complete_training": Offer(CERTIFIED),
    "assistance.leave_training": Offer(CERTIFIED),
    "assistance.report_status": Offer(CERTIFIED),
    "assistance.record_follow_up": Offer({**CERTIFIED, "tracking": TRACKING}),
    "assistance.end_follow_up": Offer({**CERTIFIED, "tracking": TRACKING, "work": ("employed",)}),
    "posts.offer_job": Offer({**CERTIFIED, "work": UNEMPLOYED}),
    "posts.record_offer_outcome": Offer({"offer": ("offered", "accepted")}),
    "posts.withdraw_offer": Offer({"offer": ("offered", "accepted")}),
    "posts.judge_refusal": Offer({"offer": ("refused", "not_taken_up")}),
    "posts.rejudge_refusal": Offer({"offer": ("judged", "judged_just", "judged_unjust")}),
    "posts.place_in_job": Offer({"person": ("known",), "work": UNEMPLOYED}),
    "posts.confirm_on_job": Offer({"work": ("employed",)}),
    "posts.change_employment": Offer({"work": ("employed",)}),
    "posts.end_employment": Offer({"work": ("employed", "between_jobs")}),
    "posts.register_hire": Offer({"work": ("employed", "between_jobs")}),
    "posts.register_end_of_employment": Offer(KNOWN),
    "registry.change_household": Offer({"household": _HOUSEHOLD}, "household"),
    "registry.split_household": Offer({"household": _HOUSEHOLD}, "household"),
    "registry.merge_households": Offer({"household": _HOUSEHOLD}, "household"),
    "registry.form_household": Offer({"household": ("", "none", "left", "absorbed")}),
}
"""Command → when a page offers it, from the state tables."""

HANDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("certification.forward_to_county", "street_reviewed"): ("street_officer", "street_signer"),
    ("certification.forward_to_county", "notice_closed"): ("community_head",),
}
"""Command and state of the case → who of its actors sends it there: the office that holds it."""

_GUARDED = (
    "registry.record_person_change", "registry.record_unemployment_registration",
    "registry.cancel_unemployment_registration", "registry.record_dibao", "registry.end_dibao",
    "registry.record_wishes", "registry.record_skills", "registry.record_condition_lost",
    "registry.request_transfer", "registry.accept_transfer", "registry.reject_transfer",
    "registry.merge_persons", "registry.unmerge_persons", "registry.dismiss_duplicate",
    "registry.reveal_fields", "registry.open_emergency_access", "registry.restrict_processing",
    "registry.propose_shredding", "registry.approve_shredding", "registry.send_message",
)  # fmt: skip
_OFFICE = (
    "registry.register_person", "registry.open_office", "registry.rename_office",
    "registry.recode_office", "registry.move_office", "registry.merge_offices",
    "registry.split_office", "registry.close_office", "registry.set_mining_area",
    "registry.name_leader", "registry.open_account", "registry.propose_role",
    "registry.approve_role", "registry.revoke_role", "registry.close_account",
    "registry.delegate", "registry.end_delegation", "registry.record_leave",
    "registry.define_city_category", "registry.end_city_category",
    "registry.propose_rule_parameter", "registry.approve_rule_parameter",
    "registry.reject_rule_parameter", "registry.set_calendar", "registry.request_export",
    "registry.approve_export", "registry.reject_export", "registry.propose_trial",
    "registry.approve_trial", "registry.reject_trial", "assistance.organise_activity",
    "assistance.close_activity", "assistance.reassign_cases", "posts.register_employer",
    "posts.change_employer", "posts.list_vacancy", "posts.develop_public_post",
    "posts.change_post", "posts.close_post", "posts.propose_post", "posts.accept_proposed_post",
    "posts.decline_proposed_post", "posts.open_export_batch", "posts.close_export_batch",
    "certification.open_import", "certification.close_import",
)  # fmt: skip
_EVENT = tuple(
    f"{context}.{act}_correction"
    for context in ("registry", "certification", "assistance", "posts")
    for act in ("propose", "approve", "reject")
)
_AUDIT = ("registry.request_check", "registry.cancel_check")
GUARDED: dict[str, Offer] = (
    dict.fromkeys(_GUARDED, Offer(KNOWN))
    | dict.fromkeys(_OFFICE, Offer({}, "office"))
    | dict.fromkeys(_EVENT, Offer({}, "event"))
    | dict.fromkeys(_AUDIT, Offer({}, "audit"))
)
"""Commands that no state row names, of a person, office, event, the log: guards alone bind them."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A command on a page: offered, or not with the axis that stands against it."""

    command: type[Command]
    legal: bool
    against: str = ""
    """Axis whose state does not fit; `role` where the role does not."""


def offer_of(name: str) -> Offer | None:
    """Return when a command is offered; None for one that belongs to no person or household."""
    return OFFERS.get(name) or GUARDED.get(name)


def may_send(command: type[Command], roles: frozenset[str]) -> bool:
    """Tell whether one of the roles may send a command at all."""
    return bool(expand(frozenset(command.actors)) & roles)


def hands(command: type[Command], state: State) -> tuple[str, ...]:
    """Return who sends a command in a state: all of its actors, or those who hold the case."""
    return HANDS.get((command.type, state.get("certification", "")), command.actors)


def is_for_people(command: type[Command]) -> bool:
    """Tell whether people send it; the rest are the system's own."""
    return frozenset(command.actors) != frozenset({"system"})


def judge(command: type[Command], state: State, roles: frozenset[str]) -> Offered:
    """Judge whether a page offers a command in a state to a holder of roles."""
    if not expand(frozenset(hands(command, state))) & roles:
        return Offered(command, legal=False, against="role")
    offer = offer_of(command.type)
    for axis, states in (offer.when if offer else {}).items():
        if not _fits(axis, states, state):
            return Offered(command, legal=False, against=axis)
    return Offered(command, legal=True)


def _fits(axis: str, states: tuple[str, ...], state: State) -> bool:
    if axis == "offer":
        return bool(set(state.get("offer", "").split()) & set(states))
    return state.get(axis, "") in states


def offered(
    commands: Mapping[str, type[Command]], state: State, roles: frozenset[str], page: str
) -> list[Offered]:
    """List the commands of a page that the roles may send, legal ones first."""
    mine = [
        c for c in commands.values()
        if (o := offer_of(c.type)) and o.page == page and is_for_people(c) and may_send(c, roles)
    ]  # fmt: skip
    found = [judge(c, state, roles) for c in mine]
    return sorted(found, key=lambda o: not o.legal)
