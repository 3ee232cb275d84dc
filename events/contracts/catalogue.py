"""Every event of every context by wire name: what readers of the whole log decode with."""

from __future__ import annotations

from events.contracts.assistance import AssistanceEvent
from events.contracts.base import Catalogue, Event
from events.contracts.certification import CertificationEvent
from events.contracts.posts import PostsEvent
from events.contracts.registry import RegistryEvent

ALL: Catalogue[Event] = Catalogue(RegistryEvent, CertificationEvent, AssistanceEvent, PostsEvent)
