"""A stream with corrections folds to what it would be had its facts said so from the start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.contracts import assistance, certification, posts, registry, streams
from events.contracts.base import Event, Recorded, StreamId
from events.contracts.catalogue import ALL
from events.contracts.correctable import CORRECTABLE, Fact
from events.contracts.corrections import restated
from services.assistance import foreign as assistance_foreign
from services.assistance.activity.state import ACTIVITY
from services.assistance.file.state import FILE
from services.certification import foreign as certification_foreign
from services.certification.folding import CASE
from services.kit.decider import Fold
from services.posts import foreign as posts_foreign
from services.posts.batch.domain import BATCH
from services.posts.employer.domain import EMPLOYER
from services.posts.offer.state import OFFER
from services.posts.post.state import POST
from services.posts.work.state import EMPLOYMENT
from services.registry.household.state import HOUSEHOLD
from services.registry.person.state import PERSON
from tests.support.examples import example
from tests.support.scenario import FakeFacts, happened, some_id

FOLDS: dict[str, tuple[Any, Any, tuple[Fold[Any], ...]]] = {
    "person": (
        registry,
        registry.PersonStreamEvent,
        (PERSON, assistance_foreign.PERSON, certification_foreign.PERSON, posts_foreign.PERSON),
    ),
    "household": (registry, registry.HouseholdStreamEvent, (HOUSEHOLD,)),
    "certification": (certification, certification.CaseEvent, (CASE,)),
    "assistance": (assistance, assistance.FileEvent, (FILE,)),
    "activity": (assistance, assistance.ActivityEvent, (ACTIVITY,)),
    "employment": (posts, posts.EmploymentEvent, (EMPLOYMENT, assistance_foreign.WORK)),
    "offer": (posts, posts.OfferEvent, (OFFER,)),
    "post": (posts, posts.PostEvent, (POST,)),
    "employer": (posts, posts.EmployerEvent, (EMPLOYER,)),
    "batch": (posts, posts.BatchEvent, (BATCH,)),
}
DAYS = ("2008-06-16", "2008-07-01", "2008-09-30", "2009-01-15")
Facts = Sequence[Recorded[Any]]


@cache
def variants(kind: type[Event]) -> list[Event]:
    """Return one event of a type that names each of the days."""
    text = json.dumps(example(kind, sealed=False))
    return [ALL.read(kind.type, text.replace(DAYS[0], day).encode()) for day in DAYS]


def no_corrections(union: Any) -> list[type[Event]]:  # noqa: ANN401
    return [c for c in union.__args__ if "orrect" not in c.__name__]


@st.composite
def histories(draw: st.DrawFn, name: str) -> tuple[Facts, Facts]:
    """Return a stream with corrections, and the same stream told rightly from the start."""
    context, union, _ = FOLDS[name]
    stream = StreamId(f"{name}-{some_id('one')}")
    kinds = no_corrections(union)
    log = FakeFacts()
    for _ in range(draw(st.integers(1, 6))):
        event = draw(st.sampled_from(variants(draw(st.sampled_from(kinds)))))
        log.add(happened(stream, event, day=draw(st.sampled_from(DAYS))))
    right: list[Recorded[Any] | None] = list(log.history(stream))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(right) - 1))
        wrong = log.history(stream)[at]
        if not isinstance(CORRECTABLE[type(wrong.event)], Fact):
            continue
        kind: type[Event] = type(wrong.event)
        said = draw(st.none() | st.sampled_from(variants(kind)))
        when = wrong.occurred_at + timedelta(days=draw(st.integers(-40, 40)))
        right[at] = None if said is None else replace(wrong, event=said, occurred_at=when)
        log.add(
            happened(
                stream,
                context.FactCorrected(
                    proposal=some_id("proposal"),
                    corrects=wrong.event_id,
                    of=wrong.type,
                    body=None if said is None else said.model_dump(mode="json", exclude_none=True),
                    happened_at=None if said is None else when,
                ),
            )
        )
    return log.history(stream), [f for f in right if f is not None]


def folded(fold: Fold[Any], facts: Facts) -> Any:  # noqa: ANN401
    """Fold facts; who acted in a case is a correction's own mark and left out (C3.8)."""
    state = fold.initial
    for fact in facts:
        state = fold.evolve(state, fact)
    return replace(state, acted={}) if fold is CASE else state


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("name", FOLDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_corrected_stream_folds_as_if_its_facts_had_said_so(
    name: str, data: st.DataObject
) -> None:
    corrected, right = data.draw(histories(name))
    for fold in FOLDS[name][2]:
        assert folded(fold, restated(corrected)) == folded(fold, right)


@pytest.mark.requirement("X2", "X12")
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_history_cut_before_a_correction_tells_what_was_known_then(data: st.DataObject) -> None:
    corrected, _ = data.draw(histories("assistance"))
    first = next(
        (i for i, f in enumerate(corrected) if isinstance(f.event, assistance.FactCorrected)),
        len(corrected),
    )
    assert restated(corrected[:first]) == list(corrected[:first])


def test_every_stream_that_holds_correctable_facts_is_folded_here() -> None:
    told = {c for _, union, _ in FOLDS.values() for c in no_corrections(union)}
    facts = {c for c, rule in CORRECTABLE.items() if isinstance(rule, Fact)}
    assert facts <= told
    assert FOLDS.keys() <= streams.STREAM_KINDS.keys()
