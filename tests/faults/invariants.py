"""The invariants I1 to I18 (audit.md 5.5) as checks over what a node left behind.

Each says what it found, in one line per fault; none where it holds. What the proof of the log and
the independent checker of histories find already is theirs, sorted here by invariant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from events.audit.conformance.judge import judge
from events.log.verify import Verifier
from tests.faults.facts import Facts, line_of

PROOF = {
    "I1": {"event_id_twice"},
    "I2": {"chain_broken", "data_changed", "header_changed", "recorded_at_falls",
           "subject_changed"},
    "I4": {"seq_gap", "prev_seq_wrong", "position_falls", "sequenced_at_falls", "slice_wrong",
           "leaf_wrong"},
    "I5": {"root_differs", "log_shorter", "checkpoint_invalid"},
}  # fmt: skip
"""Codes of the log's proof by invariant."""
PROCESS = {
    "I3": {"actor_unknown", "account_closed", "office_not_actors", "not_deputy", "role_not_held",
           "wrong_role", "wrong_office", "nothing_to_decide", "roles_conflict"},
    "I9": {"two_levels", "two_duties", "same_hand", "step_missing", "step_out_of_order",
           "notice_closed_early", "notice_too_short", "objection_open"},
    "I10": {"over_capacity", "place_taken_twice", "placed_twice"},
    "I11": {"certified_twice", "household_certified_twice"},
}  # fmt: skip
"""Codes of the checker of histories by invariant."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts with what proof and checker said of them."""

    facts: Facts
    proof: tuple[tuple[str, str], ...]
    process: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, facts: Facts) -> Evidence:
        """Let proof and checker look at the facts."""
        verifier = Verifier(facts.source, facts.notes, facts.keys)
        for entry in facts.events:
            verifier.add(entry)
        proof = tuple((f.code, str(f)) for f in verifier.finish().findings)
        verdict = judge(map(line_of, facts.events))
        process = tuple((f.code, f"{f.code} at {f.seqs}") for f in verdict.findings)
        return cls(facts, proof, process)

    def proved(self, name: str) -> Iterator[str]:
        """Yield what the proof found against an invariant."""
        return (text for code, text in self.proof if code in PROOF[name])

    def judged(self, name: str) -> Iterator[str]:
        """Yield what the checker found against an invariant."""
        return (text for code, text in self.process if code in PROCESS[name])


