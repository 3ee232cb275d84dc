"""Eligibility judged as data: the common conditions and the four categories (R8 to R16).

Every function takes facts, the day and the terms of the rule set, and answers findings that
name the sentence of the opinion. AS 38 decides on which day the caller asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from events.rules.divisions import SHANXI, covers
from events.rules.facts import HouseholdFacts, MemberFacts, PersonFacts, Terms
from events.rules.finding import Finding
from events.rules.periods import first_day_at_least
from events.rules.person import YOUNGEST, retirement_date, working_age
from events.rules.time import full_years

HUKOU = "具有我省城市户口"
WORKING_AGE = "在法定劳动年龄内"
ABLE_AND_WILLING = "有就业能力和要求"
REGISTERED = "已进行失业登记"
AGED = "女性满40周岁及以上、男性满50周岁及以上"
OWNERSHIP = "国有、集体企业失业人员"
HOUSEHOLD = "城市居民家庭中,法定劳动年龄内均处于失业状态的家庭成员"
ONE_APPLICANT = "每个零就业家庭只限1人申请认定"
LONG_TERM = "享受城市居民最低生活保障且失业一年以上的城镇其他失业人员"

NONE = "none"
ASK = "ask_worker_type"
"""The value of a finding that waits for a woman's worker type."""


def all_ok(findings: Iterable[Finding]) -> bool:
    """Tell whether every condition was met."""
    return all(finding.ok for finding in findings)


def hukou(person: PersonFacts, terms: Terms) -> Finding:
    """Judge the household registration: Shanxi, and urban where the rule set asks (R8, AS 24).

    The ID number's prefix is never looked at.
    """
    here = covers(SHANXI, person.hukou_division)
    urban = person.hukou_type == "urban" or terms.hukou == "province"
    boundary = f"{SHANXI} urban" if terms.hukou == "urban" else SHANXI
    value = f"{person.hukou_division} {person.hukou_type}"
    return Finding("hukou", value, boundary, HUKOU, here and urban)


def age_in_range(person: PersonFacts, on: date) -> Finding:
    """Judge working age on a day: 16 reached, retirement not yet (R9)."""
    kind = (person.sex, person.worker_type, person.special_work, person.birth, on)
    fits = working_age(*kind)
    value = ASK if fits is None else str(full_years(person.birth, on))
    boundary = f"{YOUNGEST} … {retirement_date(*kind) or ASK}"
    return Finding("working_age", value, boundary, WORKING_AGE, fits is True)


def able_and_willing(person: PersonFacts) -> tuple[Finding, Finding]:
    """Judge the two attestations (R10)."""
    return (
        Finding("able_to_work", _yes(person.able), "yes", ABLE_AND_WILLING, person.able),
        Finding("wants_work", _yes(person.wants_work), "yes", ABLE_AND_WILLING, person.wants_work),
    )


def registration(person: PersonFacts, on: date) -> Finding:
    """Judge that an unemployment registration is open on a day (R11)."""
    ended = person.registration_ended_on
    begun = person.registered_on is not None and person.registered_on <= on
    is_open = begun and (ended is None or on < ended)
    value = str(person.registered_on or NONE) + (f" … {ended}" if ended else "")
    return Finding("unemployment_registration", value, f"open on {on}", REGISTERED, is_open)


def common_conditions(person: PersonFacts, on: date, terms: Terms) -> tuple[Finding, ...]:
    """Judge what every category asks for (R8 to R11)."""
    return (
        hukou(person, terms),
        age_in_range(person, on),
        *able_and_willing(person),
        registration(person, on),
    )


def aged(person: PersonFacts, on: date, terms: Terms) -> Finding:
    """Judge the age of category 4050, the number included (R12, AS 41)."""
    bound = terms.aged_female if person.sex == "female" else terms.aged_male
    years = full_years(person.birth, on)
    return Finding("aged_4050", str(years), f">= {bound}", AGED, years >= bound)


def ownership(person: PersonFacts, terms: Terms) -> Finding:
    """Judge the last employer's ownership, or the insurance that stands in for it (R13)."""
    owned = person.last_ownership in ("state", "collective")
    bound = terms.aged_insured_months
    insured = bound > 0 and (person.insured_months or 0) >= bound
    boundary = "state, collective" + (f" or insured >= {bound} months" if bound else "")
    value = person.last_ownership if owned or not bound else f"insured {person.insured_months or 0}"
    return Finding("last_ownership", value, boundary, OWNERSHIP, owned or insured)


def aged_4050(person: PersonFacts, on: date, terms: Terms) -> tuple[Finding, ...]:
    """Judge category 1 (R12, R13)."""
    return aged(person, on, terms), ownership(person, terms)


def zero_household(
    household: HouseholdFacts | None, on: date, terms: Terms
) -> tuple[bool, tuple[Finding, ...]]:
    """Judge category 2: a counted member of working age, and all of them unemployed (R14, AS 6)."""
    members = household.members if household else ()
    ages = [(m, _member_age(m, on)) for m in members if counts(m, terms)]
    grown = [m for m, fits in ages if fits]
    employed = [m for m, fits in ages if m.employed and fits is not False]
    findings = [
        Finding("household_members", str(len(grown)), ">= 1", HOUSEHOLD, len(grown) >= 1),
        Finding("household_employed", str(len(employed)), "0", HOUSEHOLD, not employed),
    ]
    if household and terms.household_applicants == "one":
        taken = household.other_certified
        findings.append(
            Finding("household_applicant", str(int(taken)), "0", ONE_APPLICANT, not taken)
        )
    return all_ok(findings), tuple(findings)


def counts(member: MemberFacts, terms: Terms) -> bool:
    """Tell whether a member counts at all; a minor's age decides for itself (AS 6)."""
    return member.counts_as not in terms.household_uncounted


def _member_age(member: MemberFacts, on: date) -> bool | None:
    """Tell whether a member is of working age, None where that must be asked."""
    return working_age(member.sex, member.worker_type, member.special_work, member.birth, on)


def unemployed_from(person: PersonFacts, terms: Terms) -> date | None:
    """Give the day from which unemployment is counted (AS 27)."""
    proven = person.last_job_ended_on if terms.long_term_from == "proven" else None
    days = [day for day in (person.registered_on, proven) if day is not None]
    return min(days) if person.registered_on and days else None


def dibao(person: PersonFacts, on: date) -> Finding:
    """Judge that the minimum living allowance runs on a day (R15)."""
    begun = person.dibao_from is not None and person.dibao_from <= on
    runs = begun and (person.dibao_until is None or on <= person.dibao_until)
    return Finding("dibao", str(person.dibao_from or NONE), f"running on {on}", LONG_TERM, runs)


def long_term(
    person: PersonFacts, on: date, terms: Terms, *, others: Sequence[str]
) -> tuple[Finding, ...]:
    """Judge category 3: dibao, a year or more, and in neither category 1 nor 2 (R15)."""
    since = unemployed_from(person, terms)
    first = first_day_at_least(since, terms.long_term_months) if since else None
    long = Finding(
        "unemployed_since",
        str(since or NONE),
        f"reached {first or NONE}",
        LONG_TERM,
        first is not None and first <= on,
    )
    above = [code for code in others if code in ("aged_4050", "zero_household")]
    other = Finding("other_category", "、".join(above) or NONE, NONE, LONG_TERM, not above)
    return (*((dibao(person, on),) if terms.long_term_dibao else ()), long, other)


def _yes(flag: bool) -> str:
    """Write a yes or no."""
    return "yes" if flag else "no"
