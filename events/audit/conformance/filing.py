"""From the application to the decision: papers, the notice, objections, returns, the clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from events.audit.conformance.world import Case, Clock, Notice, World
from events.audit.facts import Fact

PAPERS = frozenset({"id_card", "household_book", "unemployment_certificate", "photos"})
"""What every application brings (AS 1)."""


def filed(world: World, case: Case, fact: Fact) -> None:
    """R8, R10, R11, R18: what an application must rest on; T2 starts."""
    case.clock = Clock("community_late", "certification.community_days", fact.day, fact.seq)
    body = fact.body
    case.category = body.get("primary", "")
    if not (body.get("attest_ability") and body.get("attest_wish")):
        world.at("attestation_missing", fact)
    valid = {
        doc["kind"]
        for doc in body.get("evidence", ())
        if not doc.get("valid_until") or date.fromisoformat(doc["valid_until"]) >= fact.day
    }
    if missing := sorted(PAPERS - valid):
        world.at("evidence_missing", fact, what=", ".join(missing))
    person = world.people.get(case.person)
    if person is None:
        return
    if person.registered is None or person.registered[0] > fact.day:
        world.at("not_registered_unemployed", fact)
    if person.urban is False and fact.rule_set == "2008":
        world.at("hukou_not_urban", fact)
    right = world.offices.above(person.residence, "community") or person.residence
    if fact.office != right:
        world.at("wrong_office", fact, office=fact.office, right=right)


def imported(_: World, case: Case, fact: Fact) -> None:
    """X11: certified before this log began."""
    case.category = fact.body.get("category", "")


def registered(world: World, case: Case, fact: Fact) -> None:
    """R19: T2 ends."""
    _stop(world, case, fact, "community")


def posted(world: World, case: Case, fact: Fact) -> None:
    """R19, R20, T1: the notice runs at least its days."""
    start, until = (date.fromisoformat(fact.body[name]) for name in ("from", "until"))
    if start < fact.day:
        world.at("notice_backdated", fact, start=start, posted=fact.day)
    days = world.term("certification.notice_days", case.community, fact.day)
    earliest = world.calendar.after(max(start, fact.day), days)
    if earliest is not None and until < earliest:
        world.at("notice_too_short", fact, until=until, earliest=earliest, days=days)
    case.notice = Notice(fact.id, start, until, fact.seq)
    case.upheld = False


def closed(world: World, case: Case, fact: Fact) -> None:
    """R19, T1: closed once its last day is over; T3 starts, in a mining area T4."""
    notice = case.notice
    if notice is not None and fact.day <= notice.until:
        world.at("notice_closed_early", fact, notice.seq, until=notice.until, closed=fact.day)
    street = case.route == "street"
    code, term = ("street_late", "street_days") if street else ("county_late", "county_days")
    case.clock = Clock(code, f"certification.{term}", fact.day, fact.seq)
    case.pauses = [(mark[0], None) for mark in case.objections.values()]


def objected(world: World, case: Case, fact: Fact) -> None:
    """X1: only while the notice runs; T20a starts."""
    notice = case.notice
    if notice is None or not notice.start <= fact.day <= notice.until:
        world.at("objection_outside_notice", fact, day=fact.day)
    case.objections[fact.id] = (fact.day, fact.seq)


def objection_decided(world: World, case: Case, fact: Fact) -> None:
    """X1, AS 3: the street answers, in a mining area the county."""
    right = "street" if case.route == "street" else "county"
    if fact.office != world.over(case, right):
        world.at("wrong_office", fact, office=fact.office, right=world.over(case, right))
    mark = case.objections.pop(fact.body["objection"], None)
    if mark is None:
        world.at("nothing_to_decide", fact)
        return
    clock = Clock("objection_late", "certification.objection_days", *mark)
    world.late(clock, world.over(case, right), case.id, (fact.day, fact.seq))
    _resume(case, fact.day, mark[0])
    case.upheld = case.upheld or fact.body["outcome"] == "upheld"


def returned(_: World, case: Case, fact: Fact) -> None:
    """X9: by the office that holds the case; the step's clock waits."""
    case.returned_from = "registered" if case.upheld else case.came_from
    case.pauses.append((fact.day, None))


def resubmitted(world: World, case: Case, fact: Fact) -> None:
    """X9: goes on where it stood, or with a new notice."""
    back = fact.body["back_to"]
    if back not in {case.returned_from, "registered"} or (
        back == "registered" and case.returned_from == "filed"
    ):
        world.at("wrong_way_back", fact, back=back, right=case.returned_from)
    case.state = back
    if back == "registered":
        case.clock, case.notice, case.pauses = None, None, []
    _resume(case, fact.day)
    case.category = fact.body.get("primary", case.category)


def reviewed(world: World, case: Case, fact: Fact) -> None:
    """R19, R21: nothing goes on while an objection is open."""
    _no_objection(world, case, fact)
    case.disagreed = fact.body.get("opinion") == "disagree"


def forwarded(world: World, case: Case, fact: Fact) -> None:
    """R22: T3 ends and T4 starts; in a mining area T4 runs since the notice."""
    right = world.over(case, "county")
    if fact.body.get("county") != right:
        world.at("wrong_office", fact, office=fact.body.get("county", ""), right=right)
    if case.route == "street":
        _stop(world, case, fact, "street")
        case.clock = Clock("county_late", "certification.county_days", fact.day, fact.seq)
        case.pauses = []
    else:
        _no_objection(world, case, fact)


def decided(world: World, case: Case, fact: Fact) -> None:
    """R22: T4 ends; against the street's opinion with a reason (AS 28)."""
    _stop(world, case, fact, "county")
    if case.disagreed and not fact.body.get("reason"):
        world.at("reason_missing", fact)


def refused(world: World, case: Case, fact: Fact) -> None:
    """R22, X3: with a reason, and told of the review."""
    _stop(world, case, fact, "county")
    if not fact.body.get("reason") or not fact.body.get("grounds"):
        world.at("reason_missing", fact)
    case.told = date.fromisoformat(fact.body["told_on"])


def _no_objection(world: World, case: Case, fact: Fact) -> None:
    if case.objections:
        world.at("objection_open", fact, *(mark[1] for mark in case.objections.values()))
        case.skipped.add("certification.objection_decided.v1")


def _stop(world: World, case: Case, fact: Fact, level: str) -> None:
    if case.clock is not None:
        mark = (fact.day, fact.seq)
        world.late(case.clock, world.over(case, level), case.id, mark, case.pauses)
    case.clock = None


def _resume(case: Case, day: date, since: date | None = None) -> None:
    """Let the clock run on: one pause that is open ends with the day."""
    for n, (start, until) in enumerate(case.pauses):
        if until is None and since in {None, start}:
            case.pauses[n] = (start, day)
            return


CHECKS: dict[str, Callable[[World, Case, Fact], None]] = {
    f"certification.{name}.v1": check
    for name, check in {
        "application_filed": filed,
        "certification_imported": imported,
        "community_registered": registered,
        "public_notice_posted": posted,
        "public_notice_closed": closed,
        "objection_lodged": objected,
        "objection_decided": objection_decided,
        "application_returned": returned,
        "application_resubmitted": resubmitted,
        "street_reviewed": reviewed,
        "county_reviewed": reviewed,
        "forwarded_to_county": forwarded,
        "person_certified": decided,
        "certification_refused": refused,
    }.items()
}
