"""What a condition was held against, as a clerk reads it: `open on …`, `>= 40` in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Name = Callable[[str], str]
"""Gives the words of a code or of an office."""
_COUNTY = re.compile(r"14\d{4}(\d{3}){0,2}")
_DAY = r"\d{4}-\d\d-\d\d|none"
SHAPES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (rf"open on ({_DAY})", "{0} 失业登记有效", "registered on {0}"),
        (rf"running on ({_DAY})", "{0} 正在享受", "running on {0}"),
        (rf"reached ({_DAY})", "须至 {0}", "reached on {0}"),
        (r"insured (\d+)", "参保 {0} 个月", "insured for {0} months"),
        (r"(.+) or insured >= (\d+) months", "{0}，或参保不少于 {1} 个月",
         "{0}, or insured for {1} months"),
        (r">= (.+)", "不少于 {0}", "at least {0}"),
        (r"<= (.+)", "不超过 {0}", "at most {0}"),
        (r"> (.+)", "多于 {0}", "more than {0}"),
        (r"< (.+)", "少于 {0}", "less than {0}"),
        (r"==? (.+)", "为 {0}", "is {0}"),
        (r"!= (.+)", "不为 {0}", "is not {0}"),
        (r"in (.+)", "属于 {0}", "one of {0}"),
        (r"has (.+)", "含 {0}", "has {0}"),
        (r"has_any (.+)", "含其一：{0}", "has one of {0}"),
        (r"within (.+)", "位于 {0}", "within {0}"),
        (r"(.+) … (.+)", "{0} 至 {1}", "{0} to {1}"),
        (r"(\S+) …", "自 {0} 起", "from {0} on"),
        (r"14 ([a-z]+)", "山西省，{0}", "Shanxi, {0}"),
        (r"(\d{4,12}) ([a-z]+)", "{0}，{1}", "{0}, {1}"),
    )
)  # fmt: skip
"""What the rules write of a value or its boundary → how it is said."""
WORDS = {
    "yes": ("是", "yes"), "no": ("否", "no"), "none": ("无", "none"),
    "True": ("是", "yes"), "False": ("否", "no"), "unknown": ("不详", "not known"),
    "ask_worker_type": ("须先登记工人或干部身份", "the worker type must be recorded first"),
}  # fmt: skip
CONDITIONS = {
    "hukou": ("户口", "Household registration"),
    "working_age": ("法定劳动年龄", "Working age"),
    "able_to_work": ("有就业能力", "Able to work"),
    "wants_work": ("有就业要求", "Wants to work"),
    "unemployment_registration": ("失业登记", "Unemployment registration"),
    "aged_4050": ("年龄", "Age"),
    "last_ownership": ("原单位性质", "Ownership of the last employer"),
    "household_members": ("法定劳动年龄内的家庭成员数", "Members of working age"),
    "household_employed": ("就业的家庭成员数", "Members at work"),
    "household_applicant": ("已认定的家庭成员数", "Members certified already"),
    "zero_household": ("“零就业”家庭", "Zero-employment household"),
    "dibao": ("城市居民最低生活保障", "Minimum living allowance"),
    "unemployed_since": ("失业起始日", "Unemployed since"),
    "other_category": ("同时符合的其他类别", "Other categories met"),
    "city": ("市定类别的区域", "Area of the city's category"),
    "city_category_days": ("市定类别的有效期", "Days of the city's category"),
    "condition_lost": ("已丧失的条件", "Conditions lost"),
    "age": ("年龄", "Age"),
    "unemployed_months": ("失业月数", "Months unemployed"),
    "on_dibao": ("享受最低生活保障", "Receives the allowance"),
    "insured_months": ("参保月数", "Months insured"),
}  # fmt: skip
"""Condition → what it is about, met or not; others have the words of their field or category."""
_LIST = re.compile(r"、|, ")


def judging(lang: str, places: Mapping[str, str], word: Name) -> dict[str, Callable[[object], str]]:
    """Return what templates say findings with: `condition` and `judged`, in a language."""

    def name(text: str) -> str:
        place = places.get(text.ljust(12, "0")) if _COUNTY.fullmatch(text) else None
        return place or word(text)

    def condition(code: object) -> str:
        pair = CONDITIONS.get(str(code))
        return pair[lang != "zh"] if pair else word(str(code))

    return {"condition": condition, "judged": lambda text: judged(str(text or ""), lang, name)}


def judged(text: str, lang: str, name: Name) -> str:
    """Return what was found, or its boundary, in words; what has none stays as it is."""
    for pattern, zh, en in SHAPES:
        if (found := pattern.fullmatch(text)) is not None:
            parts = (_listed(part, lang, name) for part in found.groups())
            return (zh if lang == "zh" else en).format(*parts)
    return _listed(text, lang, name)


def _listed(text: str, lang: str, name: Name) -> str:
    words = (_word(part, lang, name) for part in _LIST.split(text))
    return ("、" if lang == "zh" else ", ").join(words)


def _word(text: str, lang: str, name: Name) -> str:
    pair = WORDS.get(text)
    return pair[lang != "zh"] if pair else name(text)
