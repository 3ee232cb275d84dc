"""What each duty may do on the cluster; whatever is not listed is denied (audit.md 3.5).

Writing to any topic implies idempotent writing. The project role reads without a group: its
progress is in its database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from events.bus.topics import Bus

DUTIES = ("bangfu-publish", "bangfu-project", "bangfu-write")
"""The logins of a node's roles; the read role and the console do without Kafka."""

OFFICE = "office-"
"""How the logins of other offices' systems begin."""


class Kind(IntEnum):
    """What a right is about, by Kafka's number."""

    TOPIC = 2
    GROUP = 3


class Pattern(IntEnum):
    """How a name is meant, by Kafka's number."""

    LITERAL = 3
    PREFIXED = 4


class Doing(IntEnum):
    """What may be done, by Kafka's number; reading and writing imply describing."""

    READ = 3
    WRITE = 4


@dataclass(frozen=True, slots=True)
class Right:
    """One right of one login."""

    user: str
    kind: Kind
    name: str
    doing: Doing
    pattern: Pattern = Pattern.LITERAL


def commands_group(source: str) -> str:
    """Name the group in which a node's write role reads commands."""
    return f"bangfu-commands-{source}"


def node_rights(bus: Bus, source: str) -> Iterator[Right]:
    """Yield the rights of a node's three duties."""
    publish, project, write = DUTIES
    for topic in (bus.events, bus.relay):  # it reads its own marks back
        yield Right(publish, Kind.TOPIC, topic, Doing.WRITE)
        yield Right(publish, Kind.TOPIC, topic, Doing.READ)
    yield Right(project, Kind.TOPIC, bus.events, Doing.READ)
    yield Right(write, Kind.TOPIC, bus.commands, Doing.READ)
    yield Right(write, Kind.GROUP, commands_group(source), Doing.READ)
    yield Right(write, Kind.TOPIC, bus.outcomes, Doing.WRITE)


def office_rights(bus: Bus, name: str) -> Iterator[Right]:
    """Yield the rights of another office's system: commands in, outcomes out, groups of its own."""
    user = f"{OFFICE}{name}"
    yield Right(user, Kind.TOPIC, bus.commands, Doing.WRITE)
    yield Right(user, Kind.TOPIC, bus.outcomes, Doing.READ)
    yield Right(user, Kind.GROUP, f"{user}.", Doing.READ, Pattern.PREFIXED)
