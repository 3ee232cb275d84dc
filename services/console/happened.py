"""What has happened to a person, as a form offers it: events by type, and the papers filed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from services.console import formats
from services.console.codes import word
from services.console.shapes import Shape, shapes
from services.console.site import Visit
from services.kit.decider import Command

Choice: TypeAlias = tuple[str, str]
Row: TypeAlias = Mapping[str, Any]
MOST_EVENTS = 200
PAPERS = "originals_seen"
"""The field that asks which of the filed papers were seen, by number (R19)."""
_FILING = ("certification.application_filed.v1", "certification.application_resubmitted.v1")
_JUDGED = ("posts.refusal_judged", "posts.refusal_rejudged")
_ENDED = ("certification.exited", "certification.lapsed", "certification.certification_revoked")
_EXIT_PROPOSED = ("certification.exit_proposed",)
BY_FIELD: dict[str, tuple[str, ...]] = {
    "notice": ("certification.public_notice_posted",),
    "objection": ("certification.objection_lodged",),
    "review": ("certification.review_requested",),
    "exit": ("certification.exited",),
    "judgement": _JUDGED,
    "supersedes": _JUDGED,
    "placement": ("posts.placed_in_job",),
    "split_from": ("registry.household_split",),
    "referral": ("assistance.person_referred",),
    "service": ("assistance.service_delivered",),
    "end": _ENDED,
}
"""Name of a field → the types of event that it may name."""
BY_COMMAND: dict[str, tuple[str, ...]] = {
    "certification.withdraw_exit_proposal.proposal": _EXIT_PROPOSED,
    "certification.confirm_exit.proposal": _EXIT_PROPOSED,
    "certification.reject_exit.proposal": _EXIT_PROPOSED,
    "certification.approve_exit_reversal.proposal": ("certification.exit_reversal_proposed",),
    "certification.decide_reassessment.proposal": ("certification.reassessment_proposed",),
    "registry.approve_shredding.proposal": ("registry.shredding_proposed",),
    "posts.register_end_of_employment.end": ("posts.employment_ended",),
    "assistance.reopen_file.because": ("certification.exit_reversed",),
}
"""Where the name of a field alone does not tell, the command does."""


def types_of(command: type[Command], field: str) -> tuple[str, ...]:
    """Return the types of event that a field may name; none where any will do."""
    return BY_COMMAND.get(f"{command.type}.{field}") or BY_FIELD.get(field, ())


async def offered(
    visit: Visit, command: type[Command], person: str, case: str
) -> dict[str, list[Choice]]:
    """Return path of a field → the events, or the filed papers, that it may name."""
    asked = [s.path for s in _events(shapes(command))]
    papers = PAPERS in command.model_fields
    if not asked and not papers:
        return {}
    found = await visit.maybe(f"/api/persons/{person}/events", limit=MOST_EVENTS)
    rows = [r for r in found.get("items", ()) if r.get("event_id") and _is_of(r, case)]
    out = {path: _named(rows, types_of(command, path), visit.lang) for path in asked}
    return out | ({PAPERS: await _papers(visit, rows)} if papers else {})


def _events(parts: Iterable[Shape]) -> Iterator[Shape]:
    for shape in parts:
        if shape.ref == "event":
            yield shape
        yield from _events(shape.parts)


def _is_of(row: Row, case: str) -> bool:
    """Leave out the person's other certifications."""
    stream = str(row.get("stream", ""))
    return not case or not stream.startswith("certification-") or stream.endswith(case)


def _named(rows: Iterable[Row], types: tuple[str, ...], lang: str) -> list[Choice]:
    return [
        (str(r["event_id"]), f"{formats.day(r.get('occurred_at'))} {formats.said(r, '', lang)}")
        for r in rows
        if not types or str(r.get("type", "")).rpartition(".")[0] in types
    ]


async def _papers(visit: Visit, rows: Iterable[Row]) -> list[Choice]:
    """List the papers of the application in the order filed; their numbers are the values."""
    filings = sorted((r for r in rows if r.get("type") in _FILING), key=lambda r: int(r["seq"]))
    found = [await visit.maybe(f"/api/events/{r['seq']}") for r in filings]
    bodies = [f.get("body") or {} for f in found]
    if not all("evidence" in body for body in bodies):
        return []
    kinds = [str(doc.get("kind", "")) for body in bodies for doc in body["evidence"]]
    return [(str(i), word(kind, "certification", visit.lang)) for i, kind in enumerate(kinds)]
