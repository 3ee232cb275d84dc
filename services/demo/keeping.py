"""Monthly visits and the person's own reports, while the status lasts (R28, R89–R92)."""

from __future__ import annotations

from datetime import date

from events.rules.periods import first_day_at_least
from events.rules.time import add_months
from services.demo.member import Member
from services.demo.plan import after
from services.demo.wishes import Script, Wish


def visits(m: Member, case: str) -> Script[None]:
    """Visit each month from the month after the certification, a few missed (R89–R92)."""
    month = add_months(m.today.replace(day=1), 1)
    while True:
        yield from m.until(after(month, m.dice.randint(1, 24)))
        if not (m.certified(case) and m.tracked):
            return
        if m.employed_since is not None and m.town.today >= stable_from(m.employed_since):
            yield from _end_or_visit(m)
        elif not m.chance(0.05):
            yield from m.do(visit(m, on=_happened(m)), *_hasty(m))
        month = add_months(month, 1)


def stable_from(since: date) -> date:
    """Return the first day on which follow-up may end (T11)."""
    return first_day_at_least(since, 6)


def _end_or_visit(m: Member) -> Script[None]:
    """End the follow-up of a person in stable work, or go on: a person decides (R92)."""
    if not m.chance(0.5):
        yield from m.do(visit(m))
        return
    yield from m.do(m.on_case("head", "assistance.end_follow_up"))
    m.tracked = False


def _hasty(m: Member) -> tuple[Wish, ...]:
    """Wish now and then to end the follow-up too early, which is refused (R92)."""
    if m.employed_since is None or not m.chance(0.02):
        return ()
    return (m.on_case("head", "assistance.end_follow_up", may=("not_stable_yet",)),)


def _happened(m: Member) -> date:
    """Return the day of a visit or report; a few are recorded late."""
    earlier = after(m.today, -m.dice.randint(2, 6))
    quiet = after(m.changed_on, 7) < earlier and earlier.month == m.today.month
    return earlier if quiet and m.chance(0.06) else m.today


def visit(m: Member, on: date | None = None) -> Wish:
    """Record a visit that found all as it was (R91)."""
    employed = m.employed_since is not None
    return m.on_case(
        "officer", "assistance.record_follow_up", on=on,
        mode=m.dice.choice(("visit", "visit", "phone", "office")),
        status="employed" if employed else "unemployed",
        on_job=on_job(m) if employed else None,
        needs=[] if employed else [m.dice.choice(("job", "training"))],
        reported_at=None if on in (None, m.today) else _reported(m, on),
    )  # fmt: skip


def _reported(m: Member, on: date | None) -> str:
    day = after(on or m.today, 1)
    return f"{day.isoformat()}T10:30:00+08:00"


def on_job(m: Member) -> dict[str, object]:
    """Tell how it stands at work."""
    return {
        "at_work": True,
        "wage": m.dice.choice((72_000, 80_000, 90_000, 105_000)),
        "contract": bool(m.post),
        "insurance": ["pension", "medical", "unemployment"][: m.dice.randint(0, 3)],
        "policies": ["social_insurance"] if m.chance(0.5) else [],
    }


def reports(m: Member, case: str) -> Script[None]:
    """Report work or unemployment about each quarter; a few come late (R28, T5)."""
    while True:
        late = m.dice.randint(5, 40) if m.chance(0.08) else -m.dice.randint(2, 15)
        yield from m.until(after(add_months(m.today, 3), late))
        if not m.certified(case):
            return
        yield from m.do(report(m, on=_happened(m)))


def report(m: Member, on: date | None = None) -> Wish:
    """Report the status, in person, at the community or the street (R28)."""
    employed = m.employed_since is not None
    return m.on_case(
        "officer" if m.chance(0.85) else "street", "assistance.report_status", on=on,
        status="employed" if employed else "unemployed",
        since=m.employed_since or m.unemployed_since, in_person=m.chance(0.9),
        reported_at=None if on in (None, m.today) else _reported(m, on),
    )  # fmt: skip
