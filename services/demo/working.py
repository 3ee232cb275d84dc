"""Offers, refusals, placements and the end of work (R29–R31, R59–R80, R95–R97)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, TypeAlias

from services.demo.applying import registration
from services.demo.keeping import on_job
from services.demo.market import Post
from services.demo.member import Member
from services.demo.papers import paper
from services.demo.plan import after
from services.demo.wishes import Script, Wish

Channel: TypeAlias = Literal[
    "enterprise", "public_post", "flexible", "self_employment", "labour_export"
]
AWAY = "110105"
"""A district of another province to which labour is exported."""


def offer(m: Member, post: Post, *, by_street: bool = False) -> Script[str]:
    """Offer a post; the county's service counts, the street's own offers do not (R31)."""
    (answer,) = yield from m.do(
        m.wish(
            "street" if by_street else "pes", "posts.offer_job", lane=f"post/{post.id}",
            person=m.id, post=post.id, source="street" if by_street else "pes",
            mode=m.dice.choice(("individual", "fair", "home")), suitable=True,
            answer_by=m.town.calendar.add_workdays(m.today, 5),
        )
    )  # fmt: skip
    return m.need(answer.made("offer"), "no offer")


def _outcome(m: Member, made: str, what: str, reason: str | None, *, by_street: bool) -> Wish:
    return m.wish(
        "street" if by_street else "pes", "posts.record_offer_outcome",
        offer=made, outcome=what, reason=reason,
    )  # fmt: skip


def turned_down(m: Member, *, unjust: bool, by_street: bool = False) -> Script[bool]:
    """Refuse an offer, or accept it and stay away; have the street judge it (R29, R30, R97)."""
    suitable = unjust or not m.chance(0.3)
    post = m.town.market.choose(m.dice, m.who, m.today, public=False, suitable=suitable)
    post = post or m.town.market.choose(m.dice, m.who, m.today, public=False)
    if post is None:
        yield from m.days(5, 10)
        return False
    made = yield from offer(m, post, by_street=by_street)
    yield from m.workdays(1, 4)
    if unjust and m.chance(0.4):
        yield from m.do(_outcome(m, made, "accepted", None, by_street=by_street))
        yield from m.workdays(2, 4)
        yield from m.do(_outcome(m, made, "not_taken_up", "no_wish", by_street=by_street))
    else:
        reason = "no_wish" if unjust else m.dice.choice(("health", "family_care"))
        yield from m.do(_outcome(m, made, "refused", reason, by_street=by_street))
    yield from m.workdays(1, 5)
    judgement = yield from _judged(m, made, unjust=unjust)
    if unjust and not by_street:
        m.unjust[made] = judgement
    return True


def _judged(m: Member, made: str, *, unjust: bool) -> Script[str]:
    (answer,) = yield from m.do(
        m.wish(
            "signer", "posts.judge_refusal",
            offer=made, judged="unjust" if unjust else "just",
            reason="no_cause" if unjust else m.dice.choice(("health", "family_care")),
            text="已当面听取本人意见。", heard_on=m.today,
        )
    )  # fmt: skip
    return m.need(answer.event("posts.refusal_judged"), "not judged")


def offered_and_placed(m: Member, *, public: bool = False) -> Script[bool]:
    """Offer a post that is taken up (R70, R74); tell whether a place was found."""
    post = m.town.market.choose(m.dice, m.who, m.today, public=public)
    if post is None:
        return False
    m.town.market.take(post)
    made = yield from offer(m, post)
    yield from m.workdays(1, 4)
    yield from m.do(_outcome(m, made, "accepted", None, by_street=False))
    yield from m.workdays(1, 5)
    yield from place(m, "public_post" if public else "enterprise", post=post, offer=made)
    return True


def place(
    m: Member,
    channel: Channel,
    *,
    post: Post | None = None,
    **more: Any,  # noqa: ANN401  # JSON
) -> Script[None]:
    """Record the first day of work; the employer's registration follows (R59–R80, T21)."""
    (answer,) = yield from m.do(
        m.wish(
            "pes" if post or channel == "labour_export" else "officer", "posts.place_in_job",
            lane=f"post/{post.id}" if post else "",
            person=m.id, channel=channel, post=post.id if post else None,
            **_way_in(m, channel, post), **more,
        )
    )  # fmt: skip
    m.placement = m.need(answer.event("posts.placed_in_job"), "not placed")
    m.post = post.id if post else ""
    at_work(m, m.today)
    if post is not None:
        yield from m.workdays(3, 20)
        if m.employed_since is not None:
            hired = m.wish("pes", "posts.register_hire", person=m.id, placement=m.placement)
            yield from m.do(hired)


