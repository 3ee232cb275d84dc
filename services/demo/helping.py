"""What follows a certification: mark, agreement, plan, services, visits, reports (R25, R83–R92)."""

from __future__ import annotations

from datetime import date

from events.rules.periods import first_day_at_least
from events.rules.time import add_months
from services.demo.member import Member
from services.demo.papers import paper
from services.demo.plan import after
from services.demo.wishes import Script, Wish

SERVICES = ("policy_advice", "career_guidance", "job_introduction", "job_choice_education")
MEASURES = ("job_introduction", "career_guidance", "post_subsidy")


def settle_in(m: Member) -> Script[None]:
    """Annotate, sign, plan and serve within the days prescribed, a few late (T9, T22–T24)."""
    begin(m)
    yield from m.workdays(1, 4)
    yield from m.do(annotation(m))
    yield from m.workdays(1, 8 if m.chance(0.06) else 4)
    yield from m.do(_agreement(m), service(m))
    yield from m.workdays(1, 6)
    yield from m.do(*_plan(m))


def begin(m: Member) -> None:
    """Start the monthly visits, the reports and the invitations of a certified person."""
    m.tracked = True
    m.spawn(f"visits/{m.name}/{m.round}", visits(m, m.case))
    m.spawn(f"services/{m.name}/{m.round}", services(m, m.case))
    if m.reports:
        m.spawn(f"reports/{m.name}/{m.round}", reports(m, m.case))


def annotation(m: Member) -> Wish:
    """Put the mark on the person's certificate (R25)."""
    return m.on_case(
        "reviewer", "certification.annotate_certificate",
        certificate=m.dice.choice(("preference", "registration")),
        number=f"{m.who.county}{m.who.number[-6:]}", category=m.category, sealed=True,
    )  # fmt: skip


def _agreement(m: Member) -> Wish:
    return m.on_case(
        "officer", "assistance.sign_agreement",
        template="standard_2008", helper=m.account("officer"),
        content=list(m.dice.sample(SERVICES, 2)), measures="每月走访，推荐岗位，落实政策。",
        one_to_one=m.category == "zero_household", scan=paper("agreement", m.today, m.name),
    )  # fmt: skip


def _plan(m: Member) -> tuple[Wish, ...]:
    """Make the plan, and carry its first measure out."""
    measures = [
        {
            "id": f"m{i}", "service": what, "provider": m.community,
            "due": add_months(m.today, i),
        }
        for i, what in enumerate(MEASURES, 1)
    ]  # fmt: skip
    made = m.on_case(
        "officer", "assistance.make_plan",
        facts=list(m.profile[:2]), goals="六个月内实现就业。", measures=measures,
    )  # fmt: skip
    done = m.on_case("officer", "assistance.complete_measure", measure="m1", result="done")
    return made, done


def service(m: Member, what: str | None = None) -> Wish:
    """Record a service of the community."""
    return m.on_case(
        "officer", "assistance.deliver_service",
        service=what or m.dice.choice(SERVICES), provider=m.community,
    )  # fmt: skip


def visits(m: Member, case: str) -> Script[None]:
    """Visit each month from the month after the certification, a few missed (R89–R92)."""
    month = add_months(m.today.replace(day=1), 1)
    while True:
        yield from m.until(after(month, m.dice.randint(1, 24)))
        if m.case != case or m.closed or not m.tracked:
            return
        if m.employed_since is not None and m.town.today >= stable_from(m.employed_since):
            yield from _end_or_visit(m)
        elif not m.chance(0.05):
            yield from m.do(visit(m, on=_happened(m)))
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
        if m.case != case or m.closed:
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


def services(m: Member, case: str) -> Script[None]:
    """Serve the unemployed, and invite them to what the street organises (R27, R60, R98)."""
    while True:
        yield from m.days(25, 60)
        if m.case != case or m.closed:
            return
        if m.employed_since is not None:
            continue
        yield from m.do(service(m))
        yield from _invited(m)


def _invited(m: Member) -> Script[None]:
    """Invite to the street's next activity, and note who came (R27)."""
    known = m.town.activities.get(m.who.home.code[:9])
    if known is None or known[1] <= after(m.today, 1):
        return
    activity, day = known
    (answer,) = yield from m.do(
        m.on_case("officer", "assistance.invite_to_activity", activity=activity)
    )
    case = m.case
    yield from m.until(day)
    if not answer.events or m.closed or m.case != case:
        return
    came = m.dice.choices(("attended", "absent", "excused"), (7, 2, 1))[0]
    yield from m.do(
        m.on_case("officer", "assistance.record_attendance", activity=activity, outcome=came)
    )
