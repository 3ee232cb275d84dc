"""The ledger of persons: one row, six groups, each cell with its events (R36, R37, R41)."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry, streams
from events.contracts.base import Event, Recorded, StreamId
from events.contracts.catalogue import ALL
from projections.engine.again import anew
from projections.ledger.cells import GROUPS, LABELS, MANDATORY
from projections.ledger.model import HOUSEHOLD, LEDGER, PERSON
from tests.unit.projections import story
from tests.unit.projections.story import Log


def folded(facts: list[Recorded[Any]], row: dict[str, Any] | None = None) -> dict[str, Any]:
    for fact in facts:
        if LEDGER.key(fact) == f"person-{story.ANNA}":
            row = LEDGER.fold(row, fact, story.DIRECTORY)
    assert row is not None
    return row


def after(log: Log, *adding: tuple[StreamId, Event, str]) -> dict[str, Any]:
    for stream, event, day in adding:
        log.add(stream, event, day)
    return folded(log.facts)


def case_of(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = row["cases"][row["case"]]
    return found


def column(row: dict[str, Any], name: str) -> object:
    names = [n for n, _ in LEDGER.row_tables["person"].columns]
    return LEDGER.columns("person", row)[names.index(name)]


@pytest.mark.requirement("R37")
def test_each_of_the_six_groups_is_filled_or_says_none() -> None:
    log = Log()
    log.add(story.ON_ANNA, story.registered())
    row = folded(log.facts)
    assert {n: row["cells"][n]["v"] for n in MANDATORY if n != "age_band"} == dict.fromkeys(
        ("skills", "services", "wishes", "employment", "policies"), "none"
    )
    assert row["cells"]["age_band"] == {"v": "45_49", "e": [1]}


def test_every_cell_has_a_group_and_a_name_in_both_languages() -> None:
    grouped = [cell for _, _, cells in GROUPS.values() for cell in cells]
    assert sorted(grouped) == sorted(LABELS)
    assert set(MANDATORY) <= set(grouped)


@pytest.mark.requirement("R37")
def test_every_filled_cell_names_the_events_it_comes_from() -> None:
    log = story.certified_person()
    row = folded(log.facts)
    seqs = {fact.seq for fact in log.facts if LEDGER.key(fact)}
    filled = {n: c for n, c in row["cells"].items() if c["v"] != "none"}
    assert all(c["e"] and set(c["e"]) <= seqs for c in filled.values())
    assert row["cells"]["services"]["e"] == [log.facts[-1].seq]


@pytest.mark.requirement("X15")
def test_a_sealed_value_is_named_by_its_event_and_kept_nowhere_else() -> None:
    log = story.certified_person()
    row = folded(log.facts)
    seq = next(f.seq for f in log.facts if f.type == "registry.person_registered.v1")
    assert row["cells"]["name"] == {"v": {"sealed": [seq, "name"]}, "e": [seq]}
    assert story.BOX.c.encode() not in orjson.dumps(row)


def test_a_changed_name_opens_where_the_change_was_sealed() -> None:
    change = registry.PersonFactChanged(fact="name", value=story.BOX)
    row = after(story.certified_person(), (story.ON_ANNA, change, "2008-07-01"))
    assert row["cells"]["name"]["v"] == {"sealed": [row["seq"], "value"]}


@pytest.mark.requirement("R36")
def test_a_person_is_in_exactly_one_community_ledger_also_after_moving() -> None:
    log = story.certified_person()
    wish = registry.TransferRequested(
        to=story.ELSEWHERE, address=story.BOX, moved_on=date(2008, 7, 1), reason="moved_home"
    )
    asked = log.add(story.ON_ANNA, wish, "2008-07-01")
    assert column(folded(log.facts), "path") == "140105001001"
    taken = registry.TransferAccepted(request=asked.event_id, to=story.ELSEWHERE)
    log.add(story.ON_ANNA, taken, "2008-07-03")
    row = folded(log.facts)
    assert column(row, "path") == "140105002001"
    assert column(row, "past_paths") == "{140105001001}"
    assert row["cells"]["address"]["v"] == {"sealed": [asked.seq, "address"]}


def test_a_rejected_transfer_leaves_the_person_where_she_is() -> None:
    log = story.certified_person()
    wish = registry.TransferRequested(
        to=story.ELSEWHERE, address=story.BOX, moved_on=date(2008, 7, 1), reason="moved_home"
    )
    asked = log.add(story.ON_ANNA, wish, "2008-07-01")
    no = registry.TransferRejected(request=asked.event_id, reason=story.BOX)
    row = after(log, (story.ON_ANNA, no, "2008-07-02"))
    assert (row["office"], row.get("transfer"), row["moves"]) == (story.COMMUNITY, None, [])


STEPS = ["filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county"]


@pytest.mark.requirement("R17")
def test_the_state_of_certification_is_that_of_each_step() -> None:
    log = Log()
    story.application(log)
    seen: list[str] = []
    row = None
    for fact in log.facts:
        row = LEDGER.fold(row, fact, story.DIRECTORY)
        if "case" in row and case_of(row)["state"] not in seen:
            seen.append(case_of(row)["state"])
    assert seen == [*STEPS, "certified"]


@pytest.mark.requirement("X9")
def test_a_returned_application_remembers_the_state_it_came_from() -> None:
    log = Log()
    log.add(story.ON_ANNA, story.registered())
    log.add(story.ON_CASE, story.filed(), "2008-06-03")
    back = cert.ApplicationReturned(
        reasons=("missing_papers",), missing=("id_card",), text=story.BOX
    )
    row = after(log, (story.ON_CASE, back, "2008-06-04"))
    assert (case_of(row)["state"], case_of(row)["returned_from"]) == ("returned", "filed")
    again = cert.ApplicationResubmitted(
        evidence=(story.DOC,), back_to="filed", primary="aged_4050", findings=()
    )
    assert case_of(after(log, (story.ON_CASE, again, "2008-06-09")))["state"] == "filed"


def exit_proposed(log: Log, ground: cert.ExitGround = "no_report") -> Recorded[Any]:
    event = cert.ExitProposed(ground=ground, facts=(), clause="意见第二条（一）")
    return log.add(story.ON_CASE, event, "2009-01-05")


def exited(proposal: str) -> cert.Exited:
    return cert.Exited(
        proposal=proposal, reason=story.BOX, from_day=date(2009, 1, 9), told_on=date(2009, 1, 9)
    )


@pytest.mark.requirement("R34")
def test_proposals_stand_side_by_side_and_fall_with_the_status() -> None:
    log = story.certified_person()
    proposed = exit_proposed(log)
    exit_proposed(log, "gave_up")
    assert set(case_of(folded(log.facts))["proposals"]) == {"exit_no_report", "exit_gave_up"}
    row = after(log, (story.ON_CASE, exited(proposed.event_id), "2009-01-09"))
    assert (case_of(row)["state"], case_of(row)["proposals"]) == ("exited", {})
    assert column(row, "report_due") is None


@pytest.mark.requirement("R30")
def test_a_reversed_exit_restores_the_status_and_restarts_the_reports() -> None:
    log = story.certified_person()
    proposed = exit_proposed(log)
    log.add(story.ON_CASE, exited(proposed.event_id), "2009-01-09")
    wish = cert.ExitReversalProposed(exit=proposed.event_id, reason=story.BOX, facts=())
    asked = log.add(story.ON_CASE, wish, "2009-02-01")
    row = after(log, (story.ON_CASE, cert.ExitReversed(proposal=asked.event_id), "2009-02-02"))
    assert (case_of(row)["state"], row["report_from"]) == ("certified", "2009-02-02")


@pytest.mark.requirement("R29")
def test_a_refusal_that_the_county_does_not_confirm_leaves_the_tally() -> None:
    log = story.certified_person()
    other = story.some_id("other offer")
    for tally, offer in enumerate((story.OFFER, other), 1):
        counted = cert.RefusalCounted(
            offer=offer, judged="unjust", judgement=story.some_id(offer), tally=tally
        )
        log.add(story.ON_CASE, counted, "2008-09-01")
    proposed = exit_proposed(log, "refusals")
    no = cert.ExitRejected(
        proposal=proposed.event_id,
        judgements=(cert.Confirmation(offer=other, confirmed=False),),
        reason=story.BOX,
    )
    row = after(log, (story.ON_CASE, no, "2009-01-06"))
    assert (case_of(row)["tally"], case_of(row)["proposals"]) == (1, {})


@pytest.mark.requirement("R28")
def test_a_report_starts_the_three_months_anew_and_a_late_one_never_moves_them_back() -> None:
    log = story.certified_person()
    report = help_.StatusReported(status="unemployed", since=date(2007, 4, 1), in_person=True)
    row = after(log, (story.ON_FILE, report, "2008-08-11"))
    assert (row["report_from"], row["report_due"]) == ("2008-08-11", "2008-11-11")
    row = after(log, (story.ON_FILE, report, "2008-07-30"))
    assert row["report_from"] == "2008-08-11"


def test_a_stock_older_than_the_rules_can_be_folded() -> None:
    imported = cert.CertificationImported(
        import_id=story.some_id("import"), row=1, person=story.ANNA, category="long_term",
        office=story.COMMUNITY, case_no="140105-2006-000001", imported_on=date(2006, 6, 1),
    )  # fmt: skip
    row = after(Log(), (story.ON_CASE, imported, "2006-06-01"))
    assert (case_of(row)["state"], row["report_due"]) == ("certified", "2006-09-01")
    assert column(row, "path") == "140105001001"


@pytest.mark.requirement("R89")
def test_a_month_with_two_visits_counts_once() -> None:
    visit = help_.FollowUpDone(mode="visit", status="unemployed", needs=("job",), month="2008-07")
    log = story.certified_person()
    row = after(log, (story.ON_FILE, visit, "2008-07-04"), (story.ON_FILE, visit, "2008-07-20"))
    assert row["file"]["months"] == ["2008-07"]
    assert len(row["cells"]["follow_ups"]["v"]) == 2


@pytest.mark.requirement("R92")
def test_tracking_ends_closes_and_comes_back_as_it_was() -> None:
    log = story.certified_person()
    end = help_.FollowUpEnded(stable_since=date(2008, 7, 1))
    assert after(log, (story.ON_FILE, end, "2009-01-04"))["tracking"] == "ended"
    closed = help_.FileClosed(end=story.some_id("end"))
    assert after(log, (story.ON_FILE, closed, "2009-02-04"))["tracking"] == "closed"
    again = help_.FileReopened(because=story.some_id("again"))
    assert after(log, (story.ON_FILE, again, "2009-03-04"))["tracking"] == "ended"


@pytest.mark.requirement("R41")
def test_work_follows_the_spells_by_the_day_they_happened() -> None:
    log = story.certified_person()
    row = after(log, (story.ON_WORK, story.placed(), "2008-08-01"))
    assert (row["work"], row["work_since"], row["channel"]) == (
        "employed", "2008-08-01", "enterprise",
    )  # fmt: skip
    ended = posts.EmploymentEnded(reason="resigned", then="next_job")
    row = after(log, (story.ON_WORK, ended, "2008-10-31"))
    assert (row["work"], row["channel"]) == ("between_jobs", None)
    second = story.placed(channel="flexible", flexible_kind="part_time", employer=None)
    row = after(log, (story.ON_WORK, second, "2008-11-01"))
    assert [s["from"] for s in row["cells"]["employment"]["v"]] == ["2008-08-01", "2008-11-01"]
    done = posts.EmploymentEnded(reason="resigned", then="unemployed")
    assert after(log, (story.ON_WORK, done, "2008-12-31"))["work"] == "unemployed"


def test_a_late_recorded_earlier_spell_does_not_change_the_present() -> None:
    log = story.certified_person()
    log.add(story.ON_WORK, story.placed(), "2008-08-01")
    early = story.placed(channel="public_post")
    log.add(story.ON_WORK, early, "2008-07-01", recorded="2008-08-05")
    row = folded(log.facts)
    assert (row["channel"], row["work_since"]) == ("enterprise", "2008-08-01")


@pytest.mark.requirement("R31")
def test_each_offer_says_how_it_was_answered_judged_and_whether_it_counts() -> None:
    log = story.certified_person()
    refused = posts.OfferRefused(reason="no_wish", text=story.BOX)
    judged = posts.RefusalJudged(
        judged="unjust", reason="no_cause", text=story.BOX,
        heard_on=date(2008, 8, 10), case=story.CASE, counts=True,
    )  # fmt: skip
    row = after(
        log,
        (story.ON_OFFER, story.offered(), "2008-08-01"),
        (story.ON_OFFER, refused, "2008-08-04"),
        (story.ON_OFFER, judged, "2008-08-10"),
    )
    (offer,) = row["cells"]["offers"]["v"]
    assert (offer["state"], offer["reason"], offer["judged"], offer["counts"]) == (
        "refused", "no_wish", "unjust", True,
    )  # fmt: skip
    assert row["cells"]["offers"]["e"] == [f.seq for f in log.facts[-3:]]


@pytest.mark.requirement("X8")
def test_an_absorbed_record_leaves_the_ledger_until_the_merge_is_undone() -> None:
    log = story.certified_person()
    absorbed = registry.PersonAbsorbed(survivor=story.BERT, absorbed=story.ANNA, evidence=story.BOX)
    fact = log.add(story.ON_ANNA, absorbed, "2008-09-01")
    assert column(folded(log.facts), "listed") is False
    undone = registry.PersonsUnmerged(merge=fact.event_id, reason=story.BOX)
    assert column(after(log, (story.ON_ANNA, undone, "2008-09-02")), "listed") is True


def test_a_shredded_persons_row_names_no_sealed_value() -> None:
    log = story.certified_person()
    log.add(story.ON_ANNA, registry.SubjectShredded(proposal=story.some_id("p")), "2018-09-01")
    row = folded(log.facts)
    assert b"sealed" not in orjson.dumps(row)
    assert row["cells"]["sex"]["v"] == "female"


def correct(log: Log, wrong: Recorded[Any], day: str, event: Event | None = None) -> dict[str, Any]:
    """Approve on a day that a fact says something else, or nothing; return the row after it."""
    kinds = {"assistance": help_, "posts": posts, "registry": registry}[wrong.type.split(".")[0]]
    wish = kinds.CorrectionProposed(
        corrects=wrong.event_id,
        replacement=None if event is None else story.BOX,
        reason="wrong_day",
        text=story.BOX,
    )
    proposed = log.add(wrong.stream, wish, day)
    said = None if event is None else event.model_dump(mode="json", exclude_none=True)
    corrected = kinds.FactCorrected(
        proposal=proposed.event_id,
        corrects=wrong.event_id,
        of=wrong.type,
        body=said,
        happened_at=wrong.occurred_at,
    )
    last = log.add(wrong.stream, corrected, day)
    _, made_of = anew(LEDGER, last, [f for f in log.facts if f.subject == last.subject])
    assert made_of is not None
    return folded(list(made_of))


@pytest.mark.requirement("X2")
def test_a_row_remembers_who_proposed_a_correction_and_who_approved_it() -> None:
    log = story.certified_person()
    wrong = log.facts[-1]
    wish = help_.CorrectionProposed(corrects=wrong.event_id, reason="wrong_day", text=story.BOX)
    log.add(story.ON_FILE, wish, "2008-07-01")
    assert "corrections" not in folded(log.facts)
    row = correct(log, wrong, "2008-07-02")
    (done,) = row["corrections"]
    assert (done["corrects"], done["void"]) == (wrong.event_id, True)
    assert (done["by"], done["approved_by"]) == (story.CLERK, story.CLERK)
    assert row["cells"]["services"]["v"] == "none"


@pytest.mark.requirement("X2")
def test_a_void_report_and_a_void_end_of_work_count_no_more() -> None:
    log = story.certified_person()
    log.add(story.ON_WORK, story.placed(), "2008-08-01")
    ended = posts.EmploymentEnded(reason="resigned", then="unemployed")
    end = log.add(story.ON_WORK, ended, "2008-08-31")
    report = help_.StatusReported(status="unemployed", since=date(2008, 8, 31), in_person=True)
    reported = log.add(story.ON_FILE, report, "2008-09-01")
    correct(log, end, "2008-09-03")
    row = correct(log, reported, "2008-09-04")
    assert (row["work"], row["work_since"]) == ("employed", "2008-08-01")
    assert row["report_from"] == "2008-06-20"


@pytest.mark.requirement("X2", "R37")
def test_a_corrected_cell_knows_both_events_and_where_its_sealed_value_stands_now() -> None:
    log = story.certified_person()
    wrong = next(f for f in log.facts if isinstance(f.event, registry.PersonRegistered))
    row = correct(log, wrong, "2008-09-03", wrong.event)
    last = log.facts[-1].seq
    assert row["cells"]["name"] == {"v": {"sealed": [last, "body.name"]}, "e": [wrong.seq, last]}
    assert row["seq"] == last


KINDS = sorted((PERSON | HOUSEHOLD).keys() & ALL.classes.keys())


@pytest.mark.parametrize("type_", [t for t in KINDS if t in PERSON])
def test_every_kind_of_fact_about_a_person_can_be_folded(type_: str) -> None:
    log = story.certified_person()
    event = story.any_event(type_)
    stream = {
        "registry": story.ON_ANNA,
        "certification": story.ON_CASE,
        "assistance": story.ON_FILE,
        "posts": story.ON_WORK if "employment" in type_ or "placed" in type_ else story.ON_OFFER,
    }[type_.partition(".")[0]]
    before = folded(log.facts)
    kept = orjson.dumps(before)
    log.add(stream, event, "2008-09-01")
    row = folded(log.facts[-1:], before)
    assert orjson.dumps(before) == kept
    assert orjson.loads(orjson.dumps(row)) == row
    assert row["seq"] == log.facts[-1].seq
    assert len(LEDGER.columns("person", row)) == len(LEDGER.row_tables["person"].columns)


def test_every_event_of_a_person_is_in_the_ledger_or_is_no_fact_for_it() -> None:
    about = {"person", "certification", "assistance", "offer", "employment"}
    assert {k.name for k in streams.STREAM_KINDS.values() if k.subject == "person"} == about | {
        "access", "message",
    }  # fmt: skip
    facts = {
        c.type
        for union in (
            registry.PersonStreamEvent, cert.CaseEvent, help_.FileEvent,
            posts.OfferEvent, posts.EmploymentEvent,
        )
        for c in union.__args__
    }  # fmt: skip
    assert facts - PERSON.keys() == set()


def test_facts_about_others_are_not_the_ledgers() -> None:
    log = Log()
    story.offices(log)
    assert {LEDGER.key(fact) for fact in log.facts} == {None}
