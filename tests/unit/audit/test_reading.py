"""What the checker rests on: its own reading, days, lines and texts, and nothing of the project."""

from __future__ import annotations

import ast
import sys
from datetime import date
from pathlib import Path

import pytest

from events.audit.conformance.days import Calendar, months_after
from events.audit.conformance.findings import Finding, ordered, rulebook
from events.audit.conformance.judge import Judge, judge
from events.audit.conformance.process import ACTORS
from events.audit.facts import UnusableLineError, fact_of
from events.contracts.catalogue import ALL
from events.rules.requirements import requirements
from tests.support.history import good
from tests.support.planted import PLANTED
from tests.support.planted_rare import RARE
from tests.support.tale import COMMUNITY, COUNTY, OTHER, SEALED, july

ROOM = Path("events/audit")
OPEN_TO_ALL = {
    *(f"{context}.{name}.v1"
      for context in ("registry", "certification", "assistance", "posts")
      for name in ("correction_proposed", "fact_corrected", "correction_rejected")),
    "assistance.activity_organised.v1", "assistance.activity_closed.v1",
    "assistance.attendance_recorded.v1", "assistance.measure_delivered.v1",
    "certification.case_assigned.v1", "posts.export_batch_closed.v1", "posts.post_changed.v1",
    "registry.delegation_ended.v1", "registry.export_requested.v1", "registry.fields_revealed.v1",
    "registry.leave_recorded.v1", "registry.log_forked.v1", "registry.trial_proposed.v1",
    "registry.trial_approved.v1", "registry.trial_rejected.v1", "registry.trial_completed.v1",
}  # fmt: skip
"""Events that the text binds to no role of their own: who they concern, or who organised."""


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.requirement("X13")
def test_the_auditors_room_imports_the_standard_library_and_itself_alone() -> None:
    foreign = {
        (path.name, name)
        for path in ROOM.rglob("*.py")
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith("events.audit")
    }
    assert foreign == set()


def test_every_rule_names_a_requirement_a_clause_and_both_languages() -> None:
    known = requirements()
    for rule in rulebook().values():
        assert rule.requirement in known, rule.code
        assert rule.severity in {"breach", "late", "duty"}
        assert all((rule.clause_zh, rule.clause_en, rule.zh, rule.en))
        assert any(letter >= "\u4e00" for letter in rule.zh)
        assert rule.en.isascii()


def test_every_kind_of_event_has_named_actors_or_is_open_to_every_role() -> None:
    assert set(ALL.classes) - ACTORS.keys() == OPEN_TO_ALL
    assert ACTORS.keys() <= set(ALL.classes)


def test_every_rule_of_the_book_is_broken_by_a_planted_fault() -> None:
    planted = {name.partition(":")[0] for name in PLANTED | RARE}
    assert planted | {"exit_not_proposed_no_report"} == rulebook().keys()


