"""Parameters with four eyes, categories of a city, and the calendar of a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pydantic import JsonValue

from events.contracts import registry as ev
from events.contracts import streams
from services.registry.rules import commands as cmd
from tests.support.scenario import Scenario, events, some_id, takes
from tests.unit.services.registry import facts as a

KEY = "assistance.report_months"
DAY = "2008-07-01"
REVIEWER = a.officer("county_reviewer", a.COUNTY)
HEAD = a.officer("county_head", a.COUNTY)
PROPOSE = cmd.ProposeRuleParameter(key=KEY, value=2, from_day=date(2008, 7, 1), reason="试行")
PROPOSAL = some_id(f"parameter-{a.COUNTY}.{KEY}/1")
SEEN = ev.Preview(cases=12, known=99, sha256="c" * 64)
APPROVE = cmd.ApproveRuleParameter(office=a.COUNTY, key=KEY, proposal=PROPOSAL, preview=SEEN)
REJECT = cmd.RejectRuleParameter(office=a.COUNTY, key=KEY, proposal=PROPOSAL, reason="不宜")
county = a.registry.by(REVIEWER)
proposed = county.after(PROPOSE).by(HEAD)


def value(**changed: object) -> cmd.ProposeRuleParameter:
    return PROPOSE.model_copy(update=changed)


@pytest.mark.requirement("X17")
def test_each_office_keeps_its_values_on_a_stream_of_its_own() -> None:
    (fact,) = county.when(PROPOSE)
    assert fact.stream == streams.PARAMETER.of(f"{a.COUNTY}.{KEY}")
    assert getattr(fact, "subject", None) == f"office-{a.COUNTY}"


@pytest.mark.requirement("X17")
def test_a_value_is_set_by_another_person_who_saw_the_preview() -> None:
    assert events(proposed.when(APPROVE)) == (ev.RuleParameterSet(proposal=PROPOSAL, preview=SEEN),)
    assert proposed.after(APPROVE).when(APPROVE) == ()


@pytest.mark.requirement("X17")
def test_the_proposer_cannot_approve_nor_reject() -> None:
    both = replace(REVIEWER, roles=frozenset({"county_reviewer", "county_head"}))
    assert proposed.by(both).refused(APPROVE) == "same_person"
    assert proposed.by(both).refused(REJECT) == "same_person"


@pytest.mark.requirement("X10")
def test_a_deputy_of_the_proposer_cannot_approve() -> None:
    deputy = replace(HEAD, on_behalf_of=REVIEWER.user)
    assert proposed.by(deputy).refused(APPROVE) == "same_person"


@pytest.mark.requirement("R5")
def test_a_county_cannot_touch_a_provincial_rule() -> None:
    assert county.refused(value(key="certification.county_days", value=5)) == "forbidden"


@pytest.mark.requirement("R5")
def test_a_number_of_the_text_is_set_by_nobody() -> None:
    admin = a.registry.by(a.officer("rule_admin", a.PROVINCE))
    assert admin.refused(value(key="text.refusals", value=5)) == "forbidden"


@pytest.mark.requirement("R5")
def test_a_lower_role_cannot_propose() -> None:
    assert a.registry.refused(PROPOSE) == "forbidden"


@pytest.mark.requirement("X17")
def test_the_key_is_known_and_the_value_within_its_bounds() -> None:
    assert county.refused(value(key="assistance.unknown")) == "parameter_unknown"
    assert county.refused(value(value=6)) == "parameter_value"
    assert county.refused(value(value="2")) == "parameter_value"


@pytest.mark.requirement("X17")
def test_a_value_never_holds_backwards() -> None:
    assert county.refused(PROPOSE, "2008-07-02") == "from_in_past"
    assert proposed.refused(APPROVE, "2008-07-02") == "from_in_past"
    assert county.refused(value(until=date(2008, 6, 30))) == "date_order"


@pytest.mark.requirement("X17")
def test_the_same_proposal_stands_already_unless_it_was_turned_down() -> None:
    assert proposed.by(REVIEWER).when(PROPOSE) == ()
    assert events(proposed.after(REJECT).by(REVIEWER).when(PROPOSE))


@pytest.mark.requirement("X17")
def test_a_decided_proposal_is_not_decided_the_other_way() -> None:
    assert proposed.after(APPROVE).refused(REJECT) == "proposal_closed"
    rejected = proposed.after(REJECT)
    assert rejected.when(REJECT) == ()
    assert rejected.refused(APPROVE) == "proposal_closed"


@pytest.mark.requirement("X17")
def test_an_unknown_proposal_is_not_found() -> None:
    other = APPROVE.model_copy(update={"proposal": some_id("other")})
    assert proposed.refused(other) == "not_found"


@pytest.mark.requirement("R5")
def test_before_the_text_no_rule_set_is_in_force() -> None:
    early = value(from_day=date(2008, 6, 1))
    assert county.refused(early, "2008-05-27") == "no_rule_set"


MAYOR = a.officer("city_head", a.CITY)
RULE: dict[str, JsonValue] = {"field": "age", "op": ">=", "value": 45}
DEFINE = cmd.DefineCityCategory(
    name="失地农民", conditions={"all": [RULE]}, document=a.DOC, from_day=date(2008, 7, 1)
)
city = a.registry.by(MAYOR)
CATEGORY = some_id("new/1")
END = cmd.EndCityCategory(category=CATEGORY, until=date(2008, 12, 31))


def defined() -> Scenario:
    after = city.after(DEFINE)
    facts = [f for f in after.facts if f.stream.startswith("category-")]
    return replace(after, directory=a.directory(*facts))


@pytest.mark.requirement("R16")
def test_a_city_defines_a_category_for_itself() -> None:
    (fact,) = city.when(DEFINE)
    assert getattr(fact, "subject", None) == f"office-{a.CITY}"
    assert [c.name for c in defined().directory.categories_for("140105", date(2008, 7, 1))] == [
        "失地农民"
    ]
    assert defined().directory.categories_for("140205", date(2008, 7, 1)) == ()


@pytest.mark.requirement("R16")
@pytest.mark.parametrize("role", ["county_head", "county_reviewer"])
def test_a_county_cannot_define_a_category(role: str) -> None:
    assert a.registry.by(a.officer(role, a.COUNTY)).refused(DEFINE) == "forbidden"


@pytest.mark.requirement("R16")
def test_conditions_are_written_in_the_rule_language() -> None:
    wrong = DEFINE.model_copy(update={"conditions": {"field": "wealth"}})
    assert city.refused(wrong) == "conditions_unreadable"


@pytest.mark.requirement("R16")
def test_a_category_stands_already_or_its_name_is_taken() -> None:
    assert defined().when(DEFINE) == ()
    other = DEFINE.model_copy(update={"conditions": {"any": [RULE]}})
    assert defined().refused(other) == "category_name_taken"


@pytest.mark.requirement("R16")
def test_a_category_ends_with_its_last_day_and_is_not_prolonged() -> None:
    assert events(defined().when(END)) == (ev.CityCategoryEnded(until=date(2008, 12, 31)),)
    ended = defined().after(END)
    assert ended.when(END) == ()
    later = END.model_copy(update={"until": date(2009, 1, 1)})
    assert ended.refused(later) == "date_order"
    before = END.model_copy(update={"until": date(2008, 6, 30)})
    assert defined().refused(before) == "date_order"


@pytest.mark.requirement("R16")
def test_another_city_cannot_end_the_category() -> None:
    other = a.officer("city_head", a.OTHER_CITY, "other")
    assert defined().by(other).refused(END) == "forbidden"


ADMIN = a.officer("rule_admin", a.PROVINCE)
CALENDAR = cmd.SetCalendar(
    year=2009,
    holidays=(date(2009, 1, 1), date(2009, 1, 2)),
    make_up_workdays=(date(2009, 1, 4),),
    notice=a.DOC,
)
province = a.registry.by(ADMIN)


@pytest.mark.requirement("X18")
def test_a_year_has_one_calendar_and_a_newer_notice_supersedes_it() -> None:
    assert takes(province.when(CALENDAR)) == ("calendar/2009",)
    after = province.after(CALENDAR)
    assert after.when(CALENDAR) == ()
    newer = CALENDAR.model_copy(update={"holidays": (date(2009, 1, 1),)})
    outcome = after.when(newer)
    assert len(events(outcome)) == 1
    assert takes(outcome) == ()


@pytest.mark.requirement("X18")
@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"holidays": (date(2010, 5, 1),)}, id="another-year"),
        pytest.param({"make_up_workdays": (date(2009, 1, 5),)}, id="a-monday-is-worked-anyway"),
        pytest.param({"holidays": (date(2009, 1, 4),)}, id="off-and-worked"),
        pytest.param({"holidays": (date(2009, 1, 1), date(2009, 1, 1))}, id="twice"),
    ],
)
def test_a_day_that_no_notice_can_name_is_refused(changed: dict[str, tuple[date, ...]]) -> None:
    assert province.refused(CALENDAR.model_copy(update=changed)) == "calendar_days"


@pytest.mark.requirement("X18")
def test_new_years_holiday_reaches_over_the_border_of_the_year() -> None:
    early = CALENDAR.model_copy(update={"holidays": (date(2008, 12, 31), date(2009, 1, 1))})
    assert events(province.when(early))


@pytest.mark.requirement("X18")
def test_only_the_rule_administrator_sets_the_calendar() -> None:
    assert a.registry.by(MAYOR).refused(CALENDAR) == "forbidden"
