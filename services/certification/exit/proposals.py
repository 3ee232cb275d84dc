"""What proposes an exit, and what takes a proposal back. The county decides (AS 15). Pure."""

from __future__ import annotations

from dataclasses import replace

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import Matter, matter, need_state
from services.certification.deciding import decide, open_claim
from services.certification.exit import commands as cmd
from services.certification.exit.grounds import CLAUSES, limit, unreported
from services.certification.folding import CASE
from services.certification.foreign import PERSON, REPORTS, WORK
from services.certification.state import Judgement
from services.kit.decider import NOT_FOUND, DomainError, Outcome, Release, World, on


@decide(cmd.CountRefusal)
def count_refusal(c: cmd.CountRefusal, w: World) -> Outcome:
    """Count, propose at more than three, withdraw at three or fewer (R29–R31, T7)."""
    it = matter(w, c.case)
    known = it.state.judgements.get(c.offer)
    if it.state.status not in ("certified", "exited"):
        return ()
    if known is not None and known.event == c.judgement:
        return ()
    judgement = Judgement(c.judged, c.judgement)
    after = replace(it.state, judgements={**it.state.judgements, c.offer: judgement})
    counted = ev.RefusalCounted(
        offer=c.offer, judged=c.judged, judgement=c.judgement, tally=after.tally
    )
    if it.state.status == "exited":
        return on(it.case, counted)
    then = consequence(c, it, tuple(after.counted.values()), limit(w, it))
    return on(it.case, counted, *then)


def consequence(
    c: cmd.CountRefusal, it: Matter, standing: tuple[str, ...], most: int
) -> tuple[ev.LeavingEvent, ...]:
    """Propose or withdraw the exit for refusals, as the tally now stands."""
    proposed = it.state.exits.get("refusals")
    if proposed is not None and len(standing) <= most:
        return (ev.ExitProposalWithdrawn(proposal=proposed.event, because=c.judgement),)
    if proposed is None and c.judged == "unjust" and len(standing) > most:
        return (_proposed("refusals", standing),)
    return ()


def _proposed(ground: ev.ExitGround, facts: tuple[str, ...]) -> ev.ExitProposed:
    return ev.ExitProposed(ground=ground, facts=facts, clause=CLAUSES[ground])


@decide(cmd.ProposeExit)
def propose_exit(c: cmd.ProposeExit, w: World) -> Outcome:
    """Propose once per ground, and only when it holds on that day (R32, T6)."""
    it = matter(w, c.case)
    if it.state.status != "certified" or c.ground in it.state.exits:
        return ()
    if not _holds(w, it, c.ground):
        return ()
    return on(it.case, _proposed(c.ground, c.facts))


def _holds(w: World, it: Matter, ground: ev.ExitGround) -> bool:
    match ground:
        case "no_report":
            return unreported(w, it, w.day)
        case "refusals":
            return it.state.tally > limit(w, it)
        case "gave_up":
            return it.state.gave_up


@decide(cmd.WithdrawExitProposal)
def withdraw_exit_proposal(c: cmd.WithdrawExitProposal, w: World) -> Outcome:
    """Withdraw when the reports now known leave no gap on the day of the proposal (R32)."""
    it = matter(w, c.case)
    proposed = it.state.exits.get("no_report") if it.state.status == "certified" else None
    if w.principal.system and (proposed is None or unreported(w, it, proposed.on)):
        return ()
    need_state(w, it.case, "certified")
    if c.proposal is not None and it.state.proposal(c.proposal) in ("refusals", "gave_up"):
        raise DomainError(reasons.ONLY_NO_REPORT)
    if proposed is None or c.proposal not in (None, proposed.event):
        raise DomainError(reasons.NO_PROPOSAL)
    if c.because not in w.load(REPORTS, it.case.id).state.days:
        raise DomainError(NOT_FOUND, what=f"event-{c.because}")
    if unreported(w, it, proposed.on):
        raise DomainError(reasons.REPORT_NOT_IN_TIME)
    return on(it.case, ev.ExitProposalWithdrawn(proposal=proposed.event, because=c.because))


@decide(cmd.WithdrawWish)
def withdraw_wish(c: cmd.WithdrawWish, w: World) -> Outcome:
    """Take the person's own statement and propose the exit (R33)."""
    it = matter(w, c.case)
    need_state(w, it.case, "certified")
    if "gave_up" in it.state.exits:
        return ()
    statement = ev.WithdrawnByPerson(statement=c.statement)
    return on(it.case, statement, _proposed("gave_up", ()))


@decide(cmd.Lapse)
def lapse(c: cmd.Lapse, w: World) -> Outcome:
    """End the status when the job ended with no next one; applying anew is needed (R35)."""
    person = w.need(PERSON, c.person)
    w.authorise(person.state.residence)
    held = w.holder(open_claim(c.person))
    if held is None:
        return ()
    case = w.need(CASE, held)
    work = w.load(WORK, c.person).state
    since = case.state.certified_on
    over = work.last is not None and work.last.end is not None and work.then == "unemployed"
    if case.state.status != "certified" or not over or since is None:
        return ()
    if work.last is None or work.last.end is None or work.last.end < since:
        return ()
    event = ev.Lapsed(ground="unemployed_again", facts=c.facts)
    return (*on(case, event), Release(open_claim(c.person), case.stream))
