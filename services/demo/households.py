"""Zero-employment households: certified member by member, cleared by the first job (R14, R87)."""

from __future__ import annotations

from datetime import date

from events.rules.time import add_months
from services.demo import leaving, working
from services.demo.applying import Way, apply, enrol
from services.demo.certifying import decided
from services.demo.helping import settle_in
from services.demo.member import Member
from services.demo.papers import paper
from services.demo.plan import after
from services.demo.wishes import LostThreadError, Script

PATIENCE = 40
"""Looks that a household takes at its members' cases before it is given up."""


def household(adults: list[Member], minors: list[Member], *, in_time: bool) -> Script[None]:
    """Form a household, certify its grown members, place one in time or late, judge the others."""
    for member in adults:
        yield from enrol(member)
    for minor in minors:
        yield from _known(minor)
    yield from _formed(adults, minors)
    for member in adults:
        member.spawn(f"case/{member.name}", _certified(member))
    first = yield from _all_certified(adults)
    yield from _placed(adults[-1], first, in_time=in_time)
    yield from adults[0].workdays(2, 6)
    for member in adults[:-1]:
        fits = member.who.ownership in ("state", "collective") and member.grown
        yield from leaving.reassessed(member, category="aged_4050" if fits else None)


def _known(m: Member) -> Script[None]:
    """Take a minor into the register: a member like the others, but not of working age."""
    who = m.who
    (answer,) = yield from m.do(
        m.wish(
            "officer", "registry.register_person",
            name=who.name, sex=who.sex, birth_date=who.birth, national_id=who.number,
            address=who.address, residence=m.community,
            hukou={"division": who.county, "type": "urban"}, worker_type="unknown",
            special_work=False,
        )
    )  # fmt: skip
    m.id = m.need(answer.made("person"), "not registered")


def _formed(adults: list[Member], minors: list[Member]) -> Script[None]:
    head = adults[0]
    relations = ["head_of_household", "spouse", "child", "sibling"]
    members = [
        {"person": m.id, "relation": relation, "counts_as": "normal"}
        for m, relation in zip(adults, relations, strict=False)
    ] + [{"person": m.id, "relation": "child", "counts_as": "minor"} for m in minors]
    (answer,) = yield from head.do(
        head.wish(
            "officer", "registry.form_household",
            community=head.community, address=head.who.address, members=members,
            book=paper("household_book", after(head.today, -300), head.who.number[-6:]),
        )
    )  # fmt: skip
    own = head.need(answer.made("household"), "no household")
    for member in adults:
        member.household = own


def _certified(m: Member) -> Script[None]:
    """Apply and be certified as a member, one of the county's cases like any other."""
    yield from m.workdays(1, 2)
    both = ("zero_household", "aged_4050") if m.grown else ("zero_household",)
    way = Way(both)
    yield from apply(m, way)
    if (yield from decided(m, way)):
        yield from settle_in(m)


def _all_certified(adults: list[Member]) -> Script[date]:
    """Wait until every grown member is certified; return the day of the first certification."""
    for _ in range(PATIENCE):
        days = [m.certified_on for m in adults]
        known = [day for day in days if day is not None]
        if len(known) == len(adults):
            return min(known)
        yield from adults[0].workdays(2)
    raise LostThreadError(f"{adults[0].name}: the household is never certified")


def _placed(m: Member, first: date, *, in_time: bool) -> Script[None]:
    """Place the household's first member within the month, or after it (R87, T8)."""
    last = add_months(first, 1)
    if in_time:
        yield from m.workdays(1, 2)
    else:
        yield from m.until(after(last, m.dice.randint(3, 40)))
    if m.chance(0.5):
        post = m.town.market.choose(m.dice, m.who, m.today, public=True)
        if post is not None:
            m.town.market.take(post)
            return (yield from working.place(m, "public_post", post=post))
    yield from working.place(m, "flexible")
