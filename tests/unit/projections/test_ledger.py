"""The ledger of persons: one row, six groups, each cell with its events (R36, R37, R41)."""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry, streams
from events.contracts.catalogue import ALL
from projections.ledger.cells import GROUPS, LABELS, MANDATORY
from projections.ledger.model import HOUSEHOLD, LEDGER, PERSON
from tests.unit.projections import story
from tests.unit.projections.ledger import after, column, folded
from tests.unit.projections.story import Log


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
