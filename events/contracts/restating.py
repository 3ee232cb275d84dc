"""The three facts of a correction, alike in every context (X2); each context names its own."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field

from events.contracts.base import BodyOf, Code, Doc, Event, EventId, Instant, Open, Sealed, Text

BodyText: TypeAlias = Annotated[str, Field(min_length=2, max_length=20_000)]
"""The fields of an event body that should say something else, as JSON text."""
WireName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]+\.[a-z_]+\.v[0-9]+$", max_length=100)]
RestatedBody: TypeAlias = Annotated[
    dict[str, Any], Field(json_schema_extra={"x-body-of": "of"}), BodyOf("of")
]
"""An event body of the type named in `of`; its sealed fields are sealed one by one."""


class ProposedCorrection(Event):
    """What is said to hold instead of a recorded fact; nothing at all makes it void (X2).

    `replacement` names only the fields that change, so that no value is kept twice; a null takes
    one out. `happened_at` replaces the fact's own `occurred_at`, which is no part of a body.
    """

    corrects: EventId
    replacement: Sealed[BodyText] | None = None
    happened_at: Instant | None = None
    reason: Code
    text: Sealed[Text]
    evidence: Doc | None = None

    @property
    def voids(self) -> bool:
        """Tell whether the fact is said never to have happened."""
        return self.replacement is None and self.happened_at is None


class RestatedFact(Event):
    """What holds from now on of a recorded fact: another body and day, or none (X2).

    It says all of it, so that a reader needs neither the proposal nor a key: `corrects` is the
    event, `of` its type, `body` what it would say today and `happened_at` its `occurred_at`.
    Without a body the fact is void.
    """

    proposal: EventId
    corrects: EventId | None = None
    of: Open[WireName] | None = None
    body: RestatedBody | None = None
    happened_at: Instant | None = None


class RejectedCorrection(Event):
    """A proposed correction was turned down (X2)."""

    proposal: EventId
    reason: Sealed[Text]
