"""What the registry does about other contexts' facts, and about its own (C3.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from events.contracts import assistance, posts, registry
from events.contracts.base import Recorded, ident
from services.kit.decider import Command, Reactions
from services.registry.person.commands import (
    CancelUnemploymentRegistration,
    RecordConditionLost,
    RecordSkills,
)

react = Reactions()


@react(posts.PlacedInJob)
def on_placed_in_job(fact: Recorded[posts.PlacedInJob]) -> Iterable[Command]:
    """End the unemployment registration of a person who found work (R11)."""
    yield CancelUnemploymentRegistration(
        person=fact.event.person, ground="employed", occurred_at=fact.occurred_at
    )


@react(assistance.TrainingCompleted)
def on_training_completed(fact: Recorded[assistance.TrainingCompleted]) -> Iterable[Command]:
    """Record the skill that a training gave (R100)."""
    gained = fact.event.skill
    if gained is None:
        return
    skill = registry.Skill(
        occupation=gained.occupation, level=gained.level, certificate=fact.event.certificate
    )
    yield RecordSkills(person=ident(fact.subject), skills=(skill,), occurred_at=fact.occurred_at)


@react(registry.PersonFactChanged)
def on_person_fact_changed(fact: Recorded[registry.PersonFactChanged]) -> Iterable[Command]:
    """Look at the end of working age again when what it hangs on has changed (R9, T15)."""
    if fact.event.fact in ("worker_type", "special_work"):
        yield RecordConditionLost(
            person=ident(fact.subject), condition="retirement", occurred_at=fact.occurred_at
        )
