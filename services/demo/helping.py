"""What follows a certification: mark, agreement, plan, services, invitations (R25, R83–R88)."""

from __future__ import annotations

from events.rules.time import add_months
from services.demo.keeping import reports, visits
from services.demo.member import Member
from services.demo.papers import paper
from services.demo.plan import after
from services.demo.wishes import Script, Wish

SERVICES = ("policy_advice", "career_guidance", "job_introduction", "job_choice_education")
MEASURES = ("job_introduction", "career_guidance", "post_subsidy")


def settle_in(m: Member) -> Script[None]:
    """Annotate, sign, plan and serve within the days prescribed, a few late (T9, T22–T24).

    A status may end meanwhile, as when another member's job clears the household.
    """
    case = m.case
    begin(m)
    yield from m.workdays(1, 4)
    if m.certified(case):
        yield from m.do(annotation(m))
        yield from m.workdays(1, 8 if m.chance(0.06) else 4)
    if m.certified(case):
        yield from m.do(_agreement(m), service(m))
        yield from m.workdays(1, 6)
    if m.certified(case):
        yield from m.do(*_plan(m))
        m.steps = 1


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
        one_to_one=m.household is not None, scan=paper("agreement", m.today, m.name),
    )  # fmt: skip


def _plan(m: Member) -> tuple[Wish, ...]:
    """Make the plan, and carry its first measure out."""
    made = m.on_case(
        "officer", "assistance.make_plan",
        facts=list(m.profile[:2]), goals="六个月内实现就业。", measures=_measures(m, "m"),
    )  # fmt: skip
    done = m.on_case("officer", "assistance.complete_measure", measure="m1", result="done")
    return made, done


def _measures(m: Member, mark: str) -> list[dict[str, object]]:
    return [
        {
            "id": f"{mark}{i}",
            "service": what,
            "provider": m.community,
            "due": add_months(m.today, i),
        }
        for i, what in enumerate(MEASURES, 1)
    ]


def service(m: Member, what: str | None = None, may: tuple[str, ...] = ()) -> Wish:
    """Record a service of the community."""
    return m.on_case(
        "officer", "assistance.deliver_service", may=may,
        service=what or m.dice.choice(SERVICES), provider=m.community,
    )  # fmt: skip


def services(m: Member, case: str) -> Script[None]:
    """Serve the unemployed, carry the plan out, invite to activities (R27, R52, R60, R98)."""
    while True:
        yield from m.days(15, 40)
        if not m.certified(case):
            return
        if m.employed_since is not None:
            continue
        yield from m.do(service(m), *_more(m))
        yield from _invited(m)


def _more(m: Member) -> tuple[Wish, ...]:
    """Carry out the next measure, revise the plan, or advise on a business of one's own."""
    m.steps += m.steps > 0
    if 1 < m.steps <= len(MEASURES):
        done = {"measure": f"m{m.steps}", "result": m.dice.choice(("done", "partly"))}
        return (m.on_case("officer", "assistance.complete_measure", **done),)
    if m.steps and m.steps % 6 == 0:
        return (
            m.on_case(
                "officer", "assistance.revise_plan",
                facts=list(m.profile[:1]), measures=_measures(m, "r"), reason="new_needs",
            ),
        )  # fmt: skip
    if m.chance(0.05):
        may = () if m.who.startup_wish else ("no_startup_wish",)
        return (service(m, "startup_advice", may),)
    return ()


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
    if not answer.events or not m.certified(case):
        return
    came = m.dice.choices(("attended", "absent", "excused"), (7, 2, 1))[0]
    yield from m.do(
        m.on_case("officer", "assistance.record_attendance", activity=activity, outcome=came)
    )