@pytest.mark.requirement("R32", "R87", "R92")
@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2008-05-28", 6, "2008-11-28"),
        ("2010-08-31", 6, "2011-02-28"),
        ("2011-08-31", 6, "2012-02-29"),
        ("2012-02-29", 6, "2012-08-29"),
        ("2008-06-15", 1, "2008-07-15"),
        ("2008-08-31", 1, "2008-09-30"),
        ("2012-01-30", 1, "2012-02-29"),
        ("2009-12-31", 1, "2010-01-31"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(start: str, months: int, end: str) -> None:
    assert months_after(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.requirement("R20", "X18")
def test_working_days_leave_out_holidays_and_count_make_up_days() -> None:
    calendar = Calendar()
    friday = date(2008, 9, 26)
    assert calendar.after(friday, 2) == date(2008, 9, 28)  # the weekend was worked
    assert calendar.after(friday, 3) == date(2008, 10, 6)  # the week after was not
    calendar.set(2008, [], [])
    assert calendar.after(friday, 2) == date(2008, 9, 30)


@pytest.mark.requirement("X9")
def test_a_clock_that_waits_keeps_the_days_used() -> None:
    calendar = Calendar()
    monday = date(2008, 7, 7)
    assert calendar.after(monday, 3, [(date(2008, 7, 8), date(2008, 7, 15))]) == date(2008, 7, 17)
    assert calendar.after(monday, 3, [(date(2008, 7, 8), None)]) is None


@pytest.mark.requirement("X17")
def test_a_term_that_an_office_set_holds_in_its_area_from_its_day_on() -> None:
    tale = good()
    body = {"key": "certification.annotation_days", "value": 1, "from": "2008-07-01", "reason": "x"}

    def tell() -> None:
        stream = f"parameter-{COUNTY}"
        event = tale.tell("registry.rule_parameter_proposed", stream, july(1), "reviewer", body)
        tale.lines[-1]["meta"]["area"] = "140105"
        tale.tell(
            "registry.rule_parameter_set", stream, july(1), "county_head", {"proposal": event}
        )

    tale.after("registry.person_registered", "anna", tell)
    assert judge(tale.numbered()).by_code() == {"annotation_late": 3}


@pytest.mark.requirement("X19")
def test_after_a_merger_the_office_that_took_over_is_the_right_one() -> None:
    tale = good()
    body = {"into": OTHER, "closing": [COMMUNITY], "from": "2008-12-01", "document": {}}
    tale.tell("registry.offices_merged", f"office-{OTHER}", july(150), "rules", body)
    tale.filed("chen", july(151), who="neighbour")
    tale.lines[-1]["data"]["person"] = "chen"
    tale.case("chen", "community_registered", july(152), "neighbour", {"opinion": SEALED})
    tale.case("chen", "application_withdrawn", july(153), "neighbour", {"statement": {}})
    assert judge(tale.numbered()).by_code() == {}
    tale.without(tale.find("registry.offices_merged"))
    assert judge(tale.numbered()).by_code() == {"wrong_office": 1}


@pytest.mark.requirement("X11", "R89")
def test_stock_taken_over_is_followed_from_the_day_of_the_import_on() -> None:
    tale = good()
    body = {"person": "chen", "category": "aged_4050", "office": COMMUNITY, "row": 1,
            "imported_on": "2008-11-10"}  # fmt: skip
    tale.case("chen", "certification_imported", date(2008, 1, 5), "system", body)
    tale.file("chen", "file_opened", date(2008, 11, 10), "system", {"case": "chen"})
    tale.visits("chen", date(2008, 12, 20))
    assert judge(tale.numbered()).by_code() == {}


@pytest.mark.requirement("R28")
def test_visits_count_as_reports_where_the_county_says_so() -> None:
    tale = good()
    tale.without(tale.find("assistance.status_reported", "anna"))
    assert judge(tale.numbered()).by_code() == {"report_late": 1}
    body = {"key": "assistance.follow_up_counts_as_report", "value": True, "from": "2008-07-01",
            "reason": "x"}  # fmt: skip

    def tell() -> None:
        stream = "parameter-x"
        event = tale.tell("registry.rule_parameter_proposed", stream, july(1), "reviewer", body)
        tale.lines[-1]["meta"]["area"] = "140105"
        tale.tell(
            "registry.rule_parameter_set", stream, july(1), "county_head", {"proposal": event}
        )

    tale.after("registry.person_registered", "anna", tell)
    assert judge(tale.numbered()).by_code() == {}


def test_findings_are_grouped_by_office_in_an_order_that_never_varies() -> None:
    tale = good()
    for planted in ("fee_charged", "community_late", "placed_twice", "offer_to_employed"):
        PLANTED[planted](tale)
    one, two = judge(tale.numbered()), judge(tale.numbered())
    assert one.findings == two.findings == ordered(list(reversed(one.findings)))
    offices = [office for office, _ in one.by_office()]
    assert offices == sorted(offices)
    assert len(offices) == 2


def test_a_finding_says_what_is_wrong_against_which_clause_in_both_languages() -> None:
    plain = Finding("notice_too_short", COUNTY, "case", (7,), {
        "until": "2008-07-10", "earliest": "2008-07-11", "days": "7",
    }).plain()  # fmt: skip
    assert plain["seq"] == [7]
    assert plain["clause"]["zh"] == "意见第二条（一）经社区登记公示"
    assert plain["zh"] == "公示至2008-07-10，不足7个工作日（最早2008-07-11）。"
    assert "2008-07-11" in plain["en"]


def test_what_ended_for_good_is_forgotten() -> None:
    run = Judge()
    for line in good().numbered():
        run.add(fact_of(line))
    assert set(run.world.cases) == {"anna", "bao", "dong"}  # dong's exit may be undone
    assert run.world.ended == {"gao": "refused"}
    assert set(run.cares.open) == {"anna", "bao", "dong"}


def test_a_line_that_is_no_event_is_told_without_its_content() -> None:
    with pytest.raises(UnusableLineError, match=r"^seq 9: KeyError$"):
        fact_of({"seq": 9, "meta": {}, "secret": "x"})
