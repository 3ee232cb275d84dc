"""The first visits at the community: into the register, unemployed, with wishes, and to apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from services.demo.member import Member
from services.demo.papers import evidence, paper
from services.demo.plan import after
from services.demo.wishes import Script, Wish

Detour: TypeAlias = Literal[
    "", "objection_dismissed", "objection_upheld", "returned", "disagree", "refused",
    "refusal_set_aside", "withdrawn",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """How an application goes: for which categories, with what happening on the way."""

    categories: tuple[str, ...]
    detour: Detour = ""


def enrol(m: Member) -> Script[None]:
    """Take a person into the register, unemployed and with wishes (R10, R11, R17)."""
    who = m.who
    (answer,) = yield from m.do(
        m.wish(
            "officer", "registry.register_person",
            name=who.name, sex=who.sex, birth_date=who.birth, national_id=who.number,
            phone=who.phone, address=who.address, residence=m.community,
            hukou={"division": who.county, "type": "urban"}, worker_type=who.worker_type,
            special_work=False, education=who.education,
        )
    )  # fmt: skip
    m.id = m.need(answer.made("person"), "not registered")
    m.unemployed_since = who.registered_on
    answers = yield from m.do(*_profile(m))
    m.profile = tuple(a.events[0].event_id for a in answers if a.events)


def _profile(m: Member) -> list[Wish]:
    who = m.who
    found = [registration(m, who.registered_on, who.ownership, who.job_ended_on), wishes(m)]
    if m.chance(0.4):
        skill = {"occupation": who.occupations[0], "level": m.dice.choice(("no_level", "level_5"))}
        found.append(m.wish("officer", "registry.record_skills", person=m.id, skills=[skill]))
    if who.dibao_from is not None:
        card = paper("dibao_certificate", who.dibao_from, f"DB{who.number[-6:]}")
        found.append(
            m.wish(
                "officer", "registry.record_dibao",
                person=m.id, from_=who.dibao_from, certificate=card,
            )
        )  # fmt: skip
    return found


def registration(m: Member, on: date, ownership: str, ended: date) -> Wish:
    """Register the person as unemployed from a day on (R11, R13)."""
    return m.wish(
        "officer", "registry.record_unemployment_registration", on=on,
        person=m.id, last_employer=m.who.last_employer, last_ownership=ownership,
        last_job_ended_on=ended, proof=[paper("termination", ended, m.who.number[-6:])],
        certificate=paper("unemployment_certificate", on, f"JY{m.who.number[-6:]}"),
    )  # fmt: skip


def wishes(m: Member) -> Wish:
    """Record what the person wants (R10, R65)."""
    return m.wish(
        "officer", "registry.record_wishes",
        person=m.id, wants_work=True, able_to_work=True, startup_wish=m.who.startup_wish,
        occupations=list(m.who.occupations), min_wage=m.who.min_wage, areas=[m.county],
    )  # fmt: skip


def application(m: Member, way: Way, leave_out: frozenset[str] = frozenset()) -> Wish:
    """Apply at the community (R6–R18)."""
    return m.wish(
        "officer", "certification.file_application",
        may=("evidence_missing",) if leave_out else (),
        person=m.id, categories=list(way.categories),
        city_category=m.town.city_category if "city" in way.categories else None,
        household=m.household if "zero_household" in way.categories else None,
        causes=m.dice.sample(("health", "skill", "family"), m.dice.randint(1, 2)),
        evidence=evidence(way.categories, after(m.today, -1), m.who.number[-6:], leave_out),
        attest_ability=True, attest_wish=True, signed=paper("application", m.today, m.name),
        previous_case=m.previous,
    )  # fmt: skip


def apply(m: Member, way: Way) -> Script[None]:
    """File the application; now and then a paper is forgotten first, which is refused."""
    if m.chance(0.03):
        yield from m.do(application(m, way, frozenset({"photos"})))
        yield from m.workdays(1, 2)
    (answer,) = yield from m.do(application(m, way))
    m.case = m.need(answer.made("certification"), "not filed")
    m.round, m.closed, m.steps = m.round + 1, True, 0
    m.unjust.clear()
