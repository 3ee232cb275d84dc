"""What was known at a point is answered the same for ever, from the log alone (R41, I15)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from events.log.history import UnknownPointError
from events.runtime.postgres import EmbeddedPostgres
from projections.cube.metrics import METRICS
from projections.replay.answering import NoSuchSubjectError, canonical
from projections.replay.asking import Figured, ReadModelsNeededError
from services.auditing import Asked, as_published, reproduces
from tests.support.county import COUNTY, County, lived

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]
FIRST, LAST = date(2008, 6, 1), date(2008, 11, 30)
A_DAY = "2008-09-15"


@pytest.fixture(scope="module")
def county(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    made = lived(postgres, tmp_path_factory.mktemp("county"))
    yield made
    asyncio.run(made.databases.drop())


@pytest.fixture(scope="module")
def somebody(county: County) -> str:
    """Return a person who has been certified."""

    async def found() -> str:
        async with county.replay() as r:
            ledger = await r.ledger(COUNTY, None, "")
        persons = ledger["answer"]["persons"]
        return next(str(p["person"]) for p in persons if p["certified_on"])

    return asyncio.run(found())


@pytest.mark.requirement("R41")
async def test_a_seq_a_day_an_instant_and_a_checkpoint_name_one_point(county: County) -> None:
    async with county.replay() as r:
        by_day = await r.history.point(A_DAY)
        assert 0 < by_day.seq < await r.history.head()
        end = f"{A_DAY}T23:59:59.999999+08:00"
        assert (await r.history.point(end)).seq == by_day.seq
        assert (await r.history.point(str(by_day.seq))).seq == by_day.seq
        before = await r.history.recorded_at(by_day.seq)
        later = await r.history.recorded_at(by_day.seq + 1)
        assert before is not None
        assert later is not None
        assert before <= datetime.fromisoformat(end) < later


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("text", ["99999999", "2008-13-01", "yesterday", "checkpoint:5", "-1"])
async def test_a_point_that_the_log_has_not_is_refused_with_what_to_give(
    county: County, text: str
) -> None:
    async with county.replay() as r:
        with pytest.raises(UnknownPointError) as refused:
            await r.history.point(text)
    assert text in refused.value.zh
    assert text in refused.value.en


@pytest.mark.requirement("R41")
async def test_a_person_is_answered_alike_by_slice_and_by_the_index_of_streams(
    county: County, somebody: str
) -> None:
    async with county.replay() as r, county.replay(read_url=None) as alone:
        for known in ("", A_DAY, "400"):
            whole = await r.person(somebody, None, known)
            assert canonical(whole) == canonical(await alone.person(somebody, None, known))
        with pytest.raises(NoSuchSubjectError):
            await r.person(somebody, None, "5")
        with pytest.raises(ReadModelsNeededError):
            await alone.ledger(COUNTY, None, "")


@pytest.mark.requirement("R41", "R54")
@pytest.mark.parametrize("day", ["2008-06-30", A_DAY, LAST.isoformat()])
async def test_a_figure_folded_from_the_log_is_the_cubes_own(county: County, day: str) -> None:
    async with county.replay() as r:
        for code in METRICS:
            asked = Figured.of(code, COUNTY, FIRST, LAST)
            kept = await r.figure(asked, day)
            folded = await r.figure(asked, day, fold=True)
            assert canonical(kept) == canonical(folded), code
        assert (await r.figure(Figured.of("M1", COUNTY, FIRST, LAST), A_DAY))["answer"]["value"] > 0


@pytest.mark.requirement("R54")
async def test_a_published_figure_is_reproduced_from_the_seq_that_it_states(
    county: County,
) -> None:
    async with county.replay() as r:
        asked = Figured.of("M1", COUNTY, FIRST, LAST)
        whole = await r.figure(asked, "")
        published = {
            **whole["answer"],
            "known": {"seq": whole["known"]["seq"]},
            "period": {"from": FIRST.isoformat(), "to": LAST.isoformat(), "known": None},
        }
        again = as_published(Asked((), office=COUNTY), published)
        assert again.known == (str(whole["known"]["seq"]),)
        one, other = [await r.figure(asked, again.known[0]) for _ in range(2)]
        assert canonical(one) == canonical(other)
        assert reproduces(one, published)
        wrong = json.loads(canonical(published)) | {"value": published["value"] + 1}
        assert not reproduces(one, wrong)


@pytest.mark.requirement("R41", "R36")
async def test_a_ledger_of_a_day_holds_who_belonged_to_the_area_then(county: County) -> None:
    async with county.replay() as r:
        early = await r.ledger(COUNTY, None, "2008-06-10")
        late = await r.ledger(COUNTY, None, "")
        difference = await r.ledger_diff(COUNTY, None, ("2008-06-10", ""))
    then = {p["person"]: p["state"] for p in early["answer"]["persons"]}
    now = {p["person"]: p["state"] for p in late["answer"]["persons"]}
    assert now
    assert "certified" not in then.values()
    entered = {d["subject"] for d in difference["answer"] if d["change"] == "entered"}
    assert {f"person-{p}" for p in now.keys() - then.keys()} <= entered
    assert all(d["events"] for d in difference["answer"])


@pytest.mark.requirement("R41", "X2")
async def test_a_difference_names_the_events_that_made_it(county: County, somebody: str) -> None:
    async with county.replay() as r:
        whole = await r.person(somebody, None, "")
        certified = str(whole["answer"]["certified_on"])
        before = (date.fromisoformat(certified) - timedelta(days=1)).isoformat()
        found = (await r.person_diff(somebody, None, (before, certified)))["answer"]
        asked = Figured.of("M1", COUNTY, FIRST, LAST)
        figure = (await r.figure_diff(asked, (before, certified)))["answer"]
        again = await r.person_diff(somebody, None, (certified, before))
    since = next(c for c in found["changes"] if c["place"].endswith(".certified_on"))
    assert (since["before"], since["after"]) == (None, certified)
    made = {e["seq"]: e["type"] for e in found["events"]}
    assert [made[seq] for seq in since["events"]] == ["certification.person_certified.v1"]
    own = next(c for c in figure["cases"] if c["subject"] == f"person-{somebody}")
    assert (own["before"], own["after"]) == (0, 1)
    assert since["events"][0] in own["events"]
    assert again["answer"] == found


@pytest.mark.requirement("R41")
async def test_a_day_before_it_happened_shows_nothing_of_it(county: County, somebody: str) -> None:
    async with county.replay() as r:
        whole = await r.person(somebody, None, "")
        certified = date.fromisoformat(str(whole["answer"]["certified_on"]))
        eve = await r.person(somebody, certified - timedelta(days=1), "")
        on_day = await r.person(somebody, certified, "")
    assert eve["answer"]["state"] != "certified"
    assert on_day["answer"]["certified_on"] == certified.isoformat()
