"""Who comes into the register, where, and how changes of their facts are kept."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import registry as ev
from events.rules.person import with_check_digit
from services.registry.person import commands as cmd
from tests.support.scenario import events, some_id, takes
from tests.unit.services.registry import facts as a

WRONG_SUM = a.NUMBER[:17] + ("1" if a.NUMBER.endswith("0") else "0")
CHANGE = cmd.RecordPersonChange(person=a.ANNA, fact="phone", value="13800000000")


@pytest.mark.requirement("R17")
def test_a_person_is_registered_at_the_community_of_residence_with_the_age_band_of_that_day() -> (
    None
):
    outcome = a.registry.when(a.REGISTER)
    (event,) = events(outcome)
    assert isinstance(event, ev.PersonRegistered)
    assert (event.residence, event.age_band) == (a.COMMUNITY, "45_49")
    assert takes(outcome) == (a.ID_CLAIM,)


@pytest.mark.requirement("R17")
def test_another_community_cannot_register_the_person() -> None:
    assert a.registry.by(a.ELSEWHERE).refused(a.REGISTER) == "forbidden"


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("residence", [a.STREET, a.COUNTY])
def test_the_residence_is_a_community(residence: str) -> None:
    asker = a.officer("street_officer", a.STREET)
    if residence == a.COUNTY:
        asker = a.officer("pes_clerk", a.COUNTY)
    wish = a.REGISTER.model_copy(update={"residence": residence})
    assert a.registry.by(asker).refused(wish) == "not_a_community"


@pytest.mark.requirement("X8")
def test_an_id_number_comes_into_the_register_once() -> None:
    known = a.registry.given(claims={a.ID_CLAIM: a.person_stream()})
    assert known.refused(a.REGISTER) == "already_registered"


@pytest.mark.requirement("X8")
def test_the_old_form_of_a_number_is_the_same_number() -> None:
    old = a.NUMBER[:6] + a.NUMBER[8:17]
    outcome = a.registry.when(a.REGISTER.model_copy(update={"national_id": old}))
    assert takes(outcome) == (a.ID_CLAIM,)


@pytest.mark.requirement("X8")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param("149999", "id_length", id="short"),
        pytest.param(WRONG_SUM, "id_checksum", id="sum"),
        pytest.param(with_check_digit("14999919601316002"), "id_date", id="no-such-day"),
        pytest.param(with_check_digit("14999919600616001"), "id_sex", id="a-man"),
        pytest.param(with_check_digit("14999919600617002"), "id_birth_date", id="other-day"),
        pytest.param(with_check_digit("14999920990616002"), "id_future", id="future"),
    ],
)
def test_a_wrong_id_number_is_refused_with_what_is_wrong(number: str, code: str) -> None:
    wish = a.REGISTER.model_copy(update={"national_id": number})
    assert a.registry.refused(wish) == code


@pytest.mark.requirement("R8")
def test_an_address_code_that_nobody_knows_is_no_reason_to_refuse() -> None:
    assert a.NUMBER.startswith("149999")
    assert events(a.registry.when(a.REGISTER))


@pytest.mark.requirement("R8")
def test_the_hukou_names_a_division() -> None:
    hukou = ev.Hukou(division="14010", type="urban")
    wish = a.REGISTER.model_copy(update={"hukou": hukou})
    assert a.registry.refused(wish) == "hukou_division"


@pytest.mark.requirement("R37")
def test_a_change_in_the_world_is_recorded_with_its_new_value() -> None:
    (event,) = events(a.known.when(CHANGE))
    assert event == ev.PersonFactChanged(fact="phone", value="13800000000")


@pytest.mark.requirement("R37")
def test_a_value_that_stands_already_adds_nothing() -> None:
    assert a.known.after(CHANGE).when(CHANGE) == ()
    name = cmd.RecordPersonChange(person=a.ANNA, fact="name", value="测试甲")
    assert a.known.when(name) == ()


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("hukou", "140105"),
        ("hukou", "1401 suburban"),
        ("hukou", "14010 urban"),
        ("worker_type", "boss"),
        ("special_work", "yes"),
        ("education", "doctor"),
        ("name", "长" * 201),
    ],
)
def test_a_value_is_written_as_its_fact_demands(fact: ev.PersonFactName, value: str) -> None:
    wish = cmd.RecordPersonChange(person=a.ANNA, fact=fact, value=value)
    assert a.known.refused(wish) == "fact_value"


@pytest.mark.requirement("R43")
def test_a_person_of_another_community_is_out_of_reach() -> None:
    assert a.known.by(a.ELSEWHERE).refused(CHANGE) == "forbidden"


@pytest.mark.requirement("X8")
def test_an_absorbed_record_takes_no_more_facts_until_the_merge_is_undone() -> None:
    absorbed = a.on_person(
        ev.PersonAbsorbed(survivor=a.BERTA, absorbed=a.ANNA, evidence="同一身份证")
    )
    undone = a.on_person(ev.PersonsUnmerged(merge=some_id("merge"), reason="误并"))
    assert a.known.given(absorbed).refused(CHANGE) == "person_absorbed"
    assert events(a.known.given(absorbed, undone).when(CHANGE))


@pytest.mark.requirement("X14")
@pytest.mark.parametrize(
    ("event", "code"),
    [
        (ev.SubjectShredded(proposal=some_id("p")), "person_shredded"),
        (ev.ProcessingRestricted(basis="objection", from_day=date(2008, 6, 3)),
         "processing_restricted"),
    ],
)  # fmt: skip
def test_destroyed_or_restricted_data_is_not_added_to(
    event: ev.PersonStreamEvent, code: str
) -> None:
    assert a.known.given(a.on_person(event)).refused(CHANGE) == code


def test_an_unknown_person_is_not_found() -> None:
    assert a.registry.refused(CHANGE) == "not_found"
