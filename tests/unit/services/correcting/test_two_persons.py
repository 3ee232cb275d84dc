"""A correction is proposed by one person and takes effect by another's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.contracts import assistance as ev
from events.contracts import streams
from services.assistance import CONTEXT
from services.kit import problems
from services.kit.decider import Command, DomainError
from tests.support.scenario import Scenario, day_at, events
from tests.unit.services.assistance.facts import (
    CASE,
    CLERK,
    COMMUNITY,
    DOC,
    ELSEWHERE,
    HEAD,
    PES_CLERK,
    REPORT,
    STREET,
    SYSTEM,
    given,
    officer,
    on_file,
    signed,
)
from tests.unit.services.correcting.wishes import approve, number, propose, reject, wish

FILE = streams.ASSISTANCE.of(CASE)
REPORTED = ev.StatusReported(
    status="unemployed", since=date(2008, 6, 1), in_person=True, differs=False
)
reported = given.given(on_file(REPORTED, "2008-07-10"))
EARLIER = propose(reported, FILE, 2, day="2008-07-01")
proposed = reported.after(EARLIER, "2008-07-20")
APPROVE, REJECT = approve(proposed, FILE, 3), reject(proposed, FILE, 3)
SIGNER = officer("street_signer", STREET)
COLLEAGUE = officer("community_officer", COMMUNITY, "colleague")


def caused(scenario: Scenario, command: Command) -> list[type]:
    return [type(e) for e in events(scenario.when(command, "2008-07-21"))]


@pytest.mark.requirement("X2")
def test_who_may_record_a_fact_may_propose_its_correction() -> None:
    assert caused(reported, EARLIER) == [ev.CorrectionProposed]
    assert reported.by(officer("street_officer", STREET)).when(EARLIER, "2008-07-20")


@pytest.mark.requirement("X2")
def test_who_may_not_record_it_or_works_elsewhere_may_not() -> None:
    assert reported.by(PES_CLERK).refused(EARLIER, "2008-07-20") == "forbidden"
    assert reported.by(ELSEWHERE).refused(EARLIER, "2008-07-20") == "forbidden"


@pytest.mark.requirement("X2")
def test_the_head_of_the_office_approves_and_the_fact_is_restated_in_full() -> None:
    corrected = proposed.by(HEAD).when(APPROVE, "2008-07-21")

    assert events(corrected) == (
        ev.FactCorrected(
            proposal=number(FILE, 3),
            corrects=number(FILE, 2),
            of=ev.StatusReported.type,
            body=REPORTED.model_dump(mode="json", exclude_none=True),
            happened_at=day_at("2008-07-01"),
        ),
    )


@pytest.mark.requirement("X2")
def test_the_level_above_approves_and_no_other_does() -> None:
    assert proposed.by(SIGNER).when(APPROVE, "2008-07-21")
    assert proposed.by(officer("street_officer", STREET)).when(APPROVE, "2008-07-21")
    assert proposed.by(COLLEAGUE).refused(APPROVE, "2008-07-21") == "correction_rank"
    county = officer("county_head", "140105000000")
    assert proposed.by(county).refused(APPROVE, "2008-07-21") == "correction_rank"


@pytest.mark.requirement("X2")
def test_the_proposer_neither_approves_nor_rejects_nor_does_a_deputy_of_the_proposer() -> None:
    own = replace(HEAD, user=CLERK.user)
    deputy = replace(HEAD, user="somebody", on_behalf_of=CLERK.user)

    for hand in (own, deputy):
        assert proposed.by(hand).refused(APPROVE, "2008-07-21") == "correction_same_person"
        assert proposed.by(hand).refused(REJECT, "2008-07-21") == "correction_same_person"


@pytest.mark.requirement("X2")
def test_a_proposal_falls_when_the_record_moved_on() -> None:
    moved = proposed.given(on_file(REPORTED, "2008-07-20")).by(HEAD)

    assert moved.refused(APPROVE, "2008-07-21") == "correction_stale"
    assert caused(moved, REJECT) == [ev.CorrectionRejected]


@pytest.mark.requirement("X2")
def test_another_proposal_does_not_make_it_fall() -> None:
    other = proposed.given(on_file(REPORTED.model_copy(update={"in_person": False}), "2008-06-20"))
    both = reported.given(on_file(REPORTED, "2008-06-20"))
    both = both.after(EARLIER, "2008-07-20").after(propose(both, FILE, 3), "2008-07-20")

    assert both.by(HEAD).when(approve(both, FILE, 4), "2008-07-21")
    assert other.by(HEAD).refused(APPROVE, "2008-07-21") == "correction_stale"


@pytest.mark.requirement("X2")
def test_a_rejection_says_why_and_ends_the_proposal() -> None:
    rejected = proposed.by(HEAD).after(REJECT, "2008-07-21")

    assert rejected.refused(APPROVE, "2008-07-22") == "correction_decided"
    assert rejected.by(CLERK).when(EARLIER, "2008-07-22")
    with pytest.raises(ValueError, match="reason"):
        wish(CONTEXT, "reject_correction", stream=FILE, proposal=number(FILE, 3))


@pytest.mark.requirement("X2")
def test_what_is_approved_already_or_says_so_already_causes_nothing() -> None:
    corrected = proposed.by(HEAD).after(APPROVE, "2008-07-21")

    assert corrected.when(APPROVE, "2008-07-22") == ()
    assert corrected.by(CLERK).when(EARLIER, "2008-07-22") == ()
    assert proposed.refused(propose(proposed, FILE, 2), "2008-07-20") == "correction_pending"


@pytest.mark.requirement("X2")
def test_a_decision_is_refused_with_the_command_that_reverses_it() -> None:
    stream = streams.ASSISTANCE.of(CASE)

    assert signed.refused(propose(signed, stream, 1), "2008-07-20") == "correction_not_possible"
    helper = on_file(
        ev.HelperChanged(from_user=CLERK.user, to=HEAD.user, reason="workload"), "2008-07-01"
    )
    changed = signed.given(helper)
    assert changed.refused(propose(changed, stream, 3), "2008-07-20") == "correction_of_decision"
    assert signed.refused(propose(signed, stream, 2), "2008-07-20") == "correction_void"


@pytest.mark.requirement("X2")
def test_a_replacement_is_a_body_of_the_same_type_and_the_same_matter() -> None:
    other = ev.FollowUpEnded(stable_since=date(2008, 6, 1))
    assert reported.refused(propose(reported, FILE, 2, other), "2008-07-20") == "correction_body"
    late = REPORTED.model_copy(update={"since": date(2008, 7, 12)})
    wrong = propose(reported, FILE, 2, late)
    assert reported.refused(wrong, "2008-07-20") == "since_after_report"
    visited = given.given(on_file(_visit("2008-07"), "2008-07-10"))
    found = ev.FollowUpDone.model_validate_json(
        '{"mode":"visit","status":"unemployed","needs":[],"month":"2008-07","found":'
        '{"end":{"day":"2008-07-01","reason":"resigned","then":"unemployed"}}}'
    )
    fixed = propose(visited, FILE, 2, found)
    assert visited.refused(fixed, "2008-07-20") == "correction_fixed_field"
    box = '{"k":"a","a":"A256GCM","n":"a","c":"a"}'
    sealed = REPORTED.model_dump_json(exclude_none=True)[:-1] + f',"evidence":{box}}}'
    hidden = EARLIER.model_copy(update={"replacement": sealed})
    assert reported.refused(hidden, "2008-07-20") == "correction_body"


@pytest.mark.requirement("X2")
def test_fields_that_are_not_named_stay_as_they_are_and_a_null_takes_one_out() -> None:
    proven = reported.given(on_file(REPORTED.model_copy(update={"evidence": DOC}), "2008-07-12"))
    wish = propose(proven, FILE, 3)

    def body(replacement: str) -> dict[str, object] | None:
        it = proven.after(_with(wish, replacement), "2008-07-20").by(HEAD)
        (corrected,) = events(it.when(approve(it, FILE, 4), "2008-07-21"))
        assert isinstance(corrected, ev.FactCorrected)
        return corrected.body

    told = REPORTED.model_copy(update={"evidence": DOC, "in_person": False})
    assert body('{"in_person":false}') == told.model_dump(mode="json", exclude_none=True)
    assert body('{"evidence":null}') == REPORTED.model_dump(mode="json", exclude_none=True)
    assert proven.refused(_with(wish, "[1]"), "2008-07-20") == "correction_body"
    deep = '{"a":' * 3_000 + "1" + "}" * 3_000
    assert proven.refused(_with(wish, deep), "2008-07-20") == "correction_body"


@pytest.mark.requirement("X2", "X14")
def test_a_refused_replacement_names_our_own_fields_alone() -> None:
    wish = _with(propose(reported, FILE, 2), '{"王秀英":1,"status":"rich"}')
    with pytest.raises(DomainError) as refused:
        reported.when(wish, "2008-07-20")
    body = problems.of(refused.value).body
    assert body["data"]["fields"] == ["?", "status"]
    assert body["en"] == "The replacement is not a body of this type: ?, status."


def _with(wish: Command, replacement: str) -> Command:
    return wish.model_copy(update={"replacement": replacement})


def _visit(month: str) -> ev.FollowUpDone:
    return ev.FollowUpDone(mode="visit", status="unemployed", needs=(), month=month)


@pytest.mark.requirement("X2")
def test_what_only_follows_from_a_fact_is_worked_out_anew() -> None:
    visited = given.given(on_file(_visit("2008-07"), "2008-07-10"))
    visited = visited.after(propose(visited, FILE, 2, day="2008-06-28"), "2008-07-20")
    (fact,) = events(visited.by(HEAD).when(approve(visited, FILE, 3), "2008-07-21"))

    assert isinstance(fact, ev.FactCorrected)
    assert fact.body is not None
    assert fact.body["month"] == "2008-06"


@pytest.mark.requirement("X2")
def test_a_day_to_come_is_refused() -> None:
    wrong = propose(reported, FILE, 2, day="2008-09-01")

    assert reported.refused(wrong, "2008-07-20") == "date_in_future"


@pytest.mark.requirement("X2")
def test_the_system_corrects_nothing() -> None:
    assert reported.by(SYSTEM).refused(EARLIER, "2008-07-20") == "forbidden"
    assert proposed.by(SYSTEM).refused(APPROVE, "2008-07-21") == "forbidden"


@pytest.mark.requirement("X2")
def test_a_void_report_counts_no_more_and_can_be_recorded_again() -> None:
    assert reported.when(REPORT, "2008-07-10") == ()
    void = reported.after(propose(reported, FILE, 2, reason="not_happened"), "2008-07-20")
    void = void.by(HEAD).after(approve(void, FILE, 3), "2008-07-21")

    assert events(void.by(CLERK).when(REPORT, "2008-07-10", today="2008-07-22"))
    assert void.by(CLERK).when(propose(void, FILE, 2), "2008-07-22") == ()
    day_only = propose(void, FILE, 2, day="2008-07-01")
    assert void.by(CLERK).refused(day_only, "2008-07-22") == "correction_of_void"
    assert void.by(CLERK).when(propose(void, FILE, 2, REPORTED), "2008-07-22")
