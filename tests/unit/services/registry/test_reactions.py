"""What other facts make the registry do, and the clock of working age."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.contracts import assistance, posts, streams
from events.contracts import registry as ev
from events.contracts.assistance.values import GainedSkill
from events.contracts.base import Event, Recorded, SealedValue, StreamKind
from events.rules.directory import Directory
from services.registry import CONTEXT
from services.registry.person import commands as cmd
from services.registry.reactions import (
    on_person_fact_changed,
    on_placed_in_job,
    on_training_completed,
)
from tests.support.scenario import FakeFacts, day_at, happened, some_id
from tests.unit.services.registry import facts as a

TIMERS = {timer.name: timer for timer in CONTEXT.timers}
WORKER, CADRE, SPECIAL = (TIMERS[f"T15-{kind}"] for kind in ("worker", "cadre", "special"))
START = ev.PersonRegistered.type


def recorded(kind: StreamKind, event: Event) -> Recorded[Any]:
    return FakeFacts().add(happened(kind.of(a.ANNA), event, f"person-{a.ANNA}"))


@pytest.mark.requirement("R11")
def test_a_placement_ends_the_registration_on_the_first_day_of_work() -> None:
    event = posts.PlacedInJob(
        person=a.ANNA,
        channel="enterprise",
        work_division="140105",
        cross_region=False,
        continuous=False,
    )
    (wish,) = on_placed_in_job(recorded(streams.EMPLOYMENT, event))
    assert wish == cmd.CancelUnemploymentRegistration(
        person=a.ANNA, ground="employed", occurred_at=day_at("2008-06-02")
    )


@pytest.mark.requirement("R100")
def test_a_training_with_a_skill_adds_it_and_one_without_adds_nothing() -> None:
    skill = GainedSkill(occupation="welder", level="level_4")
    with_skill = assistance.TrainingCompleted(
        activity=some_id("course"), certificate=a.DOC, skill=skill
    )
    (wish,) = on_training_completed(recorded(streams.ASSISTANCE, with_skill))
    gained = ev.Skill(occupation="welder", level="level_4", certificate=a.DOC)
    assert wish == cmd.RecordSkills(
        person=a.ANNA, skills=(gained,), occurred_at=day_at("2008-06-02")
    )
    without = assistance.TrainingCompleted(activity=some_id("course"))
    assert [*on_training_completed(recorded(streams.ASSISTANCE, without))] == []


@pytest.mark.requirement("R9")
def test_a_change_of_what_retirement_hangs_on_has_it_looked_at_again() -> None:
    def changed(fact: ev.PersonFactName, value: str) -> list[object]:
        event = ev.PersonFactChanged(fact=fact, value=value)
        return [*on_person_fact_changed(recorded(streams.PERSON, event))]

    assert len(changed("worker_type", "worker")) == 1
    assert len(changed("special_work", "true")) == 1
    assert changed("phone", "13800000000") == []


def registered(sex: ev.SexWord, birth: date) -> Recorded[Any]:
    return FakeFacts().add(a.registered(sex=sex, birth=birth))


@pytest.mark.requirement("R9")
def test_a_clock_runs_to_each_day_on_which_a_woman_may_retire() -> None:
    fact = registered("female", date(1965, 6, 16))
    assert SPECIAL.starts[START](fact) == (a.ANNA, {"on": "2010-06-16"})
    assert WORKER.starts[START](fact) == (a.ANNA, {"on": "2015-06-16"})
    assert CADRE.starts[START](fact) == (a.ANNA, {"on": "2020-06-16"})


@pytest.mark.requirement("R9")
def test_a_day_that_falls_under_the_later_table_is_taken_from_it() -> None:
    fact = registered("male", date(1965, 5, 10))
    assert WORKER.starts[START](fact) == (a.ANNA, {"on": "2025-07-10"})
    assert CADRE.starts[START](fact) is None


@pytest.mark.requirement("R9")
def test_a_day_that_is_past_or_sealed_starts_no_clock() -> None:
    assert WORKER.starts[START](registered("female", date(1958, 6, 2))) is None
    sealed = SealedValue(k="k", a="a", n="n", c="c")
    event = registered("female", date(1965, 6, 16)).event
    hidden = event.model_copy(update={"birth_date": sealed})
    assert WORKER.starts[START](recorded(streams.PERSON, hidden)) is None


@pytest.mark.requirement("R9")
def test_the_clock_asks_for_the_lost_condition_on_that_day() -> None:
    basis = {"on": "2015-06-16"}
    assert WORKER.due(basis, Directory()) == day_at("2015-06-16", 0)
    assert WORKER.command(a.ANNA, basis) == cmd.RecordConditionLost(
        person=a.ANNA, condition="retirement", occurred_at=day_at("2015-06-16", 0)
    )


@pytest.mark.requirement("R9")
def test_retirement_death_and_a_merge_stop_the_clock_and_study_does_not() -> None:
    def stop(condition: ev.Condition) -> str | None:
        fact = recorded(streams.PERSON, ev.ConditionLost(condition=condition))
        return WORKER.stops[ev.ConditionLost.type](fact)

    assert stop("retirement") == stop("death") == a.ANNA
    assert stop("study") is None
    merged = ev.PersonAbsorbed(survivor=a.BERTA, absorbed=a.ANNA, evidence="同一人")
    assert WORKER.stops[merged.type](recorded(streams.PERSON, merged)) == a.ANNA