Check = Callable[[Evidence], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A name, what it promises, the check, and whether there is anything to look at."""

    name: str
    promise: str
    check: Check
    looked: Callable[[Facts], bool] = lambda _: True


def check(facts: Facts) -> dict[str, list[str]]:
    """Check every invariant that there is evidence for; name → what was found against it."""
    evidence = Evidence.of(facts)
    return {i.name: list(i.check(evidence)) for i in INVARIANTS if i.looked(facts)}


def _acknowledged(e: Evidence) -> Iterator[str]:
    held = Counter(str(UUID(bytes=x.event_id)) for x in e.facts.events)
    by_command = {str(UUID(bytes=x.event_id)): str(UUID(bytes=x.command_id))
                  for x in e.facts.events}  # fmt: skip
    for told in e.facts.told:
        for event in told.events:
            if held[event] != 1:
                yield f"command {told.command}: event {event} stands {held[event]} times"
            elif by_command[event] != told.command:
                yield f"event {event} belongs to another command than {told.command}"
    yield from e.proved("I1")


def _versions(e: Evidence) -> Iterator[str]:
    yield from e.proved("I2")
    last = {x.stream.decode(): x.version for x in e.facts.events}
    for stream, version in e.facts.heads.items():
        if last.get(stream, 0) != version:
            yield f"{stream}: head {version}, last event {last.get(stream, 0)}"


def _authorised(e: Evidence) -> Iterator[str]:
    for x in e.facts.events:
        meta = line_of(x)["meta"]
        if not meta.get("actor"):
            yield f"event {x.seq} has no actor"
        if not meta.get("auth"):
            yield f"event {x.seq} names no rule that allowed it"
    yield from e.judged("I3")


def _numbered(e: Evidence) -> Iterator[str]:
    yield from e.proved("I4")
    yield from (f"position {p} has no number" for p in e.facts.unnumbered)


def _published(e: Evidence) -> Iterator[str]:
    """Find events that Kafka lacks, and slices whose events stand in no right order.

    Behind a truncation stands what was sent just then; everything follows once more.
    """
    sent, hashes = e.facts.sent or (), {x.seq: x.hash for x in e.facts.events}
    missing = {s for s in hashes if s <= e.facts.progress} - {s.seq for s in sent}
    yield from (f"event {seq} is not on Kafka" for seq in sorted(missing))
    last: dict[int, int] = {}
    for record in sent:
        if hashes.get(record.seq) != record.hash:
            yield f"Kafka's event {record.seq} is not the log's"
        if record.prev_seq == last.get(record.slice, 0):
            last[record.slice] = record.seq
    ends = {x.slice: x.seq for x in e.facts.events if x.seq <= e.facts.progress}
    for slice_, end in ends.items():
        if (reached := last.get(slice_, 0)) < end:
            yield f"slice {slice_}: who takes nothing out of turn gets to {reached}, not {end}"


def _folded(e: Evidence) -> Iterator[str]:
    models = e.facts.models or {}
    for name in sorted({*models, *e.facts.folded}):
        if models.get(name) != e.facts.folded.get(name):
            yield f"{name} differs from the fold of the log"


def _watermarks(e: Evidence) -> Iterator[str]:
    marks = e.facts.marks
    for before, after in pairwise(marks):
        for at, seq in before.items():
            if after.get(at, seq) < seq:
                yield f"{at[0]}, slice {at[1]}: {seq} fell to {after[at]}"
    ends = {x.slice: x.seq for x in e.facts.events}
    for (model, slice_), seq in marks[-1].items():
        if seq != ends.get(slice_, 0):
            yield f"{model}, slice {slice_}: stands at {seq}, the log at {ends.get(slice_, 0)}"


def _fenced(e: Evidence) -> Iterator[str]:
    for row in e.facts.seen or ():
        if row.area is None or not row.path.startswith(row.area):
            yield f"a row of {row.path} was shown to {row.area or 'nobody in particular'}"


def _lasting(e: Evidence) -> Iterator[str]:
    for known, early, late in e.facts.as_of or ():
        if early != late:
            yield f"what was known at {known} changed afterwards"


def _healed(e: Evidence) -> Iterator[str]:
    for seconds in e.facts.healed or ():
        if seconds > e.facts.patience:
            yield f"readers lagged {seconds:.0f} s after a fault's end"


def _same_replay(e: Evidence) -> Iterator[str]:
    if len(set(e.facts.replays or ())) > 1:
        yield "versions of the code fold one history differently"


def _same_trace(e: Evidence) -> Iterator[str]:
    seed, happened = e.facts.traces or ((), ())
    if list(seed) != list(happened):
        yield f"the seed says {list(seed)}, but {list(happened)} happened"


INVARIANTS = (
    Invariant("I1", "every acknowledged event is in the log exactly once", _acknowledged),
    Invariant("I2", "versions per stream are 1..n, chained", _versions),
    Invariant("I3", "no event without an authorised actor and rule", _authorised),
    Invariant("I4", "numbers and events match, seq contiguous from 1", _numbered),
    Invariant("I5", "every checkpoint ever given holds", lambda e: e.proved("I5"),
              lambda f: bool(f.notes)),
    Invariant("I6", "Kafka has every published event, in order per slice", _published,
              lambda f: f.sent is not None),
    Invariant("I7", "read models equal a fold of the log", _folded,
              lambda f: f.models is not None),
    Invariant("I8", "watermarks never fall and end with the log", _watermarks,
              lambda f: bool(f.marks)),
    Invariant("I9", "each level by another hand, no step left out", lambda e: e.judged("I9")),
    Invariant("I10", "no post above its capacity", lambda e: e.judged("I10")),
    Invariant("I11", "one certification per person and household", lambda e: e.judged("I11")),
    Invariant("I12", "no personal value in the clear", lambda e: e.facts.leaks or (),
              lambda f: f.leaks is not None),
    Invariant("I13", "each sees the rows of its area alone", _fenced,
              lambda f: f.seen is not None),
    Invariant("I14", "versions of the code fold a history alike", _same_replay,
              lambda f: f.replays is not None),
    Invariant("I15", "what was known at a point never changes", _lasting,
              lambda f: f.as_of is not None),
    Invariant("I16", "whatever is parked is listed",
              lambda e: (f"{s} is parked unseen" for s in e.facts.parked
                         if s not in e.facts.listed)),
    Invariant("I17", "readers catch up after a fault", _healed, lambda f: f.healed is not None),
    Invariant("I18", "the same seed gives the same faults", _same_trace,
              lambda f: f.traces is not None),
)  # fmt: skip
NAMES = frozenset(invariant.name for invariant in INVARIANTS)
