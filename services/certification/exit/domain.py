"""The county decides a proposed exit; an exit is undone by two officers. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import Matter, matter, need_other_hand, need_state
from services.certification.deciding import decide, open_claim
from services.certification.exit import commands as cmd
from services.certification.exit.grounds import limit, unreported
from services.kit.decider import DomainError, Outcome, Release, Take, World, on


@decide(cmd.ConfirmExit)
def confirm_exit(c: cmd.ConfirmExit, w: World) -> Outcome:
    """End the status when the ground still holds as the county sees it (R29–R34, AS 14)."""
    it = matter(w, c.case)
    ground = _need_proposed(w, it, c.proposal)
    if ground == "refusals":
        _need_confirmed(w, it, c)
    if ground == "no_report" and not unreported(w, it, it.state.exits["no_report"].on):
        raise DomainError(reasons.REPORTED_IN_TIME)
    if c.told_on < w.day:
        raise DomainError(reasons.TOLD_EARLY)
    event = ev.Exited(
        proposal=c.proposal,
        judgements=c.judgements,
        reason=c.reason,
        from_day=c.from_day,
        told_on=c.told_on,
    )
    return (*on(it.case, event), Release(open_claim(it.person.id), it.case.stream))


def _need_proposed(w: World, it: Matter, proposal: str) -> ev.ExitGround:
    need_state(w, it.case, "certified")
    ground = it.state.proposal(proposal)
    if ground is None:
        raise DomainError(reasons.NO_PROPOSAL)
    return ground


def _need_confirmed(w: World, it: Matter, c: cmd.ConfirmExit) -> None:
    """Refuse unless each judgement was answered and more than three are confirmed (AS 14)."""
    answers = _answers(it, c.judgements)
    if answers.keys() != it.state.counted.keys():
        raise DomainError(reasons.JUDGEMENTS_NEEDED)
    confirmed, most = sum(answers.values()), limit(w, it)
    if confirmed <= most:
        raise DomainError(reasons.TOO_FEW_CONFIRMED, confirmed=confirmed, limit=most)


def _answers(it: Matter, judgements: tuple[ev.Confirmation, ...]) -> Mapping[str, bool]:
    """Map offers to answers; refuse offers outside the tally and double answers."""
    answers = {j.offer: j.confirmed for j in judgements}
    if len(answers) < len(judgements) or not answers.keys() <= it.state.counted.keys():
        raise DomainError(reasons.JUDGEMENTS_NEEDED)
    return answers


@decide(cmd.RejectExit)
def reject_exit(c: cmd.RejectExit, w: World) -> Outcome:
    """Keep the status; judgements that are not confirmed leave the tally (R29)."""
    it = matter(w, c.case)
    _need_proposed(w, it, c.proposal)
    _answers(it, c.judgements)
    event = ev.ExitRejected(proposal=c.proposal, judgements=c.judgements, reason=c.reason)
    return on(it.case, event)


@decide(cmd.ProposeExitReversal)
def propose_exit_reversal(c: cmd.ProposeExitReversal, w: World) -> Outcome:
    """Propose to undo the exit that stands (R30)."""
    it = matter(w, c.case)
    need_state(w, it.case, "exited")
    if it.state.ending is None or it.state.ending.event != c.exit:
        raise DomainError(reasons.OTHER_END)
    if it.state.reversal is not None:
        return ()
    return on(it.case, ev.ExitReversalProposed(exit=c.exit, reason=c.reason, facts=c.facts))


@decide(cmd.ApproveExitReversal)
def approve_exit_reversal(c: cmd.ApproveExitReversal, w: World) -> Outcome:
    """Undo the exit as another officer than the proposer; the status stands again (R30)."""
    it = matter(w, c.case)
    need_state(w, it.case, "exited")
    if it.state.reversal is None or it.state.reversal.event != c.proposal:
        raise DomainError(reasons.NO_PROPOSAL)
    need_other_hand(w, it.state.reversal)
    claim = Take(open_claim(it.person.id), it.case.stream, reasons.OPEN_CASE)
    return (*on(it.case, ev.ExitReversed(proposal=c.proposal)), claim)
