"""Every metric of the cube over short lives, with numbers worked out by hand (C6)."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import certification as cert
from events.contracts import posts
from projections.cube.figures import percentile
from projections.cube.metrics import METRICS
from projections.cube.model import CUBE
from tests.unit.projections.people import DAY, People, Told
from tests.unit.projections.story import BOX, COMMUNITY, ELSEWHERE, NEXT_DOOR, some_id


@pytest.fixture
def people() -> People:
    town = People()
    for who in ("anna", "bert", "cora", "dora"):
        town.register(who, NEXT_DOOR if who == "dora" else COMMUNITY)
    return town


@pytest.mark.requirement("R54")
def test_stock_and_flow_of_a_month_balance(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.certify("bert", "2008-07-02")
    people.certify("cora", "2008-07-03")
    people.leave("anna", "2008-07-20")
    people.take_over("dora", "2007-03-01", on="2008-07-05")
    people.lapse("cora", "2008-07-30")
    m1 = Told(people).figure("M1", "2008-07-01", "2008-07-31").parts
    flows = {k: v for k, v in m1.items() if v}
    assert flows == {
        "opening": 1,
        "certified": 2,
        "imported": 1,
        "exited": 1,
        "lapsed": 1,
        "closing": 2,
        "unemployed": 2,
    }


@pytest.mark.requirement("R54")
def test_the_stock_has_three_sub_counts(people: People) -> None:
    for who in ("anna", "bert", "cora"):
        people.certify(who, "2008-06-10")
    people.work("anna", "2008-06-20")
    people.work("bert", "2008-06-20")
    people.end_follow_up("bert", "2008-12-20")
    told = Told(people)
    before = told.figure("M1", "2008-12-01", "2008-12-19").parts
    after = told.figure("M1", "2008-12-01", "2008-12-31").parts
    names = ("unemployed", "employed_tracked", "employed_untracked")
    assert [before[n] for n in names] == [1, 2, 0]
    assert [after[n] for n in names] == [1, 1, 1]


@pytest.mark.requirement("R30")
def test_a_reversed_exit_comes_back_on_the_day_of_the_reversal(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.leave("anna", "2008-07-10", ground="refusals")
    people.reinstate("anna", "2008-08-05")
    told = Told(people)
    assert told.figure("M1", "2008-07-01", "2008-07-31").parts["closing"] == 0
    august = told.figure("M1", "2008-08-01", "2008-08-31")
    assert (august.parts["reinstated"], august.value) == (1, 1)
    m9 = told.figure("M9", "2008-07-01", "2008-08-31")
    assert (m9.parts["refusals"], m9.parts["reversed"], m9.rate) == (1, 1, 1.0)


def test_a_certification_that_is_void_from_its_first_day_leaves_no_stock(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.revoke("anna", "2008-09-01", from_day="2008-05-30")
    told = Told(people)
    june = told.figure("M1", "2008-06-01", "2008-06-30").parts
    assert (june["certified"], june["revoked"], june["closing"]) == (1, 1, 0)
    as_known = told.figure("M1", "2008-06-01", "2008-06-30", known="2008-08-31").parts
    assert (as_known["revoked"], as_known["closing"]) == (0, 1)


@pytest.mark.requirement("X6")
def test_a_move_takes_the_person_from_one_office_to_the_other(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.move("anna", "2008-07-15", ELSEWHERE)
    told = Told(people)
    old = told.figure("M1", "2008-07-01", "2008-07-31", COMMUNITY).parts
    new = told.figure("M1", "2008-07-01", "2008-07-31", ELSEWHERE).parts
    assert (old["opening"], old["moved_out"], old["closing"]) == (1, 1, 0)
    assert (new["opening"], new["moved_in"], new["closing"]) == (0, 1, 1)
    assert told.figure("M1", "2008-07-01", "2008-07-31", "140105").parts["closing"] == 1


def test_a_change_of_category_keeps_the_total_and_moves_between_categories(
    people: People,
) -> None:
    people.certify("anna", "2008-06-10", category="zero_household")
    people.recategorise("anna", "2008-07-15", "long_term")
    told = Told(people)
    parts = told.figure("M1", "2008-07-01", "2008-07-31").parts
    assert (parts["opening"], parts["closing"]) == (1, 1)
    assert (parts["category_left"], parts["category_joined"]) == (1, 1)
    by_category = {
        cell[4]: amount
        for (table, cell, _), amount in told.cells.items()
        if table == "rm_cube" and cell[1] == "unemployed" and cell[3] == DAY("2008-07-15")
    }
    assert by_category == {"zero_household": -1, "long_term": 1}


@pytest.mark.requirement("R54")
def test_the_employment_rate_counts_each_certification_once(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.certify("bert", "2008-06-10")
    people.certify("cora", "2008-07-02")
    people.work("anna", "2008-07-05")
    people.stop("anna", "2008-07-20", then="next_job")
    people.work("anna", "2008-07-25")
    m2 = Told(people).figure("M2", "2008-07-01", "2008-07-31")
    assert m2.parts == {"placed": 1, "opening_unemployed": 2, "certified": 1}
    assert m2.rate == pytest.approx(1 / 3)


@pytest.mark.requirement("R59", "R80")
def test_placements_are_counted_by_channel_and_cross_region_apart(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.work("anna", "2008-07-05", channel="flexible")
    people.work("bert", "2008-07-06", channel="labour_export", cross_region=True)
    told = Told(people)
    m3 = told.figure("M3", "2008-07-01", "2008-07-31")
    assert m3.parts == {"placements": 2, "cross_region": 1}
    channels = {c[7] for (t, c, _) in told.cells if t == "rm_cube" and c[0] == "M3"}
    assert channels == {"flexible", "labour_export"}


@pytest.mark.requirement("R83")
def test_agreements_cover_the_certified_unemployed(people: People) -> None:
    for who in ("anna", "bert", "cora", "dora"):
        people.certify(who, "2008-06-10")
    for who in ("anna", "bert", "cora"):
        people.sign(who, "2008-06-12")
    people.work("bert", "2008-06-20")
    people.end_agreement("cora", "2008-07-31")
    told = Told(people)
    m4 = told.figure("M4", "2008-07-01", "2008-07-30")
    assert m4.parts == {"active_unemployed": 2, "unemployed": 3, "active": 3}
    assert m4.rate == pytest.approx(2 / 3)
    assert told.figure("M4", "2008-07-01", "2008-07-31").parts["active_unemployed"] == 1


@pytest.mark.requirement("R89")
def test_a_month_with_ten_due_and_nine_done_has_ninety_percent() -> None:
    people = People()
    names = [f"person {i}" for i in range(10)]
    for who in names:
        people.register(who)
        people.certify(who, "2008-06-10")
    for who in names[:9]:
        people.visit(who, "2008-07-10")
    people.visit(names[0], "2008-07-20")
    m5 = Told(people).figure("M5", "2008-07-01", "2008-07-31")
    assert (m5.parts, m5.rate) == ({"done": 9, "due": 10}, 0.9)


@pytest.mark.requirement("R89")
def test_the_month_of_certification_and_a_month_left_before_its_end_are_not_due(
    people: People,
) -> None:
    people.certify("anna", "2008-06-10")
    people.visit("anna", "2008-06-25")
    people.visit("anna", "2008-09-05")
    people.end_follow_up("anna", "2008-09-20")
    told = Told(people)
    assert told.figure("M5", "2008-06-01", "2008-06-30").parts == {"done": 0, "due": 0}
    assert told.figure("M5", "2008-07-01", "2008-08-31").parts == {"done": 0, "due": 2}
    assert told.figure("M5", "2008-09-01", "2008-12-31").parts == {"done": 0, "due": 0}


@pytest.mark.requirement("R89", "X12")
def test_a_visit_recorded_late_changes_only_what_is_known_later(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.visit("anna", "2008-07-10", known="2008-08-15")
    told = Told(people)
    frozen = told.figure("M5", "2008-07-01", "2008-07-31", known="2008-08-10")
    now = told.figure("M5", "2008-07-01", "2008-07-31")
    assert (frozen.parts["done"], now.parts["done"], now.parts["due"]) == (0, 1, 1)


@pytest.mark.requirement("R87")
def test_households_are_judged_on_the_last_day_of_their_month() -> None:
    people = People()
    for home in ("in time", "late", "open", "gone", "recorded late"):
        people.form(home)
        people.certify_home(home, "2008-06-15")
    people.clear_home("in time", "2008-07-15")
    people.clear_home("late", "2008-07-16")
    people.leave_home("gone", "2008-07-01")
    people.clear_home("recorded late", "2008-07-15", known="2008-08-20")
    told = Told(people)
    m7 = told.figure("M7", "2008-07-01", "2008-07-31")
    assert m7.parts == {
        "in_time": 2,
        "due": 4,
        "breached": 2,
        "certified": 0,
        "cleared": 3,
        "cleared_late": 1,
        "left": 1,
        "open": 1,
    }
    assert m7.rate == 0.5
    earlier = told.figure("M7", "2008-07-01", "2008-07-31", known="2008-08-19")
    assert (earlier.parts["in_time"], earlier.parts["breached"]) == (1, 3)


@pytest.mark.requirement("R28")
def test_reports_are_due_every_three_months_for_the_employed_too(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.work("anna", "2008-07-01")
    people.report("anna", "2008-09-10")
    people.report("anna", "2008-12-30")
    told = Told(people)
    assert told.figure("M8", "2008-09-01", "2008-09-30").parts == {"in_time": 1, "due": 1}
    december = told.figure("M8", "2008-12-01", "2008-12-31")
    assert december.parts == {"in_time": 0, "due": 1}


@pytest.mark.requirement("R29", "R32", "R33")
def test_exits_are_counted_by_ground(people: People) -> None:
    for who, ground in (("anna", "refusals"), ("bert", "no_report"), ("cora", "gave_up")):
        people.certify(who, "2008-06-10")
        people.leave(who, "2008-12-20", ground=ground)  # type: ignore[arg-type]  # a literal
    m9 = Told(people).figure("M9", "2008-12-01", "2008-12-31")
    assert (m9.value, m9.denominator, m9.rate) == (0, 3, 0.0)
    assert [m9.parts[g] for g in ("refusals", "no_report", "gave_up")] == [1, 1, 1]


@pytest.mark.requirement("R92")
def test_stable_work_is_judged_half_a_year_after_its_start(people: People) -> None:
    for who in ("anna", "bert", "cora"):
        people.certify(who, "2008-06-10")
        people.work(who, "2008-06-20")
    people.stop("bert", "2008-12-19")
    people.stop("cora", "2008-10-31", then="next_job")
    people.work("cora", "2008-11-01")
    told = Told(people)
    m11 = told.figure("M11", "2008-12-01", "2008-12-31")
    assert m11.parts == {"stable": 2, "reached": 3}
    m12 = told.figure("M12", "2008-06-01", "2008-12-31")
    assert m12.parts == {"ended_early": 1, "begun": 3}


@pytest.mark.requirement("R29", "R97")
def test_take_up_and_unjust_shares_of_offers(people: People) -> None:
    people.certify("anna", "2008-06-10")
    for nth in (1, 2, 3, 4):
        people.offer("anna", nth, "2008-07-01")
    people.on_offer("anna", 1, posts.OfferTakenUp(post=some_id("post")), "2008-07-03")
    for nth in (2, 3):
        people.on_offer("anna", nth, posts.OfferRefused(reason="other"), "2008-07-04")
        people.judge("anna", nth, "2008-08-10", "unjust")
    again = posts.RefusalRejudged(
        judged="just",
        reason="other",
        text=BOX,
        supersedes=some_id("x"),
        case=some_id("x"),
        counts=True,
    )
    people.on_offer("anna", 3, again, "2008-08-20")
    told = Told(people)
    m13 = told.figure("M13", "2008-07-01", "2008-07-31")
    names = ("offers", "taken_up", "not_taken_up", "unjust")
    assert [m13.parts[n] for n in names] == [4, 1, 2, 1]
    assert m13.rate == 0.25
    earlier = told.figure("M13", "2008-07-01", "2008-07-31", known="2008-08-15")
    assert earlier.parts["unjust"] == 2


@pytest.mark.requirement("R4")
def test_days_to_work_have_a_median_and_a_ninetieth_percentile() -> None:
    people = People()
    for i, waited in enumerate((3, 5, 5, 8, 9, 12, 20, 25, 40, 90)):
        who = f"person {i}"
        people.register(who)
        people.certify(who, "2008-06-10")
        people.work(who, date.fromordinal(DAY("2008-06-10").toordinal() + waited).isoformat())
    r4 = Told(people).figure("R4", "2008-06-01", "2008-12-31")
    assert (r4.value, r4.median, r4.p90) == (10, 9, 40)


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile({}, 50) is None


@pytest.mark.requirement("X2")
def test_a_fact_declared_void_leaves_every_figure(people: People) -> None:
    people.certify("anna", "2008-06-10")
    start = people.work("anna", "2008-06-20")
    people.correct("anna", start, known="2008-07-02")
    told = Told(people)
    june = told.figure("M3", "2008-06-01", "2008-06-30")
    assert june.value == 0
    assert told.figure("M3", "2008-06-01", "2008-06-30", known="2008-07-01").value == 1


@pytest.mark.requirement("X2", "X12")
def test_a_corrected_day_moves_a_figure_from_the_day_of_the_correction_on(people: People) -> None:
    people.certify("anna", "2008-06-10")
    start = people.work("anna", "2008-07-03")
    people.correct("anna", start, "2008-06-30", known="2008-08-01")
    told = Told(people)
    june, july = ("M3", "2008-06-01", "2008-06-30"), ("M3", "2008-07-01", "2008-07-31")
    assert (told.figure(*june).value, told.figure(*july).value) == (1, 0)
    before = {"known": "2008-07-31"}
    assert (told.figure(*june, **before).value, told.figure(*july, **before).value) == (0, 1)


@pytest.mark.requirement("X2")
def test_a_corrected_figure_opens_to_both_events(people: People) -> None:
    people.certify("anna", "2008-06-10")
    start = people.work("anna", "2008-07-03")
    people.correct("anna", start, "2008-06-30", known="2008-08-01")
    cells = Told(people).cells
    (seqs,) = {
        cell[-1]
        for (table, cell, known), n in cells.items()
        if table == "rm_cube_cases" and cell[0] == "M3" and n > 0 and known > DAY("2008-07-31")
    }
    assert [type(people.log.facts[seq - 1].event) for seq in seqs] == [
        posts.PlacedInJob,
        posts.FactCorrected,
    ]


@pytest.mark.requirement("R41")
def test_a_figure_stays_as_it_was_known(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.certify("bert", "2008-06-20", known="2008-07-03")
    told = Told(people)
    june = ("M1", "2008-06-01", "2008-06-30", "14")
    assert told.figure(*june, known="2008-06-30").value == 1
    assert told.figure(*june, known="2008-07-03").value == 2


def test_cases_carry_the_same_amounts_as_figures(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.work("anna", "2008-06-20")
    people.leave("anna", "2008-09-20")
    cells = Told(people).cells
    for metric in ("M1", "M2", "M3", "M5", "M9"):
        both = [
            sum(n for (t, c, _), n in cells.items() if t == table and c[0] == metric)
            for table in ("rm_cube", "rm_cube_cases")
        ]
        assert both[0] == both[1]


def test_every_metric_names_its_clause_its_requirements_and_known_parts() -> None:
    for metric in METRICS.values():
        assert metric.clause.startswith("意见")
        assert metric.requirements
        names = {p.name for p in metric.parts}
        assert {*metric.numerator, *metric.denominator} <= names


def test_an_unknown_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        METRICS["M1"].part("nothing")


def test_events_about_offices_and_reads_change_no_row() -> None:
    people = People()
    assert {CUBE.key(fact) for fact in people.log.facts} == {None}


def test_a_refused_application_is_in_no_figure(people: People) -> None:
    refused = cert.CertificationRefused(
        grounds=("no_wish",), reason=BOX, told_on=DAY("2008-06-20"), findings=()
    )
    people.on_case("anna", refused, "2008-06-20")
    assert not any(t == "rm_cube" for t, _, _ in Told(people).cells)


@pytest.mark.requirement("X6")
def test_of_two_moves_on_one_day_the_later_recorded_counts(people: People) -> None:
    people.certify("anna", "2008-06-10")
    people.move("anna", "2008-07-15", ELSEWHERE)
    people.move("anna", "2008-07-15", NEXT_DOOR)
    told = Told(people)
    assert told.figure("M1", "2008-07-01", "2008-07-31", NEXT_DOOR).value == 1
    assert told.figure("M1", "2008-07-01", "2008-07-31", ELSEWHERE).value == 0
