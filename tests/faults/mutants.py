"""A small whole history with all its evidence, and mutants of it: at least one per invariant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from events.log.hashing import microseconds
from events.log.verify import Entry
from tests.faults.facts import Facts, Seen, Sent, Told
from tests.support.histories import PUBLIC, SOURCE, note, rehashed
from tests.support.history import good
from tests.support.planted import PLANTED
from tests.support.planted_rare import RARE
from tests.support.tale import Tale


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of the evidence that one invariant must notice, and no other."""

    name: str
    invariant: str
    change: Callable[[Facts], Facts]


def clean(tale: Tale | None = None) -> Facts:
    """Return the evidence of a node on which all is well, of a history that is good or another."""
    events = _entries(tale or good())
    signed = tuple(note(events, size) for size in (10, len(events)))
    ends = {e.slice: e.seq for e in events}
    half = {("ledger", s): 0 for s in ends}
    return Facts(
        SOURCE, events, (PUBLIC,), signed,
        heads={e.stream.decode(): e.version for e in events},
        told=tuple(Told(_text(e.command_id), (_text(e.event_id),)) for e in events),
        sent=tuple(Sent(e.slice, e.seq, e.prev_seq, e.hash) for e in events),
        progress=len(events), models={"ledger": "a"}, folded={"ledger": "a"},
        marks=(half, {("ledger", s): seq for s, seq in ends.items()}), leaks=(),
        seen=(Seen("140105", "140105001"),), replays=("a", "a"), as_of=((10, "a", "a"),),
        parked=("person-1",), listed=("person-1",), healed=(2.0,), traces=((1, 2), (1, 2)),
    )  # fmt: skip


def _entries(tale: Tale) -> tuple[Entry, ...]:
    """Put the lines of a tale into a log: times clamped, one subject per stream, as it does."""
    heads: dict[str, tuple[str, int]] = {}
    bare = []
    for line in tale.numbered():
        stream = line["stream"]
        subject, recorded = heads.get(stream, (line["subject"], 0))
        recorded = max(recorded, microseconds(datetime.fromisoformat(line["recorded_at"])))
        heads[stream] = subject, recorded
        event, command = UUID(line["event_id"]).bytes, UUID(line["command_id"]).bytes
        meta, data = (json.dumps(line[name]).encode() for name in ("meta", "data"))
        names = stream.encode(), line["type"].encode(), subject.encode()
        unset = (b"",) * 4
        salt = sha256(event).digest()[:16]
        bare.append(
            Entry(0, 0, 0, 0, 0, *names, event, command, recorded, *unset, meta, salt, data)
        )
    return tuple(rehashed(bare))


def _text(ident: bytes) -> str:
    return str(UUID(bytes=ident))


def _planted(code: str) -> Callable[[Facts], Facts]:
    """Let the history itself hold a fault, with everything else made anew to match it."""

    def change(_: Facts) -> Facts:
        tale = good()
        (PLANTED | RARE)[code](tale)
        return clean(tale)

    return change


def _event(**more: Callable[[Entry], object]) -> Callable[[Facts], Facts]:
    """Change fields of one event, and nothing else."""

    def change(facts: Facts) -> Facts:
        events = list(facts.events)
        values: dict[str, Any] = {name: of(events[19]) for name, of in more.items()}
        events[19] = events[19]._replace(**values)
        return replace(facts, events=tuple(events))

    return change


def _lost(facts: Facts) -> Facts:
    """Lose the last event everywhere but in the client's hands."""
    last = facts.events[-1]
    fewer = clean_of(facts.events[:-1])
    return replace(fewer, told=(*fewer.told, Told(_text(last.command_id), (_text(last.event_id),))))


def _twice(facts: Facts) -> Facts:
    """Let an event of no consequence be applied twice, whole chain and all else to match."""
    again = tuple(rehashed((*facts.events, _harmless(facts))))
    return replace(clean_of(again), told=facts.told)


def _harmless(facts: Facts) -> Entry:
    wanted = b"registry.unemployment_registered.v1"
    found = next(e for e in facts.events if e.type == wanted)
    return found._replace(recorded=facts.events[-1].recorded)


