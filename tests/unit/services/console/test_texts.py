"""No message is missing, none is left over, and nothing vendored differs from what was taken."""

from __future__ import annotations

import hashlib
import re
from typing import get_args

from events.rules.prints import DOCUMENTS
from projections.api.completeness import Verdict
from projections.cube.metric import How, Kind
from services.console import codes
from services.console.config import HERE
from services.console.offers import OFFERS
from services.console.pages.audit import LOOKS, LOOKS_STATES
from services.console.pages.done import ONWARD
from services.console.pages.exports import KINDS, WORDS
from services.console.pages.persons import STEPS
from services.console.pages.reads import KINDS as SPECIAL
from services.console.pages.tasks import QUEUES
from services.console.texts import TEXTS, text
from services.console.texts_checks import DETAILS, FINDINGS, STATES, WHYS
from services.console.texts_checks import KINDS as LOOKED

STEPS_COUNTED = ("appended", "sequenced", "numbers", "published")
MADE = (
    *(f"tasks.{q}" for q in QUEUES),
    *(f"band.{n}" for n in range(6)),
    *(f"why.{axis}" for offer in OFFERS.values() for axis in offer.when),
    *(key for key, _, _ in STEPS),
    "why.role", "why.person", "audit.type", "audit.office", "audit.person", "audit.user",
    "login.again", "login.first",
    *(f"agreement.{state}" for state in ("none", "active", "ended")),
    *(f"exports.kind.{kind}" for kind in (*KINDS, "other")),
    *(f"exports.state.{s}" for s in ("waiting", "ready", "rejected", "expired")),
    *(f"exports.q.{part}" for part in WORDS),
    *(f"reads.{kind}" for kind in SPECIAL.values()),
    *(f"whole.{s}" for s in STEPS_COUNTED), *(f"whole_from.{s}" for s in STEPS_COUNTED),
    *(f"whole_go.{s}" for s in (*STEPS_COUNTED[1:], "model", "parked")),
    *(f"whole.{v}" for v in get_args(Verdict)), *(f"whole_says.{v}" for v in get_args(Verdict)),
    *(f"def_kind.{k}" for k in get_args(Kind)), *(f"def_how.{h}" for h in get_args(How)),
    *(f"check_code.{c}" for c in FINDINGS), *(f"check_why.{c}" for c in WHYS),
    *(f"check_detail.{c}" for c in DETAILS), *(f"check_state.{s}" for s in STATES),
    *(f"looks.kind.{k}" for k in LOOKED),
    *(f"audit.looks.{s}" for s in LOOKS_STATES),
    *(key for _, key in LOOKS), "known.at_seq", "known.at", "known.at_now",
    "def.numerator", "def.denominator", *(f"print.{d}" for d in DOCUMENTS),
    *ONWARD.values(), "done.back", "accounts.is_open", "accounts.is_closed",
)  # fmt: skip
"""Keys that are put together, not written out."""


def test_the_console_names_no_code_that_the_contracts_name() -> None:
    named = {code for words in codes.CONTEXT_WORDS.values() for code in words}
    assert named & codes.OWN.keys() == set()


def _asked() -> set[str]:
    files = [*(HERE / "templates").glob("*.html"), *HERE.rglob("*.py")]
    found = set(MADE)
    for file in files:
        source = file.read_text("utf-8")
        found |= set(re.findall(r"""\bt\(\s*["']([a-z_]+\.[a-z_0-9]+)["']""", source))
        found |= set(re.findall(r"""["']((?:nav|form)\.(?!html)[a-z_]+)["']""", source))
    return found


def test_every_message_asked_for_exists() -> None:
    assert _asked() - TEXTS.keys() == set()


def test_no_message_is_left_over() -> None:
    assert TEXTS.keys() - _asked() == set()


def test_every_message_speaks_both_languages() -> None:
    assert [k for k, (zh, en) in TEXTS.items() if not zh.strip() or not en.strip()] == []


def test_a_message_fills_in_the_same_words_in_both_languages() -> None:
    def words(message: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", message))

    assert [k for k, (zh, en) in TEXTS.items() if words(zh) != words(en)] == []
    assert text("due.overdue", n=6) == "逾期 6 天"


def test_every_suggested_code_has_words() -> None:
    assert [c for entries in codes.LISTS.values() for c in entries if not codes.is_known(c)] == []


def test_what_is_vendored_is_what_was_taken() -> None:
    folder = HERE / "static" / "vendor"
    rows = [line.split() for line in (folder / "vendor.lock").read_text().splitlines()]
    found = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for _, _, n, _ in rows}
    assert found == {name: sha256 for _, _, name, sha256 in rows}
    assert {f.name for f in folder.iterdir()} == {*found, "vendor.lock"}
