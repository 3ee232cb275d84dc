"""How posts' facts fill the ledger row: offers and employment, all spells (R29–R39, R59–R80)."""

from __future__ import annotations

from typing import Any

from events.contracts import posts as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.ledger.cells import Handler, State, add, amend, day, listed, value


def _offered(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.JobOffered = fact.event
    entry = {
        "offer": ident(fact.stream),
        "post": event.post,
        "case": event.case,
        "on": day(fact),
        "mode": event.mode,
        "source": event.source,
        "answer_by": event.answer_by.isoformat(),
        "suitable": event.suitable,
        "counts": event.counts,
        "state": "offered",
    }
    add(row, fact, "offers", entry)


def _offer(row: State, fact: Recorded[Any], **changes: Any) -> None:  # noqa: ANN401
    own = ident(fact.stream)
    offers = [{**o, **changes} if o["offer"] == own else o for o in listed(row, "offers")]
    amend(row, fact, "offers", offers)


def _offer_to(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        changes: State = {"state": state, f"{state}_on": day(fact)}
        if (reason := getattr(fact.event, "reason", None)) is not None:
            changes["reason"] = reason
        _offer(row, fact, **changes)

    return handler


def _judged(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.RefusalJudged | ev.RefusalRejudged = fact.event
    judged = {"judged": event.judged, "judged_on": day(fact), "judged_reason": event.reason}
    _offer(row, fact, **judged, judgement=fact.event_id, counts=event.counts)


def _placed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PlacedInJob = fact.event
    spell: State = {
        "event": fact.event_id,
        "from": day(fact),
        "until": None,
        "channel": event.channel,
        "flexible_kind": event.flexible_kind,
        "employer": event.employer,
        "post": event.post,
        "offer": event.offer,
        "batch": event.batch,
        "division": event.work_division,
        "cross_region": event.cross_region,
        "continuous": event.continuous,
        "confirmed": [],
    }
    if event.wage is not None:
        spell["wage"] = event.wage
    spells = sorted([*listed(row, "employment"), spell], key=_first_day)
    amend(row, fact, "employment", spells)
    work_by(row)


def _first_day(spell: State) -> str:
    return str(spell["from"])


def work_by(row: State) -> None:
    """Say how it stands with work by the spell that began last (R41)."""
    spells = listed(row, "employment")
    row["work"], row["work_since"], row["channel"] = "unemployed", None, None
    if not spells:
        return
    last = spells[-1]
    if last["until"] is None:
        row["work"], row["work_since"], row["channel"] = "employed", last["from"], last["channel"]
    else:
        row["work"] = "between_jobs" if last.get("then") == "next_job" else "unemployed"
        row["work_since"] = last["until"]


def _spell(row: State, fact: Recorded[Any], **changes: Any) -> None:  # noqa: ANN401
    """Amend the spell that runs on the day of the fact, else the last one begun before it."""
    spells, on = listed(row, "employment"), day(fact)
    begun = [i for i, s in enumerate(spells) if s["from"] <= on]
    running = [i for i in begun if spells[i]["until"] is None]
    for at in (running or begun)[-1:]:
        spells[at] = {**spells[at], **changes}
    amend(row, fact, "employment", spells)


def _ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.EmploymentEnded = fact.event
    end = {"until": day(fact), "reason": event.reason, "then": event.then, "end": fact.event_id}
    _spell(row, fact, **end)
    work_by(row)


def _confirmed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.OnJobConfirmed = fact.event
    _spell(row, fact, confirmed={"on": day(fact), "how": event.how})


def _changed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.EmploymentChanged = fact.event
    _spell(row, fact, **{f"new_{event.field}": value(fact, "value", event.value)})


def _registered(name: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        event: ev.HireRegistered | ev.EndRegistered = fact.event
        of = event.placement if isinstance(event, ev.HireRegistered) else event.end
        spells = [
            {**s, name: day(fact)} if of in (s["event"], s.get("end")) else s
            for s in listed(row, "employment")
        ]
        amend(row, fact, "employment", spells)

    return handler


HANDLERS: dict[str, Handler] = {
    ev.JobOffered.type: _offered,
    ev.OfferAccepted.type: _offer_to("accepted"),
    ev.OfferRefused.type: _offer_to("refused"),
    ev.NotTakenUp.type: _offer_to("not_taken_up"),
    ev.OfferWithdrawn.type: _offer_to("withdrawn"),
    ev.OfferTakenUp.type: _offer_to("taken_up"),
    ev.RefusalJudged.type: _judged,
    ev.RefusalRejudged.type: _judged,
    ev.PlacedInJob.type: _placed,
    ev.OnJobConfirmed.type: _confirmed,
    ev.EmploymentChanged.type: _changed,
    ev.EmploymentEnded.type: _ended,
    ev.HireRegistered.type: _registered("hire_registered_on"),
    ev.EndRegistered.type: _registered("end_registered_on"),
}
"""What each fact of an `offer-…` or `employment-…` stream does."""