def clean_of(events: tuple[Entry, ...]) -> Facts:
    """Return the evidence of a node that holds just these events."""
    whole = clean()
    ends = {e.slice: e.seq for e in events}
    return replace(
        whole, events=events, notes=(note(events, len(events)),),
        heads={e.stream.decode(): e.version for e in events},
        told=tuple(Told(_text(e.command_id), (_text(e.event_id),)) for e in events),
        sent=tuple(Sent(e.slice, e.seq, e.prev_seq, e.hash) for e in events),
        progress=len(events), marks=({("ledger", s): seq for s, seq in ends.items()},),
    )  # fmt: skip


def _reordered(facts: Facts) -> Facts:
    """Let two records of one slice change places on Kafka."""
    sent = list(facts.sent or ())
    second = next(i for i, r in enumerate(sent) if r.prev_seq)
    first = next(i for i, r in enumerate(sent) if r.seq == sent[second].prev_seq)
    sent[first], sent[second] = sent[second], sent[first]
    return replace(facts, sent=tuple(sent))


def _without(facts: Facts, name: str) -> Facts:
    """Let an event lack what its envelope must say, chained as if it had always been so."""
    events = list(facts.events)
    meta: Mapping[str, object] = json.loads(events[-1].meta) | {name: ""}
    events[-1] = events[-1]._replace(meta=json.dumps(meta).encode())
    return clean_of(tuple(rehashed(events)))


def _other_tree(facts: Facts) -> Facts:
    """Hand out a checkpoint of another history of the same size."""
    events = list(facts.events[:10])
    events[3] = events[3]._replace(hash=bytes(32))
    return replace(facts, notes=(*facts.notes, note(events, 10)))


def _with(**more: object) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, **more)  # type: ignore[arg-type]


def _marked(by: int) -> Callable[[Facts], Facts]:
    """Let the last watermark of a slice be off."""

    def change(facts: Facts) -> Facts:
        *before, last = facts.marks
        at = next(iter(last))
        return replace(facts, marks=(*before, {**last, at: last[at] + by}))

    return change


MUTANTS = (
    Mutant("an answer without its event", "I1", _lost),
    Mutant("an event appended twice", "I1", _twice),
    Mutant("an event under another command", "I1",
           lambda f: replace(f, told=(replace(f.told[0], command=f.told[1].command), *f.told[1:]))),
    Mutant("a head ahead of its events", "I2", _with(heads={"person-anna": 99})),
    Mutant("a body changed in place", "I2", _event(data=lambda e: (e.data or b"") + b" ")),
    Mutant("an event without an actor", "I3", lambda facts: _without(facts, "actor")),
    Mutant("an event that no rule allowed", "I3", lambda facts: _without(facts, "auth")),
    Mutant("an actor of another office", "I3", _planted("office_not_actors")),
    Mutant("an event without a number", "I4", _with(unnumbered=(7,))),
    Mutant("a wrong prev_seq", "I4", _event(prev_seq=lambda _: 1)),
    Mutant("a checkpoint of another tree", "I5", _other_tree),
    Mutant("an event lost on the way to Kafka", "I6",
           lambda f: replace(f, sent=(f.sent or ())[:-1])),
    Mutant("two events of a slice in another order", "I6", _reordered),
    Mutant("a figure off by one", "I7", _with(models={"ledger": "b"})),
    Mutant("a watermark ahead of its log", "I8", _marked(1)),
    Mutant("a watermark behind", "I8", _marked(-1)),
    Mutant("a watermark that fell", "I8",
           lambda f: replace(f, marks=(dict.fromkeys(f.marks[-1], 999), f.marks[-1]))),
    Mutant("one hand at two levels", "I9", _planted("two_levels")),
    Mutant("one place more than a post has", "I10", _planted("over_capacity")),
    Mutant("two open cases of a person", "I11", _planted("certified_twice")),
    Mutant("a name in a log file", "I12", _with(leaks=("write.log: name as gbk",))),
    Mutant("a row of the next county", "I13", _with(seen=(Seen("140105", "140106001"),))),
    Mutant("a row without a setting", "I13", _with(seen=(Seen(None, "140105001"),))),
    Mutant("a version that counts otherwise", "I14", _with(replays=("a", "b"))),
    Mutant("an old answer that changed", "I15", _with(as_of=((10, "a", "b"),))),
    Mutant("a parked subject nobody lists", "I16", _with(listed=())),
    Mutant("a lag that stays", "I17", _with(healed=(121.0,))),
    Mutant("a fault out of turn", "I18", _with(traces=((1, 2), (2, 1)))),
)  # fmt: skip
"""Each makes its invariant fail and no other."""
