"""From the community's registration to the county's decision, step by step (R19–R25)."""

from __future__ import annotations

from datetime import date

from services.demo.applying import Way
from services.demo.member import Member
from services.demo.papers import digest, paper
from services.demo.plan import after
from services.demo.wishes import Script

PHONE = "0351-7000000"
"""A telephone of offices, invented."""


def notice(m: Member, *, registered: bool = False) -> Script[date]:
    """See the originals, post the notice (R19, R20); return its last day."""
    last = m.town.calendar.add_workdays(m.today, 7)
    posted = m.on_case(
        "officer", "certification.post_notice",
        from_=m.today, until=last, place=f"{m.who.home.name}公告栏", channels=["board"],
        handler=m.account("officer"), office_phone=PHONE, sheet=digest("notice", m.case, m.today),
    )  # fmt: skip
    seen = m.on_case(
        "officer", "certification.register_at_community",
        originals_seen=[0, 1, 2], visited_on=m.today if m.chance(0.5) else None, opinion="情况属实",
    )  # fmt: skip
    yield from m.do(*((posted,) if registered else (seen, posted)))
    return last


def decided(m: Member, way: Way) -> Script[bool]:
    """Carry an application through community, street and county; tell whether it is certified."""
    yield from _prompt(m, 1, 4)
    if way.detour == "withdrawn":
        statement = paper("statement", m.today, m.name)
        yield from m.do(
            m.on_case("officer", "certification.withdraw_application", statement=statement)
        )
        return False
    last = yield from notice(m)
    last = yield from _objection(m, way, last)
    yield from m.until(after(last, 1))
    yield from _prompt(m, 0, 4)
    yield from _returned(m, way)
    yield from _street(m, way)
    yield from _prompt(m, 1, 5)
    return (yield from _county(m, way))


def _prompt(m: Member, least: int, most: int) -> Script[None]:
    """Rest as long as an office needs; a few are late."""
    late = m.chance(0.06)
    yield from m.workdays(least + 8 if late else least, most + 8 if late else most)


def _objection(m: Member, way: Way, last: date) -> Script[date]:
    """Lodge an objection during the notice and have it answered (X1); an upheld one begins anew."""
    if not way.detour.startswith("objection"):
        return last
    yield from m.workdays(1, 3)
    (lodged,) = yield from m.do(
        m.on_case(
            "officer", "certification.lodge_objection",
            anonymous=True, statement="据反映，该人已在外就业。", received_by=m.community,
        )
    )  # fmt: skip
    objection = m.need(lodged.event("certification.objection_lodged"), "no objection")
    yield from m.workdays(1, 3)
    upheld = way.detour == "objection_upheld"
    yield from m.do(
        m.on_case(
            "signer", "certification.decide_objection",
            objection=objection, outcome="upheld" if upheld else "dismissed",
            finding="材料与实际不符，须补充说明。" if upheld else "经走访，反映不属实。",
            answer="已核查并答复。",
        )
    )  # fmt: skip
    if not upheld:
        return last
    yield from m.workdays(2, 5)
    yield from _resubmit(m)
    yield from m.workdays(1, 2)
    return (yield from notice(m, registered=True))


def _resubmit(m: Member) -> Script[None]:
    more = [paper("statement", m.today, m.name)]
    yield from m.do(m.on_case("officer", "certification.resubmit", evidence=more))


def _returned(m: Member, way: Way) -> Script[None]:
    """Have the street send the application back once (X9)."""
    if way.detour != "returned":
        return
    yield from m.do(
        m.on_case(
            "street", "certification.return_application",
            reasons=["papers_unclear"], missing=["last_contract"], text="复印件不清，请补正。",
        )
    )  # fmt: skip
    yield from m.workdays(2, 6)
    yield from _resubmit(m)
    yield from m.workdays(1, 3)


def _street(m: Member, way: Way) -> Script[None]:
    """Sign the street's opinion and send the case up, whatever it says (R21, R22, AS 28)."""
    against = way.detour in ("disagree", "refused", "refusal_set_aside")
    yield from m.do(
        m.on_case(
            "signer", "certification.street_review",
            opinion="disagree" if against else "agree",
            text="收入情况存疑。" if against else "同意上报。",
            signature=paper("signature", m.today, m.login("signer")),
        ),
        m.on_case("street", "certification.forward_to_county", county=m.county),
    )  # fmt: skip


def _county(m: Member, way: Way) -> Script[bool]:
    if way.detour in ("refused", "refusal_set_aside"):
        yield from _refused(m, way)
        if way.detour == "refused":
            return False
        yield from m.workdays(2, 6)
    reason = "经县级复查，符合条件。" if way.detour in ("disagree", "refusal_set_aside") else None
    category = way.categories[0]
    (answer,) = yield from m.do(
        m.on_case(
            "certifier", "certification.certify",
            category=category, reason=reason,
            city_category=m.town.city_category if category == "city" else None,
            data_checks=[{"source": "police", "on": m.today, "result": "ok"}],
        )
    )  # fmt: skip
    m.need(answer.event("certification.person_certified"), "not certified")
    m.version = answer.events[0].version
    m.category, m.certified_on, m.closed = category, m.today, False
    m.changed_on = m.today
    return True


def _refused(m: Member, way: Way) -> Script[None]:
    """Refuse, and have the city look at it again (R22, X3)."""
    (answer,) = yield from m.do(
        m.on_case(
            "certifier", "certification.refuse_certification",
            grounds=["data_check_failed"], reason="有稳定经营收入。", told_on=m.today,
        )
    )  # fmt: skip
    refusal = m.need(answer.event("certification.certification_refused"), "not refused")
    m.previous = m.case
    if way.detour == "refusal_set_aside" or m.chance(0.4):
        yield from m.workdays(3, 12)
        yield from reviewed(m, refusal, set_aside=way.detour == "refusal_set_aside")


def reviewed(m: Member, against: str, *, set_aside: bool) -> Script[None]:
    """Ask the city for a review, and have it decided (X3)."""
    (asked,) = yield from m.do(
        m.on_case(
            "officer", "certification.request_review", against=against, grounds="本人认为认定有误。"
        )
    )
    review = m.need(asked.event("certification.review_requested"), "no review")
    yield from m.workdays(4, 10)
    yield from m.do(
        m.on_case(
            "city", "certification.decide_review", review=review,
            outcome="set_aside" if set_aside else "upheld",
            reason="事实不清，撤销原决定。" if set_aside else "原决定事实清楚。",
        )
    )  # fmt: skip
