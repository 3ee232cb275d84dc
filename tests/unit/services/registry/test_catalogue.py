"""Every event and command of the registry is named, classified and labelled."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import pytest

from events.contracts import registry as ev
from events.contracts.base import Event
from events.contracts.classes import unclassified
from events.rules.access import Action
from services.kit.decider import Command, Reason
from services.registry import CONTEXT, reasons
from services.registry.access import reasons as access_reasons
from services.registry.account import reasons as account_reasons
from services.registry.household.commands import Counting, Leaving
from services.registry.trial import reasons as trial_reasons

EVENTS = [*ev.REGISTRY_EVENTS.classes.values()]
COMMANDS = [*CONTEXT.deciders.by_command]


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.type)
def test_every_field_of_an_event_has_a_privacy_class(event: type[Event]) -> None:
    assert unclassified(event) == ()
    assert event.type.startswith("registry.")
    assert event.zh
    assert event.en


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.type)
def test_every_field_of_a_command_has_a_class_and_both_labels(command: type[Command]) -> None:
    assert unclassified(command) == ()
    for info in command.model_fields.values():
        assert info.title
        assert info.description


@pytest.mark.parametrize("body", [Counting, Leaving])
def test_every_part_of_a_household_form_has_both_labels(body: type[Counting | Leaving]) -> None:
    assert all(info.title and info.description for info in body.model_fields.values())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.type)
def test_every_actor_is_a_role_or_a_group_of_roles(command: type[Command]) -> None:
    assert Action(command.type, frozenset(command.actors)).wanted
    assert command.requirements


def _literals(annotation: Any) -> set[str]:  # noqa: ANN401  any annotation
    if get_origin(annotation) is Literal:
        return {value for value in get_args(annotation) if isinstance(value, str)}
    return set().union(*(_literals(part) for part in get_args(annotation)))


def test_every_value_of_a_closed_list_and_every_suggested_code_has_both_labels() -> None:
    closed = set().union(
        *(_literals(info.annotation) for event in EVENTS for info in event.model_fields.values())
    )
    suggested = set().union(*map(set, ev.CODE_LISTS.values()))
    assert closed | suggested <= ev.WORDS.keys()
    assert all(zh and en for zh, en in ev.WORDS.values())


def test_refusals_have_stable_codes_of_their_own() -> None:
    modules = (reasons, account_reasons, access_reasons, trial_reasons)
    found = [r for m in modules for r in vars(m).values() if isinstance(r, Reason)]
    found += reasons.ID_REFUSALS.values()
    assert len({reason.code for reason in found}) == len(found)
    assert all(r.zh and r.en and r.next_zh and r.next_en and r.clause for r in found)


def test_a_first_day_is_called_from_on_the_wire() -> None:
    event = ev.AccountClosed.model_validate_json('{"from": "2008-06-01"}')
    assert event.model_dump_json() == '{"from":"2008-06-01"}'
