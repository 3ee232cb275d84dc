"""The same history under other rules: who would have been certified, who would have left (R2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import JsonValue

from events.contracts import certification as ev
from events.contracts.base import Recorded, SealedValue
from events.rules.directory import Directory
from events.rules.supposing import Supposition
from services.certification import CONTEXT
from services.certification.exit import commands as cmd
from services.certification.supposed.walk import Told, Walk
from services.kit.lookback import Directories, Past
from tests.support.scenario import FakeFacts, Scenario
from tests.unit.services.certification import facts as a
from tests.unit.services.certification.test_leaving import answers, confirm, count, four

END = date(2009, 12, 31)
DECIDED = "2008-09-01"
NEW = Supposition("2024")


class Fixed(Directories):
    """The directory of the scenarios, at every seq."""

    def __init__(self, directory: Directory) -> None:
        super().__init__(())
        self.directory = directory

    def at(self, seq: int) -> Directory:
        del seq
        return self.directory


def past(it: Scenario) -> Past:
    """Give a scenario's facts the seqs of the order in which they happened."""
    log, found = FakeFacts(), list[Recorded[Any]]()
    for seq, fact in enumerate(it.facts, 1):
        found.append(replace(log.add(fact), seq=seq, meta={"directory": "1"}))
    made = Past()
    made.add(found)
    return made


def walked(it: Scenario, supposition: Supposition, area: str = "14") -> tuple[list[Told], Walk]:
    walk = Walk(supposition, Fixed(a.DIRECTORY), area, END)
    return list(walk.person(past(it), f"person-{a.ANNA}")), walk


def parameter(key: str, value: JsonValue) -> Supposition:
    return Supposition(values={key: value})


def applied(*categories: ev.Category, facts: Scenario, **more: object) -> Scenario:
    """Carry an application to its certification."""
    it = a.step(facts, a.CLERK, a.apply(*categories, **more), a.FILED)
    it = a.step(it, a.CLERK, a.REGISTER, a.REGISTERED)
    it = a.step(it, a.CLERK, a.POST, a.POSTED)
    it = a.step(it, a.SYSTEM, a.close(), a.CLOSED)
    it = a.step(it, a.SIGNER, a.STREET_REVIEW, a.REVIEWED)
    it = a.step(it, a.STREET_OFFICER, a.FORWARD, a.FORWARDED)
    wish = a.CERTIFY.model_copy(update={"category": categories[0]})
    return a.step(it, a.CERTIFIER, wish, a.DECIDED)


empty = Scenario(CONTEXT, a.DIRECTORY, a.CLERK)
long_unemployed = empty.given(
    a.person(birth=date(1975, 6, 16)), a.unemployed(day="2007-06-10"), a.dibao(date(2007, 1, 1))
)


@pytest.mark.requirement("R2")
def test_a_person_whom_both_rule_sets_certify_is_not_told() -> None:
    told, walk = walked(a.certified, NEW)
    assert told == []
    assert walk.counts == {"cases": 1, "recorded_certified": 1, "supposed_eligible": 1}


@pytest.mark.requirement("R2")
def test_a_long_term_unemployed_on_the_allowance_is_helped_under_2024_by_its_own_category() -> None:
    told, walk = walked(applied("long_term", facts=long_unemployed), NEW)
    assert told == []
    assert walk.counts["supposed_eligible"] == 1


@pytest.mark.requirement("R2", "R15")
def test_the_categories_a_person_would_have_lost_are_told_line_by_line() -> None:
    it = applied("long_term", facts=long_unemployed)
    told, walk = walked(it, parameter("text.long_term_months", 24))
    (one,) = told
    assert (one["recorded"], one["supposed"]) == ("certified", "not_eligible")
    assert one["categories"] == {"recorded": ["long_term"], "supposed": []}
    since = next(line for line in one["lines"] if line["condition"] == "unemployed_since")
    assert (since["own"], since["supposed"]) == (True, False)
    assert "失业一年以上" in since["clause"]
    assert walk.counts["not_reproduced"] == 0


@pytest.mark.requirement("R2", "R12")
@pytest.mark.parametrize(("age", "differs"), [(45, False), (46, False), (47, True)])
def test_an_age_of_the_text_is_supposed_to_be_another_the_number_included(
    age: int, differs: bool
) -> None:
    told, _ = walked(a.certified, parameter("text.aged_female", age))
    assert bool(told) is differs


