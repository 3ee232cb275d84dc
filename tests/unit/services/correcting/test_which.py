"""Every event is a fact that may be corrected, or says what to do instead."""

from __future__ import annotations

import pytest

from events.contracts.base import Event
from events.contracts.catalogue import ALL
from events.contracts.correctable import CORRECTABLE, Fact, Never, Reversed
from events.rules.directory import DIRECTORY_TYPES
from events.rules.roles import expand
from services.__main__ import CONTEXTS
from services.kit.decider import Context

EVERY = pytest.mark.parametrize("event", list(ALL.classes.values()), ids=lambda e: e.type)
KNOWN = {command.type for context in CONTEXTS for command in context.deciders.by_command}
NOT_YET = frozenset(
    {
        "assistance.answer_referral",
        "assistance.complete_training",
        "assistance.enrol_in_training",
        "assistance.leave_training",
        "assistance.refer_person",
        "certification.import_certification",
        "certification.propose_revocation",
        "certification.reject_revocation",
        "posts.change_employer",
        "posts.change_employment",
        "posts.decline_proposed_post",
        "posts.propose_post",
        "registry.merge_offices",
        "registry.merge_persons",
        "registry.move_office",
        "registry.recode_office",
        "registry.reject_transfer",
        "registry.request_transfer",
        "registry.split_household",
        "registry.split_office",
        "registry.unmerge_persons",
    }
)
"""Commands of the catalogue that are still to come; until then their facts cannot exist."""


@pytest.mark.requirement("X2")
@EVERY
def test_every_event_is_correctable_or_says_what_reverses_it_or_why_nothing_does(
    event: type[Event],
) -> None:
    rule = CORRECTABLE[event]
    match rule:
        case Fact(by=by, fixed=fixed, void=void):
            assert set(fixed) <= set(event.model_fields)
            assert {by, void or by} <= KNOWN | NOT_YET
        case Reversed(by=by):
            assert by in KNOWN | NOT_YET
        case Never(zh=zh, en=en):
            assert zh
            assert en


@pytest.mark.requirement("X2")
@EVERY
def test_what_the_directory_is_made_of_is_decided_and_never_corrected(event: type[Event]) -> None:
    if event.type in DIRECTORY_TYPES:
        assert not isinstance(CORRECTABLE[event], Fact)


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("context", CONTEXTS, ids=lambda c: c.name)
def test_whoever_may_record_a_correctable_fact_is_named_as_one_who_may_propose(
    context: Context,
) -> None:
    commands = {command.type: command for command in context.deciders.by_command}
    recording = {rule.by for rule in CORRECTABLE.values() if isinstance(rule, Fact)}
    people = {
        role
        for name in recording & commands.keys()
        for role in expand(frozenset(commands[name].actors)) - {"person", "system"}
    }
    propose = commands.get(f"{context.name}.propose_correction")
    assert not people or propose is not None
    assert people == (expand(frozenset(propose.actors)) if propose else set())
