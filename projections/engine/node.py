"""A node as the read side knows it: its name, epoch, log and reference facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from events.bus.session import PublishedLog
from events.contracts.base import Catalogue
from projections.engine.known import HeadWatch
from projections.engine.reference import Reference


@dataclass(frozen=True, slots=True)
class Node:
    """Where events come from when Kafka cannot give them, and the directory as of each."""

    source: str
    epoch: int
    log: PublishedLog
    reference: Reference
    watch: HeadWatch


def node_of(log: PublishedLog, catalogue: Catalogue[Any]) -> Node:
    """Make a node from its log."""
    reference = Reference(log, log.source, catalogue, log.epoch)
    return Node(log.source, log.epoch, log, reference, HeadWatch(log))
