"""How a status ends: refusals, silence, no wish, lost conditions; and how an end is undone."""

from __future__ import annotations

from datetime import date

from events.rules.periods import first_day_exceeding
from services.demo.certifying import reviewed
from services.demo.helping import begin
from services.demo.keeping import report
from services.demo.member import Member
from services.demo.papers import paper
from services.demo.plan import after
from services.demo.wishes import Script
from services.demo.working import turned_down

STALE = ("version_conflict",)
REASON = "情况属实，决定如上。"


def proposal(m: Member, event: str) -> Script[str]:
    """Learn what the system proposed: a form shown before it is stale, and is told what is newer.

    The officer fills the form in as the case was; the answer names the proposal made since.
    """
    about = {"proposal": m.profile[0], "reason": REASON}
    if event == "certification.exit_proposed":
        wish = m.on_case(
            "certifier", "certification.reject_exit", may=STALE, expected=m.version, **about
        )
    else:
        wish = m.on_case(
            "certifier", "certification.decide_reassessment",
            may=STALE, expected=m.version, outcome="keep", **about,
        )  # fmt: skip
    (answer,) = yield from m.do(wish)
    return m.need(answer.event(event), f"{event} expected, {answer.code}")


def refused_four_times(m: Member) -> Script[None]:
    """Refuse four counting offers without just cause (R29)."""
    while len(m.unjust) < 4:
        yield from m.days(5, 20)
        yield from turned_down(m, unjust=True)


def exit_decided(
    m: Member, proposed: str, *, keep_tally: bool = True, confirm: bool = True
) -> Script[str]:
    """Confirm or reject a proposed exit; judgements one by one where refusals are the ground."""
    answers = [{"offer": o, "confirmed": keep_tally or i > 0} for i, o in enumerate(m.unjust)]
    if not confirm:
        yield from m.do(
            m.on_case(
                "certifier", "certification.reject_exit",
                proposal=proposed, judgements=answers, reason=REASON,
            )
        )  # fmt: skip
        return ""
    (answer,) = yield from m.do(
        m.on_case(
            "certifier", "certification.confirm_exit",
            proposal=proposed, judgements=answers, reason=REASON, from_=m.today, told_on=m.today,
        )
    )  # fmt: skip
    m.ended()
    return m.need(answer.event("certification.exited"), "not exited")


def refusing(m: Member, *, confirm: bool) -> Script[None]:
    """Exceed three refusals; the county confirms each or excuses one (R29, AS 14)."""
    yield from refused_four_times(m)
    yield from m.workdays(2, 7)
    proposed = yield from proposal(m, "certification.exit_proposed")
    end = yield from exit_decided(m, proposed, keep_tally=confirm, confirm=confirm)
    if end:
        yield from m.workdays(1, 4)
        yield from cancelled(m, end)


def rejudged(m: Member) -> Script[None]:
    """Have one of four refusals judged again as excused: the proposal falls (R30)."""
    yield from refused_four_times(m)
    yield from m.workdays(1, 3)
    first = next(iter(m.unjust))
    yield from m.do(
        m.wish(
            "reviewer", "posts.rejudge_refusal",
            offer=first, judged="just", reason="family_care", text="补充证明材料，理由成立。",
            supersedes=m.unjust.pop(first),
        )
    )  # fmt: skip


def silent_until(m: Member) -> date:
    """Return the first day on which half a year without a report is exceeded (R32)."""
    since = m.certified_on or m.today
    return first_day_exceeding(since, 6, moves_weekend=True, calendar=m.town.calendar)


def silent(m: Member, *, undone: str = "") -> Script[None]:
    """Report nothing for more than half a year (R32); `undone` by the county or the city."""
    yield from m.until(silent_until(m))
    yield from m.workdays(1, 7)
    proposed = yield from proposal(m, "certification.exit_proposed")
    end = yield from exit_decided(m, proposed)
    yield from m.workdays(2, 6)
    if undone == "county":
        yield from reversed_(m, end)
    elif undone == "city":
        yield from reviewed(m, end, set_aside=True)
    if undone:
        m.closed, m.reports, m.changed_on, m.previous = False, True, m.today, None
        m.round += 1
        yield from m.workdays(1)
        begin(m)
    else:
        yield from cancelled(m, end)


def reversed_(m: Member, end: str) -> Script[None]:
    """Undo an exit within the county, by two officers (R30)."""
    (answer,) = yield from m.do(
        m.on_case(
            "reviewer", "certification.propose_exit_reversal",
            exit=end, reason="本人住院期间未能申报。", facts=[end],
        )
    )  # fmt: skip
    proposed = m.need(answer.event("certification.exit_reversal_proposed"), "no reversal")
    yield from m.workdays(1, 3)
    yield from m.do(
        m.on_case("certifier", "certification.approve_exit_reversal", proposal=proposed)
    )


def reported_in_time(m: Member) -> Script[None]:
    """Report within the half year, but recorded only after the exit was proposed (R32)."""
    late = silent_until(m)
    yield from m.until(late)
    yield from m.workdays(1, 3)
    yield from m.do(report(m, on=after(late, -m.dice.randint(5, 30))))


def gave_up(m: Member) -> Script[None]:
    """Give the wish to work up; the county confirms the exit (R33)."""
    (answer,) = yield from m.do(
        m.on_case(
            "officer", "certification.withdraw_wish",
            statement=paper("statement", m.today, m.name),
        )
    )  # fmt: skip
    proposed = m.need(answer.event("certification.exit_proposed"), "no proposal")
    yield from m.workdays(2, 8)
    end = yield from exit_decided(m, proposed)
    yield from m.workdays(1, 4)
    yield from cancelled(m, end)


def cancelled(m: Member, end: str) -> Script[None]:
    """Cancel the mark on the certificate after the status ended (R34)."""
    yield from m.do(
        m.on_case("reviewer", "certification.cancel_annotation", end=end, reason="status_ended")
    )


def reassessed(
    m: Member, *, category: str | None, ground: str = "no_category_left"
) -> Script[None]:
    """Decide a proposed reassessment: another category, or the status lapses (X5, AS 29)."""
    proposed = yield from proposal(m, "certification.reassessment_proposed")
    yield from m.do(
        m.on_case(
            "certifier", "certification.decide_reassessment",
            proposal=proposed, outcome="change_category" if category else "lapse",
            category=category, ground=None if category else ground, reason=REASON,
        )
    )  # fmt: skip
    if category:
        m.category = category
    else:
        m.ended()


def dibao_ended(m: Member) -> Script[None]:
    """Stop drawing the allowance: the long-term category is lost (R15, X5)."""
    yield from m.do(
        m.wish(
            "officer", "registry.end_dibao",
            person=m.id, proof=paper("dibao_certificate", m.today, m.name),
        )
    )  # fmt: skip
    yield from m.workdays(2, 6)
    yield from reassessed(m, category=None)


def retired(m: Member, on: date) -> Script[None]:
    """Reach retirement age: the clock records it and the status lapses (R9, T15)."""
    yield from m.until(on)
    yield from m.workdays(1, 5)
    if not m.closed:
        yield from reassessed(m, category=None, ground="condition_lost")
