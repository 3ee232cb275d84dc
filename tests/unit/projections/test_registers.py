"""The registers: places of posts, roles of accounts, employers (P10, R74, R82)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import JsonValue

from events.contracts import assistance, posts, registry, streams
from events.contracts.base import Event, StreamId
from projections.registers.model import HANDLERS, REGISTERS
from tests.unit.projections import story
from tests.unit.projections.story import Log

USER = streams.USER.of(story.CLERK)
STREAM_OF: dict[str, StreamId] = {
    "employer": streams.EMPLOYER.of(story.EMPLOYER),
    "post": story.ON_POST,
    "user": USER,
    "activity": streams.ACTIVITY.of(story.COURSE),
    "batch": streams.BATCH.of(story.some_id("batch")),
    "export": streams.EXPORT.of(story.some_id("export")),
    "check": streams.CHECK.of(story.some_id("check")),
}
KIND_OF: dict[str, str] = {
    **{c.type: "post" for c in posts.CorrectionEvent.__args__},
    **{c.type: "activity" for c in assistance.CorrectionEvent.__args__},
    **{c.type: "employer" for c in posts.EmployerEvent.__args__},
    **{c.type: "post" for c in posts.PostEvent.__args__},
    **{c.type: "batch" for c in posts.BatchEvent.__args__},
    **{c.type: "user" for c in registry.AccountFact.__args__},
    **{c.type: "check" for c in registry.CheckFact.__args__},
    "registry.export_requested.v1": "export",
    "registry.export_approved.v1": "export",
    "registry.export_rejected.v1": "export",
    "registry.export_completed.v1": "export",
    "assistance.activity_organised.v1": "activity",
    "assistance.activity_closed.v1": "activity",
}
FIRST = {
    "employer": "posts.employer_registered.v1",
    "post": "posts.public_post_developed.v1",
    "user": "registry.account_opened.v1",
    "activity": "assistance.activity_organised.v1",
    "batch": "posts.labour_export_organised.v1",
    "export": "registry.export_requested.v1",
    "check": "registry.check_requested.v1",
}


def folded(kind: str, *events: Event, day: str = "2008-07-01") -> dict[str, Any]:
    log, row = Log(), None
    for event in events:
        fact = log.add(STREAM_OF[kind], event, day, subject=f"office-{story.COUNTY}")
        assert REGISTERS.key(fact) == STREAM_OF[kind]
        row = REGISTERS.fold(row, fact, story.DIRECTORY)
    assert row is not None
    return row


def post(places: int) -> posts.PublicPostDeveloped:
    return posts.PublicPostDeveloped(
        post_type="greening", host=story.EMPLOYER, host_type="community", title="绿化",
        places=places, work_division="140105", wage=72_000, from_day=date(2008, 7, 1),
    )  # fmt: skip


def taken(place: int) -> posts.PlaceTaken:
    return posts.PlaceTaken(person=story.ANNA, place=place)


def state(row: dict[str, Any]) -> tuple[str, int]:
    names = [n for n, _ in REGISTERS.row_tables["post"].columns]
    values = REGISTERS.columns("post", row)
    return values[names.index("state")], values[names.index("taken")]


@pytest.mark.requirement("R74")
def test_a_post_is_full_with_its_last_place_and_open_again_with_a_free_one() -> None:
    assert state(folded("post", post(2), taken(1))) == ("open", 1)
    assert state(folded("post", post(2), taken(1), taken(2))) == ("full", 2)
    freed = posts.PlaceFreed(person=story.ANNA, place=1)
    assert state(folded("post", post(2), taken(1), taken(2), freed)) == ("open", 1)
    assert state(folded("post", post(1), taken(1), posts.PostChanged(places=3))) == ("open", 1)


def test_a_closed_post_stays_closed_whoever_leaves_it() -> None:
    closed = posts.PostClosed(reason="withdrawn")
    freed = posts.PlaceFreed(person=story.ANNA, place=1)
    assert state(folded("post", post(1), taken(1), closed, freed)) == ("closed", 0)


@pytest.mark.requirement("R82")
def test_a_proposed_role_is_not_held_before_its_grant() -> None:
    opened = registry.AccountOpened(office=story.STREET, name="某经办", login="clerk")
    wish = registry.RoleProposed(role="street_officer", areas=(story.STREET,), from_day=story.DAY)
    row = folded("user", opened, wish)
    assert (row["roles"], len(row["proposed"])) == ([], 1)
    granted = registry.RoleGranted(proposal=story.some_id(f"{USER}/2"))
    row = folded("user", opened, wish, granted)
    assert ([r["role"] for r in row["roles"]], row["proposed"]) == (["street_officer"], {})
    ended = registry.RoleRevoked(
        grant=story.some_id(f"{USER}/3"), from_day=date(2008, 9, 1), reason="term_over"
    )
    assert folded("user", opened, wish, granted, ended)["roles"][0]["revoked_from"] == "2008-09-01"


@pytest.mark.requirement("R23")
def test_a_proposed_role_waits_for_the_second_hand_and_names_the_first() -> None:
    opened = registry.AccountOpened(office=story.STREET, name="某经办", login="clerk")
    wish = registry.RoleProposed(role="street_officer", areas=(story.STREET,), from_day=story.DAY)
    granted = registry.RoleGranted(proposal=story.some_id(f"{USER}/2"))
    row = folded("user", opened, wish)
    assert waiting("user", row)
    (proposed,) = row["proposed"].values()
    assert (proposed["proposal"], proposed["by"]) == (story.some_id(f"{USER}/2"), story.CLERK)
    assert not waiting("user", folded("user", opened, wish, granted))
    assert not waiting(
        "user", folded("user", opened, wish, registry.AccountClosed(from_day=story.DAY))
    )


def waiting(kind: str, row: dict[str, Any]) -> bool:
    names = [n for n, _ in REGISTERS.row_tables[kind].columns]
    return bool(REGISTERS.columns(kind, row)[names.index("waiting")])


def asked(*, masked: bool) -> registry.ExportRequested:
    query: JsonValue = {"kind": "ledger", "office": story.COUNTY}
    return registry.ExportRequested(query=query, masked=masked, reason="上报", format="csv")


@pytest.mark.requirement("X15")
def test_an_unmasked_export_waits_for_the_second_hand_and_a_masked_one_does_not() -> None:
    request = story.some_id(f"{STREAM_OF['export']}/1")
    approved = registry.ExportApproved(request=request)
    rejected = registry.ExportRejected(request=request, reason="不需要")
    assert waiting("export", folded("export", asked(masked=False)))
    assert not waiting("export", folded("export", asked(masked=True)))
    assert not waiting("export", folded("export", asked(masked=False), approved))
    row = folded("export", asked(masked=False), rejected)
    assert (waiting("export", row), row["state"], row["why"]) == (False, "rejected", "不需要")


@pytest.mark.requirement("X15")
def test_a_finished_export_says_how_many_rows_and_until_when() -> None:
    request = story.some_id(f"{STREAM_OF['export']}/1")
    done = registry.ExportCompleted(
        request=request, rows=3, sha256="a" * 64, known=7, expires_on=date(2008, 7, 31)
    )
    row = folded("export", asked(masked=True), done)
    assert (row["state"], row["rows"], row["expires_on"]) == ("completed", 3, "2008-07-31")
    assert row["office"] == story.COUNTY


@pytest.mark.requirement("X13")
def test_a_check_shows_what_it_came_to_and_who_asked() -> None:
    found = registry.CheckFinding(code="data_changed", seq=17, stream="person-1", version=2)
    done = registry.CheckCompleted(
        verdict="findings", events=20, signed=16, tail=4, seconds=1, served=0, findings=(found,)
    )
    row = folded("check", registry.CheckRequested(), done)
    assert (row["state"], row["result"]["findings"][0]["seq"]) == ("findings", 17)
    assert (row["requested_seq"], row["ended_seq"]) == (1, 2)
    cancelled = folded("check", registry.CheckRequested(), registry.CheckCancelled())
    assert (cancelled["state"], cancelled["cancelled_by"]) == ("cancelled", cancelled["by"])


def test_a_row_belongs_to_its_office() -> None:
    opened = registry.AccountOpened(office=story.STREET, name="某经办", login="clerk")
    assert REGISTERS.columns("user", folded("user", opened))[1:4] == (
        "140105001", story.STREET, True,
    )  # fmt: skip


def test_the_registers_fold_every_fact_of_their_streams() -> None:
    assert set(KIND_OF) == set(HANDLERS)


@pytest.mark.parametrize("type_", sorted(HANDLERS))
def test_every_kind_of_fact_of_a_register_can_be_folded(type_: str) -> None:
    kind = KIND_OF[type_]
    row = folded(kind, story.any_event(FIRST[kind]), story.any_event(type_))
    assert row["version"] == 2
    assert len(REGISTERS.columns(kind, row)) == len(REGISTERS.row_tables[kind].columns)
