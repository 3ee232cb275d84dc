"""Evidence as commands carry it; the file's hash is made from what the paper says."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

ISSUERS = {
    "id_card": "公安局",
    "household_book": "公安派出所",
    "unemployment_certificate": "劳动就业服务中心",
    "photos": "本人",
    "last_contract": "原用人单位",
    "termination": "原用人单位",
    "dibao_certificate": "民政局",
    "household_statement": "本人",
    "home_visit_record": "社区劳动保障工作站",
    "skill_certificate": "职业技能鉴定所",
    "labour_contract": "用人单位",
}
"""Who issues a kind of paper; the person, where a kind is not named."""

BY_CATEGORY: dict[str, tuple[str, ...]] = {
    "aged_4050": ("last_contract",),
    "zero_household": ("household_statement", "home_visit_record"),
    "long_term": ("dibao_certificate",),
    "city": (),
}
"""Papers that a category asks for beside those that all need (R18, AS 1, AS 21)."""

COMMON = ("id_card", "household_book", "unemployment_certificate", "photos")


def paper(kind: str, day: date, number: str = "") -> dict[str, Any]:
    """Make a piece of evidence issued on a day."""
    made: dict[str, Any] = {
        "kind": kind,
        "issuer": ISSUERS.get(kind, "本人"),
        "issued_on": day,
        "sha256": digest(kind, day, number),
    }
    return made | ({"number": number} if number else {})


def digest(*parts: object) -> str:
    """Return the hash that stands for a file."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()


def evidence(
    categories: tuple[str, ...], day: date, number: str, leave_out: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """List the papers of an application."""
    kinds = (*COMMON, *(k for c in categories for k in BY_CATEGORY[c]))
    numbered = {"id_card", "household_book", "unemployment_certificate", "dibao_certificate"}
    return [
        paper(kind, day, f"{kind[:2].upper()}{number}" if kind in numbered else "")
        for kind in dict.fromkeys(kinds)
        if kind not in leave_out
    ]
