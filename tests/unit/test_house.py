"""The house keeps its own rules: names, contexts in all their lists, wishes that can be read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import events
from events.contracts.catalogue import ALL
from events.contracts.classes import unclassified
from events.contracts.streams import STREAM_KINDS
from events.rules.requirements import requirements
from events.rules.roles import expand
from services.__main__ import CONTEXTS
from services.kit.decider import Command

ROOT = Path(__file__).parents[2]
COMMANDS = [cls for context in CONTEXTS for cls in context.deciders.by_command]
EVERY = pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.type)


def test_the_package_called_events_is_ours() -> None:
    assert Path(events.__file__).parent == ROOT / "events"


def test_every_context_is_in_the_layers_and_in_the_purity_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c for c in contracts if c.get("containers") == ["services"])["layers"]
    pure = next(c for c in contracts if "pure" in c["name"])["source_modules"]
    for context in CONTEXTS:
        assert any(context.name in layer.split(" | ") for layer in layers)
        assert f"services.{context.name}" in pure


def test_every_event_stands_in_a_stream_of_a_known_context() -> None:
    owners = {kind.context for kind in STREAM_KINDS.values()}
    assert {name.split(".")[0] for name in ALL.classes} <= owners | {"registry"}


@EVERY
def test_a_command_names_known_roles_rules_and_both_languages(command: type[Command]) -> None:
    assert expand(frozenset(command.actors))
    assert set(command.requirements) <= set(requirements())
    assert command.zh
    assert command.en
    assert command.__doc__


@EVERY
def test_every_field_of_a_command_states_its_privacy_class_and_labels(
    command: type[Command],
) -> None:
    assert unclassified(command) == ()
    assert all(info.title and info.description for info in command.model_fields.values())
