"""Never more persons in a post than it has places, on any day, in whatever order (I10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from events.contracts import posts as ev
from events.contracts.base import StreamId
from services.kit.decider import DomainError
from services.posts.post.state import POST, Post, changed_capacity
from tests.support.scenario import FakeFacts, Scenario, some_id
from tests.unit.services.assistance.facts import certified, registered
from tests.unit.services.posts.facts import END, ENTERPRISE, VACANCY, given, listed, on_post

FIRST = date(2008, 6, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]
Move = tuple[str, int, int]
MOVES = st.lists(
    st.tuples(st.sampled_from(("place", "end", "change")), st.integers(0, 30), st.integers(1, 4)),
    max_size=25,
)


def moved(post: Post, move: Move, number: int) -> ev.PostEvent | None:
    """Give the event that a move causes, if the rules let it."""
    what, after, n = move
    day = FIRST + timedelta(days=after)
    running = [s for s in post.stays if s.end is None and s.start <= day]
    if what == "place":
        place = post.free_place(day)
        person = some_id(f"person/{number}")
        return ev.PlaceTaken(person=person, place=place) if place else None
    if what == "end":
        stay = running[n % len(running)] if running else None
        return ev.PlaceFreed(person=stay.person, place=stay.place) if stay else None
    changed = replace(post, capacity=changed_capacity(post, n, day))
    return ev.PostChanged(places=n) if changed.fits_from(day) else None


@pytest.mark.requirement("R74")
@over(MOVES)
def test_places_never_exceed_capacity_on_any_day(moves: list[Move]) -> None:
    log, stream = FakeFacts(), POST.kind.of(VACANCY)
    log.add(listed(places=3))
    for number, move in enumerate(moves):
        event = moved(log.state(POST, stream)[2], move, number)
        if event is not None:
            log.add(on_post(event, (FIRST + timedelta(days=move[1])).isoformat()))
        post = log.state(POST, stream)[2]

        assert all(post.taken_on(day) <= post.places_on(day) for day in DAYS)
        running = [s.place for s in post.stays if s.end is None]
        assert len(running) == len(set(running))


PERSONS = [some_id(f"worker/{n}") for n in range(4)]
CASES = {who: some_id(f"case/{who}") for who in PERSONS}
crowd: Scenario = given.given(
    *(registered(who) for who in PERSONS),
    *(certified("2008-06-02", CASES[who], who) for who in PERSONS),
    claims={
        f"open-certification/{who}": StreamId(f"certification-{CASES[who]}") for who in PERSONS
    },
)
COMMANDS = st.lists(
    st.tuples(st.sampled_from(("place", "end")), st.integers(0, 30), st.integers(0, 3)),
    max_size=12,
)


@pytest.mark.requirement("R74")
@over(COMMANDS)
def test_no_order_of_placements_and_ends_overfills_a_post(moves: list[Move]) -> None:
    scenario = crowd
    for what, after, who in moves:
        command = (ENTERPRISE if what == "place" else END).model_copy(
            update={"person": PERSONS[who]}
        )
        try:
            scenario = scenario.after(command, (FIRST + timedelta(days=after)).isoformat())
        except DomainError:
            continue
    post = state(scenario)

    assert all(post.taken_on(day) <= 2 for day in DAYS)
    held = {claim for claim in scenario.claims if claim.startswith("place/")}
    assert held == {f"place/{VACANCY}/{s.place}" for s in post.stays if s.end is None}


def state(scenario: Scenario) -> Post:
    log = FakeFacts()
    for fact in scenario.facts:
        log.add(fact)
    return log.state(POST, POST.kind.of(VACANCY))[2]


def test_the_lowest_free_place_is_taken() -> None:
    post = state(
        given.given(
            on_post(ev.PlaceTaken(person=PERSONS[0], place=1), "2008-06-10"),
            on_post(ev.PlaceFreed(person=PERSONS[0], place=1), "2008-06-20"),
        )
    )

    assert post.free_place(date(2008, 6, 21)) == 1
    assert post.free_place(date(2008, 6, 20)) == 2
    assert post.free_place(date(2008, 6, 2)) == 2
