"""What every event log does: one suite for PostgreSQL and for its in-memory twin."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from events.contracts.base import StreamId
from events.log.hashing import ZERO, event_hash, slice_of
from events.log.memory import FootprintError, MemoryLog
from events.log.port import Answer, Append, Appended, Conflict, Stored
from tests.support.logs import (
    START,
    TYPE,
    World,
    command,
    draft,
    fixed_clock,
    release,
    running,
    schema,
    take,
    touch,
    uid,
)
from tests.support.servers import Databases

A, B = "person-a", "person-b"


@pytest.fixture
def memory_world() -> World:
    return World(MemoryLog(fixed_clock, source="test"))


@pytest.fixture
async def postgres_world(database: Databases) -> AsyncIterator[World]:
    async with running(await database(schema)) as world:
        yield world


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.getfixturevalue(f"{request.param}_world")
    return found


async def stream(world: World, name: str) -> list[Stored]:
    return (await world.log.read({StreamId(name): 0}))[StreamId(name)]


async def test_an_append_answers_its_positions_and_time(world: World) -> None:
    answer = await world.log.append(command(1, touch(A, 0, 11, 12)), START)

    assert answer == Appended(1, 2, START)


async def test_events_are_chained_by_the_hash_of_their_exact_bytes(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11, 12)), START)

    first, second = await stream(world, A)
    assert (first.version, first.prev_hash) == (1, ZERO)
    assert (second.version, second.prev_hash) == (2, first.hash)
    assert second.hash == event_hash(
        event_id=uid(12),
        command_id=uid(1),
        source="test",
        stream=A,
        version=2,
        type_=TYPE,
        subject=A,
        recorded_at=START,
        meta=draft(12).meta,
        data_hash=second.data_hash,
        prev_hash=first.hash,
    )


@pytest.mark.requirement("X16")
async def test_the_loser_of_a_race_is_told_stream_and_actual_version(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11, 12)), START)

    answer = await world.log.append(command(2, touch(A, 1, 21)), START)

    assert answer == Conflict("version", A, 2)
    assert len(await stream(world, A)) == 2


@pytest.mark.requirement("X16")
async def test_a_resend_is_a_duplicate_with_the_first_answer(world: World) -> None:
    first = await world.log.append(command(1, touch(A, 0, 11)), START)
    await world.log.append(command(2, touch(A, 1, 21)), START)

    again = await world.log.append(command(1, touch(A, 0, 11)), START + timedelta(days=1))

    assert isinstance(first, Appended)
    assert again == replace(first, duplicate=True)
    assert len(await stream(world, A)) == 2


async def test_an_id_with_another_body_is_refused(world: World) -> None:
    sent = command(1, touch(A, 0, 11))
    await world.log.append(sent, START)

    answer = await world.log.append(replace(sent, fingerprint=bytes(32)), START)

    assert isinstance(answer, Conflict)
    assert answer.why == "command_id"


async def test_a_wish_already_true_is_remembered(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11)), START)
    nothing = await world.log.append(command(2, touch(A, 1)), START)
    await world.log.append(command(3, touch(A, 1, 31)), START)

    again = await world.log.append(command(2, touch(A, 1)), START)

    assert nothing == Appended(None, None, START)
    assert again == Appended(None, None, START, duplicate=True)
    assert await world.log.command(uid(2)) == []
    assert await world.log.fingerprint(uid(2)) == command(2, touch(A, 1)).fingerprint
    assert await world.log.fingerprint(uid(9)) is None


async def test_a_refused_command_may_win_when_sent_again(world: World) -> None:
    sent = command(1, touch(A, 1, 12))
    refused = await world.log.append(sent, START)
    await world.log.append(command(2, touch(A, 0, 11)), START)

    assert refused == Conflict("version", A, 0)
    assert await world.log.append(sent, START) == Appended(2, 2, START)


async def test_several_streams_change_together_or_not_at_all(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11)), START)

    answer = await world.log.append(command(2, touch(B, 0, 21), touch(A, 0, 22)), START)

    assert answer == Conflict("version", A, 1)
    assert await stream(world, B) == []


async def test_the_first_stale_stream_by_name_is_named(world: World) -> None:
    answer = await world.log.append(command(1, touch(B, 3, 11), touch(A, 2, 12)), START)

    assert answer == Conflict("version", A, 0)


async def test_a_stream_that_was_only_read_guards_the_command(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11)), START)

    assert await world.log.append(command(2, touch(B, 0, 21), touch(A, 1)), START) == Appended(
        2, 2, START
    )
    assert await world.log.append(command(3, touch(B, 1, 31), touch(A, 0)), START) == Conflict(
        "version", A, 1
    )


async def test_a_stream_keeps_its_subject_for_life(world: World) -> None:
    await world.log.append(command(1, touch("post-1", 0, 11, subject=A)), START)

    answer = await world.log.append(command(2, touch("post-1", 1, 21, subject=B)), START)

    assert answer == Conflict("subject", "post-1", 1)


async def test_a_claim_has_one_holder_who_is_named(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11), claims=(take("open:1", A),)), START)

    answer = await world.log.append(command(2, touch(B, 0, 21), claims=(take("open:1", B),)), START)

    assert answer == Conflict("claim", f"open:1 {A}")
    assert await world.log.holders(["open:1", "open:2"]) == {"open:1": A}
    assert await stream(world, B) == []


async def test_a_claim_given_back_can_be_taken(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11), claims=(take("open:1", A),)), START)
    await world.log.append(command(2, touch(A, 1, 12), claims=(release("open:1", A),)), START)

    answer = await world.log.append(command(3, touch(B, 0, 31), claims=(take("open:1", B),)), START)

    assert isinstance(answer, Appended)
    assert await world.log.holders(["open:1"]) == {"open:1": B}


async def test_only_its_holder_gives_a_claim_back(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11), claims=(take("open:1", A),)), START)

    answer = await world.log.append(
        command(2, touch(B, 0, 21), claims=(release("open:1", B),)), START
    )

    assert answer == Conflict("claim", f"open:1 {A}")


async def test_a_refused_command_keeps_none_of_its_claims(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11), claims=(take("open:1", A),)), START)

    await world.log.append(
        command(2, touch(B, 0, 21), claims=(take("free:1", B), take("open:1", B))), START
    )

    assert await world.log.holders(["free:1"]) == {}


async def test_claims_are_listed_by_prefix(world: World) -> None:
    claims = (take("seat:1", A), take("seat:2", A), take("seats:1", A), take("sea", A))
    await world.log.append(command(1, touch(A, 0, 11), claims=claims), START)

    assert await world.log.claims_like("seat:") == {"seat:1": A, "seat:2": A}


async def test_a_claim_must_stand_on_a_stream_that_is_written(world: World) -> None:
    with pytest.raises((FootprintError, asyncpg.InvalidParameterValueError)):
        await world.log.append(command(1, touch(A, 0), claims=(take("open:1", A),)), START)


async def test_a_command_that_names_a_stream_twice_harms_only_itself(world: World) -> None:
    good = world.log.append(command(1, touch(A, 0, 11)), START)
    bad = world.log.append(command(2, touch(B, 0, 21), touch(B, 0, 22)), START)

    first, second = await asyncio.gather(good, bad, return_exceptions=True)

    assert first == Appended(1, 1, START)
    assert isinstance(second, FootprintError | asyncpg.InvalidParameterValueError)


async def test_recorded_at_never_falls_within_a_stream(world: World) -> None:
    later = START + timedelta(days=30)
    await world.log.append(command(1, touch(A, 0, 11)), later)

    answer = await world.log.append(command(2, touch(A, 1, 21)), START)

    assert answer == Appended(2, 2, later)


async def test_reading_starts_after_a_version(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11, 12, 13), touch(B, 0, 14)), START)

    found = await world.log.read({StreamId(A): 2, StreamId(B): 0, StreamId("person-c"): 0})

    assert {s: [e.version for e in events] for s, events in found.items()} == {
        A: [3],
        B: [1],
        "person-c": [],
    }


async def test_the_events_of_a_command_are_found_by_its_id(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11), touch(B, 0, 12)), START)

    events = await world.log.command(uid(1))

    assert events is not None
    assert [e.event_id for e in events] == [uid(11), uid(12)]
    assert await world.log.command(uid(2)) is None


async def test_the_line_is_gapless_and_links_each_slice(world: World) -> None:
    names = [A, B, A, "office-14", A, B]
    versions = [0, 0, 1, 0, 2, 1]
    for k, (name, version) in enumerate(zip(names, versions, strict=True)):
        await world.log.append(command(k, touch(name, version, 100 + k)), START)
    await world.settle(6)

    line = await world.log.after(0, 100)

    assert [e.seq for e in line] == [1, 2, 3, 4, 5, 6]
    assert [e.prev_seq for e in line] == [0, 0, 1, 0, 3, 2]
    assert await world.log.head() == 6
    assert [e.seq for e in await world.log.after(4, 1)] == [5]
    assert await world.log.slice_heads() == {
        slice_of(A): 5,
        slice_of(B): 6,
        slice_of("office-14"): 4,
    }


async def test_a_hole_in_a_slice_can_be_pulled(world: World) -> None:
    await world.log.append(command(1, touch(A, 0, 11, 12), touch(B, 0, 13)), START)
    await world.log.append(command(2, touch(A, 2, 21)), START)
    await world.settle(4)

    assert [e.seq for e in await world.log.slice_after(slice_of(A), 0, 10)] == [1, 2, 4]
    assert [e.seq for e in await world.log.slice_after(slice_of(A), 1, 10)] == [2, 4]
    assert [e.seq for e in await world.log.slice_after(slice_of(A), 2, 10)] == [4]
    assert await world.log.slice_after(slice_of(A), 4, 10) == []


async def test_events_are_followed_by_the_beginning_of_their_subject(world: World) -> None:
    for k, name in enumerate(["office-1401", "person-1", "office-1402", "offices-1", "post-1"]):
        await world.log.append(command(k, touch(name, 0, 100 + k)), START)
    await world.settle(5)

    assert [e.seq for e in await world.log.by_subject("office-", 0, 10)] == [1, 3]
    assert [e.seq for e in await world.log.by_subject("office-", 1, 10)] == [3]
    assert [e.seq for e in await world.log.by_subject("office-1402", 0, 10)] == [3]
    assert [e.seq for e in await world.log.by_subject("person-", 0, 1)] == [2]


async def test_an_export_is_the_line_in_chunks(world: World) -> None:
    events = [touch(f"person-{k}", 0, 100 + k) for k in range(20)]
    await world.log.append(command(1, *events), START)
    await world.settle(20)

    chunks = [chunk async for chunk in world.log.export(3, 18)]

    assert [e.seq for chunk in chunks for e in chunk] == list(range(4, 19))


def random_command(rng: random.Random, number: int, heads: dict[str, int]) -> Append:
    names = rng.sample([f"person-{k}" for k in range(6)], rng.randint(1, 3))
    touches = []
    for place, name in enumerate(names):
        right = heads.get(name, 0)
        version = right if rng.random() < 0.8 else max(0, right + rng.choice([-1, 1]))
        events = [number * 10 + place * 3 + e for e in range(rng.choice([0, 1, 1, 2]))]
        subject = name if rng.random() < 0.97 else "person-other"
        touches.append(touch(name, version, *events, subject=subject))
    written = [t.stream for t in touches if t.events]
    keys = rng.sample([f"k:{k}" for k in range(4)], rng.randint(0, 2)) if written else []
    claims = tuple(
        take(key, rng.choice(written)) if rng.random() < 0.6 else release(key, rng.choice(written))
        for key in keys
    )
    return command(number, *touches, claims=claims)


async def play(world: World, seed: int, steps: int) -> tuple[list[Answer], list[Stored]]:
    rng = random.Random(seed)  # noqa: S311 - a seeded test, not a secret
    heads: dict[str, int] = {}
    sent: list[Append] = []
    answers: list[Answer] = []
    for number in range(1, steps):
        old = rng.random() < 0.15 and bool(sent)
        wish = rng.choice(sent) if old else random_command(rng, number, heads)
        if rng.random() < 0.05:
            wish = replace(wish, fingerprint=bytes(32))
        sent.append(wish)
        answer = await world.log.append(wish, START + timedelta(seconds=rng.randint(0, 999)))
        answers.append(answer)
        if isinstance(answer, Appended) and not answer.duplicate:
            heads |= {t.stream: t.expected + len(t.events) for t in wish.touches}
    total = sum(heads.values())
    await world.settle(total)
    return answers, await world.log.after(0, total + 1)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_postgres_and_memory_never_differ(database: Databases, seed: int) -> None:
    twin = World(MemoryLog(fixed_clock, source="test"))
    expected = await play(twin, seed, 600)
    async with running(await database(schema)) as postgres:
        answers, line = await play(postgres, seed, 600)
        claims = await postgres.log.claims_like("k:")

    assert answers == expected[0]
    assert line == expected[1]
    assert claims == await twin.log.claims_like("k:")
    assert {type(a) for a in answers} == {Appended, Conflict}
    assert {a.why for a in answers if isinstance(a, Conflict)} == {
        "version", "claim", "command_id", "subject",
    }  # fmt: skip