@pytest.mark.requirement("R22", "R2")
def test_a_refusal_for_another_reason_than_the_conditions_stands_under_every_rule() -> None:
    told, walk = walked(a.refused, NEW)
    assert told == []
    assert walk.counts["recorded_refused"] == 1


@pytest.mark.requirement("R2")
def test_a_decision_that_its_own_rules_do_not_give_again_is_counted() -> None:
    made = past(a.certified)
    facts = made.streams[a.STREAM]
    at = next(i for i, f in enumerate(facts) if isinstance(f.event, ev.PersonCertified))
    found = facts[at].event.findings
    planted = facts[at].event.model_copy(update={"findings": found[1:]})
    facts[at] = replace(facts[at], event=planted)
    walk = Walk(NEW, Fixed(a.DIRECTORY), "14", END)
    list(walk.person(made, f"person-{a.ANNA}"))
    assert walk.counts["not_reproduced"] == 1


@pytest.mark.requirement("R43", "R2")
def test_a_person_of_another_area_is_not_judged() -> None:
    told, walk = walked(a.certified, parameter("text.aged_female", 60), area="140106")
    assert (told, walk.counts["elsewhere"]) == ([], 1)


@pytest.mark.requirement("R2")
def test_a_person_whose_facts_are_sealed_for_good_is_counted_and_not_guessed() -> None:
    made = past(a.certified)
    stream = next(s for s in made.streams if s.startswith("person-"))
    first = made.streams[stream][0]
    box = {"k": "key", "a": "A256GCM", "n": "bm9uY2U=", "c": "c2VhbGVk"}
    sealed = first.event.model_copy(update={"birth_date": SealedValue(**box)})
    made.streams[stream][0] = replace(first, event=sealed)
    walk = Walk(NEW, Fixed(a.DIRECTORY), "14", END)
    assert list(walk.person(made, f"person-{a.ANNA}")) == []
    assert walk.counts["unjudged_facts_sealed"] == 1


left = a.step(four, a.CERTIFIER, confirm(four, DECIDED, answers(*[True] * 4)), DECIDED)


@pytest.mark.requirement("R29", "R2")
def test_an_exit_at_more_than_three_falls_away_at_more_than_five() -> None:
    told, walk = walked(left, parameter("text.refusals", 5))
    (one,) = told
    assert one["recorded"]["outcome"] == "exited"
    assert one["supposed"] == {
        "outcome": "none", "proposed": None, "exited": None, "tally": 0, "events": [],
    }  # fmt: skip
    assert one["lines"][0]["own"] is True
    assert one["lines"][0]["supposed"] is False
    assert walk.counts["recorded_refusals_exited"] == walk.counts["supposed_refusals_none"] == 1
    assert walk.counts["not_reproduced"] == 0


@pytest.mark.requirement("R29", "R2")
def test_a_lower_limit_proposes_sooner_and_what_the_county_confirmed_stands() -> None:
    told, _ = walked(left, parameter("text.refusals", 2))
    (one,) = told
    assert (one["recorded"]["outcome"], one["supposed"]["outcome"]) == ("exited", "exited")
    assert one["supposed"]["tally"] == 3


@pytest.mark.requirement("R29", "R2")
def test_a_proposal_that_never_was_is_told_as_undecided() -> None:
    told, walk = walked(count(a.certified, "unjust", "unjust"), parameter("text.refusals", 1))
    (one,) = told
    assert (one["recorded"]["outcome"], one["supposed"]["outcome"]) == ("none", "proposed")
    assert walk.counts["supposed_refusals_proposed"] == 1


@pytest.mark.requirement("R29", "R2")
@pytest.mark.parametrize("limit", [3, 20])
def test_the_actual_limit_and_one_that_nobody_reaches(limit: int) -> None:
    told, walk = walked(left, parameter("text.refusals", limit))
    assert len(told) == (limit != 3)
    assert walk.counts["not_reproduced"] == 0


propose = cmd.ProposeExit(case=a.CASE, ground="no_report", facts=())


@pytest.mark.requirement("R32", "R2")
@pytest.mark.parametrize(
    ("months", "outcome"), [(3, "proposed"), (6, None), (9, "proposed"), (24, "none")]
)
def test_the_half_year_is_supposed_to_be_another_length(months: int, outcome: str | None) -> None:
    it = a.step(a.certified, a.SYSTEM, propose, "2009-01-05")
    told, _ = walked(it, parameter("text.report_exit_months", months))
    assert [t["supposed"]["outcome"] for t in told] == ([] if outcome is None else [outcome])
