"""The status and its end: refusals counted, exits, reassessment, revocation, review, the mark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from events.audit.conformance.terms import REFUSALS
from events.audit.conformance.world import Case, Clock, Exit, World
from events.audit.facts import Fact

_EXIT = "certification.exit_decision_days"


def certified(case: Case, fact: Fact) -> None:
    """R22, R25: the status begins; T22 starts and a tally of its own."""
    case.category = fact.body.get("category", "")
    case.tally = {}
    case.annotation = Clock("annotation_late", "certification.annotation_days", fact.day, fact.seq)


def annotated(world: World, case: Case, fact: Fact) -> None:
    """R25, T22."""
    if case.annotation is not None:
        mark = (fact.day, fact.seq)
        world.late(case.annotation, world.over(case, "county"), case.id, mark)
    case.annotated, case.annotation = True, None


def unannotated(world: World, case: Case, fact: Fact) -> None:
    """R34: the mark ends with the status."""
    if not case.annotated:
        world.at("no_annotation", fact)
    case.annotated = False


def counted(world: World, case: Case, fact: Fact) -> None:
    """R29 to R31: only a judged refusal of an offer that counts; the tally is counted anew."""
    body = fact.body
    offer = world.offers.get(body["offer"])
    if offer is None or offer.case != case.id:
        world.at("refusal_without_offer", fact)
    elif not offer.counts or offer.judgement != body["judgement"] or offer.judged != body["judged"]:
        world.at("refusal_not_judged", fact)
    case.tally[body["offer"]] = body["judged"] == "unjust"
    if body["tally"] != case.unjust:
        world.at("tally_wrong", fact, tally=body["tally"], right=case.unjust)
    if case.unjust > REFUSALS and body["judged"] == "unjust" and case.state == "certified":
        world.afterwards(lambda: _must_propose(world, case, fact))


def _must_propose(world: World, case: Case, fact: Fact) -> None:
    if not any(exit_.ground == "refusals" for exit_ in case.exits.values()):
        world.at("exit_not_proposed", fact, tally=case.unjust)


def proposed(world: World, case: Case, fact: Fact) -> None:
    """R29, R32, R33: a ground must hold; T25 starts. No report is judged with the reports."""
    ground = fact.body["ground"]
    if any(exit_.ground == ground for exit_ in case.exits.values()):
        world.at("proposed_twice", fact)
    if ground == "refusals" and case.unjust <= REFUSALS:
        world.at("exit_ground_unmet", fact, zh=f"无正当理由仅{case.unjust}次",
                 en=f"only {case.unjust} refusals without just cause")  # fmt: skip
    if ground == "gave_up" and case.gave_up is None:
        world.at("exit_ground_unmet", fact, zh="没有本人声明", en="no statement of the person")
    case.exits[fact.id] = Exit(ground, fact.day, fact.seq)


def gave_up(world: World, case: Case, fact: Fact) -> None:
    """R33: in a signed statement."""
    if not fact.body.get("statement"):
        world.at("reason_missing", fact)
    case.gave_up = fact.id


def proposal_over(world: World, case: Case, fact: Fact) -> None:
    """T25: a proposal was decided or withdrawn."""
    exit_ = case.exits.pop(fact.body["proposal"], None)
    if exit_ is None:
        world.at("nothing_to_decide", fact)
        return
    mark = (fact.day, fact.seq)
    world.late(_clock(exit_), world.over(case, "county"), case.id, mark)
    for judgement in fact.body.get("judgements", ()):
        if not judgement["confirmed"]:
            case.tally.pop(judgement["offer"], None)


def exited(world: World, case: Case, fact: Fact) -> None:
    """R34, AS 14: a ground of refusals holds with the judgements that the county confirms."""
    exit_ = case.exits.get(fact.body["proposal"])
    proposal_over(world, case, fact)
    if exit_ is not None and exit_.ground == "refusals" and case.unjust <= REFUSALS:
        world.at("exit_ground_unmet", fact, zh=f"确认后仅{case.unjust}次",
                 en=f"only {case.unjust} confirmed")  # fmt: skip
    if not fact.body.get("reason"):
        world.at("reason_missing", fact)
    case.told = date.fromisoformat(fact.body["told_on"])
    case.exits.clear()
    case.others.clear()


def other_proposed(world: World, case: Case, fact: Fact) -> None:
    """X4, AS 29, R30: one open proposal of a kind."""
    kind = fact.type.removeprefix("certification.").removesuffix("_proposed.v1")
    if kind in case.others.values():
        world.at("proposed_twice", fact)
    case.others[fact.id] = kind


def other_decided(world: World, case: Case, fact: Fact) -> None:
    """Ask for an open proposal; a reassessment that ends the status lapses it."""
    if case.others.pop(fact.body["proposal"], None) is None:
        world.at("nothing_to_decide", fact)
    if fact.body.get("outcome") == "change_category":
        case.category = fact.body.get("category") or case.category
    if fact.body.get("outcome") == "lapse":
        world.afterwards(lambda: _must_lapse(world, case, fact))


def _must_lapse(world: World, case: Case, fact: Fact) -> None:
    if case.state == "certified":
        world.at("lapse_missing", fact)


def lapsed(world: World, case: Case, fact: Fact) -> None:
    """R35: unemployed again only after an employment that ended with nothing after it."""
    person = world.people.get(case.person)
    if fact.body["ground"] == "unemployed_again" and person is not None:
        if person.lapse_due is None:
            world.at("lapse_without_ground", fact)
        person.lapse_due = None


def review_requested(world: World, case: Case, fact: Fact) -> None:
    """X3, T20b: within its working days from the day the person was told."""
    if case.told is not None:
        days = world.term("certification.review_days", case.community, case.told)
        due = world.calendar.after(case.told, days)
        if due is not None and fact.day > due:
            world.at("review_too_late", fact, due=due, day=fact.day)
    case.reviews[fact.id] = (fact.day, fact.seq)


def review_decided(world: World, case: Case, fact: Fact) -> None:
    """X3: set aside, a refusal goes back to the county and an exit is undone."""
    if case.reviews.pop(fact.body["review"], None) is None:
        world.at("nothing_to_decide", fact)
    if fact.body["outcome"] != "set_aside":
        return
    if case.state == "refused":
        case.state, case.pauses = "at_county", []
        case.clock = Clock("county_late", "certification.county_days", fact.day, fact.seq)
        case.at = fact.at
    elif case.state == "exited":
        case.state = "certified"


def at_end(world: World, case: Case) -> None:
    """Note the terms of a case that nobody kept by the end of the history, or of the status."""
    if case.clock is not None and case.state != "withdrawn":
        level = {"community_late": "community", "street_late": "street"}
        office = world.over(case, level.get(case.clock.code, "county"))
        world.late(case.clock, office, case.id, None, case.pauses)
    county = world.over(case, "county")
    if case.annotation is not None and case.state == "certified":
        world.late(case.annotation, county, case.id, None)
    for exit_ in case.exits.values():
        world.late(_clock(exit_), county, case.id, None)
    right = "street" if case.route == "street" else "county"
    for mark in case.objections.values():
        clock = Clock("objection_late", "certification.objection_days", *mark)
        world.late(clock, world.over(case, right), case.id, None)


def _clock(exit_: Exit) -> Clock:
    return Clock("exit_decision_late", _EXIT, exit_.day, exit_.seq)


CHECKS: dict[str, Callable[[World, Case, Fact], None]] = {
    f"certification.{name}.v1": check
    for name, check in {
        "certificate_annotated": annotated,
        "annotation_cancelled": unannotated,
        "refusal_counted": counted,
        "exit_proposed": proposed,
        "withdrawn_by_person": gave_up,
        "exit_proposal_withdrawn": proposal_over,
        "exit_rejected": proposal_over,
        "exited": exited,
        "exit_reversal_proposed": other_proposed,
        "exit_reversed": other_decided,
        "revocation_proposed": other_proposed,
        "certification_revoked": other_decided,
        "revocation_rejected": other_decided,
        "reassessment_proposed": other_proposed,
        "reassessed": other_decided,
        "lapsed": lapsed,
        "review_requested": review_requested,
        "review_decided": review_decided,
    }.items()
}