def _way_in(m: Member, channel: Channel, post: Post | None) -> dict[str, Any]:
    """Give what a way into work needs: contract, proof, wage, division (R59–R80)."""
    wage = post.wage if post else m.dice.choice((60_000, 80_000, 100_000))
    common: dict[str, Any] = {"work_division": m.who.county, "wage": wage}
    match channel:
        case "enterprise" | "public_post":
            contract = {
                "from": m.today,
                "until": after(m.today, 730),
                "doc": paper("labour_contract", m.today, m.name),
            }
            return common | {"contract": contract}
        case "flexible":
            kind = m.dice.choice(("part_time", "sole_trader", "other"))
            return common | {"flexible_kind": kind, "proof": paper("statement", m.today, m.name)}
        case "self_employment":
            return common | {"proof": paper("business_licence", m.today, m.name)}
        case "labour_export":
            return common | {"work_division": AWAY, "batch": m.town.market.batch}


def at_work(m: Member, since: date) -> None:
    """Remember that the person works."""
    m.employed_since, m.changed_on = since, m.today


def exported(m: Member) -> Script[bool]:
    """Join the batch of labour export that runs (R79, R80)."""
    if not m.town.market.batch_left:
        return False
    m.town.market.batch_left -= 1
    yield from place(m, "labour_export")
    return True


def found_work(m: Member) -> Script[None]:
    """Find flexible work alone; the monthly visit finds it out (R90)."""
    began = after(m.today, -m.dice.randint(1, 6))
    began = max(began, after(m.changed_on, 1))
    body = {
        "day": began, "channel": "flexible", "work_division": m.who.county, "wage": 70_000,
        "flexible_kind": "part_time", "proof": paper("statement", m.today, m.name),
    }  # fmt: skip
    yield from m.do(
        m.on_case(
            "officer", "assistance.record_follow_up",
            mode="visit", status="employed", on_job=on_job(m), found={"place": body},
        )
    )  # fmt: skip
    m.placement = m.post = ""
    at_work(m, began)


def confirmed(m: Member) -> Script[None]:
    """Confirm that the person is at work (R91)."""
    yield from m.do(m.wish("officer", "posts.confirm_on_job", person=m.id, how="employer"))


def end_work(m: Member) -> Script[None]:
    """End the job without a next one: the certification lapses (R35)."""
    ending = yield from _ended(m, m.today, "unemployed")
    m.ended()
    yield from m.workdays(2, 8)
    if ending:
        yield from m.do(m.wish("pes", "posts.register_end_of_employment", person=m.id, end=ending))


def _ended(m: Member, last: date, then: str) -> Script[str]:
    """Record the last day of work; return the ending where the employer has to register it."""
    (answer,) = yield from m.do(
        m.wish(
            "pes", "posts.end_employment", on=last, lane=f"post/{m.post}" if m.post else "",
            person=m.id, reason=m.dice.choice(REASONS) if then == "unemployed" else "job_changed",
            then=then, proof=paper("termination", last, m.name),
        )
    )  # fmt: skip
    if m.post:
        m.town.market.free(m.post, last)
    registered = m.placement
    m.employed_since, m.post, m.placement, m.changed_on = None, "", "", m.today
    ending = m.need(answer.event("posts.employment_ended"), "not ended")
    return ending if registered else ""


REASONS = ("contract_expired", "dismissed", "resigned", "employer_closed")


def changed_jobs(m: Member) -> Script[bool]:
    """Go to the next job without a day between: the stable clock runs on (AS 16)."""
    post = m.town.market.choose(m.dice, m.who, m.today, public=False)
    if post is None:
        return False
    m.town.market.take(post)
    since = m.employed_since
    yield from _ended(m, after(m.today, -1), "next_job")
    yield from place(m, "enterprise", post=post)
    m.employed_since = since
    return True


def register_again(m: Member) -> Script[None]:
    """Register as unemployed again after a job (R35)."""
    m.unemployed_since = m.today
    (answer,) = yield from m.do(registration(m, m.today, m.who.ownership, after(m.today, -1)))
    if answer.events:
        m.profile = (answer.events[0].event_id, *m.profile)
