"""An event's page says what happened in words: no code, no id, no JSON but folded away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr
from starlette.requests import Request

from services.console.apis import Apis
from services.console.bodies import Told, told
from services.console.config import ConsoleConfig
from services.console.judged import judging
from services.console.session import Keeper
from services.console.site import Site, Visit
from tests.unit.services.console import fake
from tests.unit.services.console import test_prints as prints
from tests.unit.services.console.canned import CASE, COMMUNITY, EVENT, PERSON, USER

RULES = Path(__file__).parents[4] / "events" / "rules"
GOLDEN = Path(__file__).parents[3] / "contract" / "golden"
ITS_OWN = {"registry.check_completed.v1"}
"""Findings are the verifier's own codes, as it prints them too."""
RAW = re.compile(r"[a-z]+_[a-z_]+|[a-z]+\.[a-z]+|[{}\[\]]|[0-9a-f]{8}-[0-9a-f]{4}")
PLACED = {
    "channel": "self_employment", "employer": USER, "post": USER,
    "work_division": "140105001001", "wage": 123450, "flexible_kind": None,
    "contract": {"from": "2009-03-02", "until": "2010-03-01", "doc": None},
}  # fmt: skip


def visiting(lang: str) -> Visit:
    """Start a visit in a language that asks no API."""
    query = f"lang={lang}".encode()
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query, "headers": []}
    config = ConsoleConfig("http://write", "http://read", SecretStr("a secret of this very test"))
    site = Site(config, Apis(config, httpx.AsyncClient()), cast(Keeper, None))
    site.names[COMMUNITY] = "学府社区"
    return Visit(site, Request(scope), None)


def opened(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a body as a page has it: what was sealed is a text."""
    if isinstance(value, dict):
        sealed = value.keys() == {"k", "a", "n", "c"}
        return "示例" if sealed else {k: opened(v) for k, v in value.items()}
    return [opened(v) for v in value] if isinstance(value, list) else value


def titles(found: Told) -> Iterator[str]:
    """Yield every title of a field."""
    for title, inner in found.lines:
        yield title
        yield from titles(inner)
    for row in found.rows:
        yield from titles(row)


def texts(found: Told) -> Iterator[str]:
    """Yield every value."""
    yield found.text
    for inner in (*(x for _, x in found.lines), *found.rows):
        yield from texts(inner)


def words_of(lang: str) -> dict[str, Callable[[object], str]]:
    """Return what a template says findings with."""
    visit = visiting(lang)
    return judging(lang, visit.site.names, visit.word)


def said(type_: str, body: dict[str, Any], lang: str = "zh") -> str:
    """Return what a body says, in one text."""
    found = told(visiting(lang), type_, body)
    return " ".join([*titles(found), *texts(found)])


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_event_is_told_with_titles_and_words_in_both_languages(lang: str) -> None:
    faults = {}
    for file in sorted(GOLDEN.glob("*.json")):
        found = told(visiting(lang), file.stem, opened(json.loads(file.read_text())))
        wordless = [t for t in titles(found) if lang == "zh" and t.isascii()]
        raw = [t for t in (*titles(found), *texts(found)) if RAW.search(t)]
        if wordless or (raw and file.stem not in ITS_OWN):
            faults[file.stem] = wordless + raw
    assert faults == {}


def test_money_is_told_in_yuan_offices_by_name_and_codes_in_words() -> None:
    text = said("posts.placed_in_job.v1", PLACED)
    for words in ("1,234.50 元", "学府社区", "自谋职业、自主创业"):
        assert words in text
    for raw in ("123450", COMMUNITY, "self_employment", USER, "（分"):
        assert raw not in text


def test_a_text_of_json_and_a_type_of_event_are_told_in_words_too() -> None:
    body = {
        "of": "assistance.status_reported.v1", "corrects": CASE, "proposal": CASE,
        "body": {"status": "unemployed", "since": "2008-06-01", "in_person": True},
    }  # fmt: skip
    text = said("assistance.fact_corrected.v1", body)
    assert "assistance" not in text
    assert "是" in text
    wish = {"corrects": CASE, "reason": "wrong_day", "replacement": '{"in_person":false}'}
    text = said("assistance.correction_proposed.v1", wish)
    assert "{" not in text
    assert "否" in text


@pytest.mark.requirement("X14")
def test_a_read_names_the_page_it_was_made_on() -> None:
    body = {"person": PERSON, "fields": ["name"], "page": "households", "mode": "view"}
    assert "零就业家庭" in said("registry.person_read.v1", body)


@pytest.mark.requirement("R22")
@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("open on 2008-06-12", "2008-06-12 失业登记有效", "registered on 2008-06-12"),
        ("running on 2008-07-25", "2008-07-25 正在享受", "running on 2008-07-25"),
        ("reached none", "须至 无", "reached on none"),
        ("yes", "是", "yes"),
        (">= 40", "不少于 40", "at least 40"),
        ("state, collective", "国有、集体", "State-owned, Collective"),
        ("state, collective or insured >= 36 months", "国有、集体，或参保不少于 36 个月",
         "State-owned, Collective, or insured for 36 months"),
        ("16 … 2013-05-01", "16 至 2013-05-01", "16 to 2013-05-01"),
        ("14 urban", "山西省，非农业（城市）", "Shanxi, Urban"),
        ("140105001001 rural", "学府社区，农业", "学府社区, Rural"),
        ("14", "14", "14"),
        ("41", "41", "41"),
    ],
)  # fmt: skip
def test_what_a_condition_was_held_against_is_told_in_words(text: str, zh: str, en: str) -> None:
    assert words_of("zh")["judged"](text) == zh
    assert words_of("en")["judged"](text) == en


@pytest.mark.requirement("R22")
def test_every_condition_that_the_rules_judge_has_words_that_do_not_say_the_outcome() -> None:
    found = set()
    for file in sorted(RULES.glob("*.py")):
        found |= set(re.findall(r'Finding\(\s*"(\w+)"', file.read_text("utf-8")))
    assert {"working_age", "unemployment_registration", "dibao"} <= found
    for lang in ("zh", "en"):
        words = {code: words_of(lang)["condition"](code) for code in found}
        assert not [code for code, said in words.items() if said == code or "不" in said]


@pytest.mark.requirement("R22", "X20")
async def test_the_printed_decision_says_its_findings_in_words() -> None:
    apis, finding = prints.apis(), {"condition": "working_age", "value": "46", "ok": True,
                                    "boundary": "16 … 2013-05-01", "clause": "R9"}  # fmt: skip
    decided = apis.answers["/api/events/14"]
    apis.answers["/api/events/14"] = decided | {"body": decided["body"] | {"findings": [finding]}}
    said, _ = await prints.printed(prints.DOCUMENTS[2], apis)
    assert re.search(r"法定劳动年龄\s+46\s+16 至 2013-05-01\s+R9\s+是", said)


async def test_the_page_of_an_event_folds_its_raw_data_away() -> None:
    apis = fake.Apis()
    apis.answers["/api/events/7"] = EVENT | {
        "type": "registry.rule_parameter_set.v1", "person": PERSON,
        "body": {"key": "certification.notice_days", "value": "7", "from": "2009-03-02",
                 "proposal": CASE},
    }  # fmt: skip
    visitor = fake.browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get("/events/7")).text
    folded = re.findall(r"<details.*?</details>", page, re.DOTALL)
    assert any("&#34;key&#34;: &#34;certification.notice_days&#34;" in part for part in folded)
    open_part = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "公示期（不少于）" in open_part
    assert "certification.notice_days" not in open_part
    assert CASE not in re.sub(r'(?:href|value)="[^"]*"', "", open_part)


@pytest.mark.parametrize(
    ("type_", "name", "words"),
    [
        ("certification.street_reviewed.v1", "opinion", "意见"),
        ("certification.street_reviewed.v1", "text", "意见内容"),
        ("certification.community_registered.v1", "opinion", "社区意见"),
        ("certification.exited.v1", "proposal", "提议"),
        ("certification.fact_corrected.v1", "proposal", "更正提议"),
        ("certification.review_decided.v1", "outcome", "结论"),
        ("registry.rule_parameter_proposed.v1", "key", "参数"),
    ],
)
def test_a_field_has_the_words_of_the_form_that_recorded_it(
    type_: str, name: str, words: str
) -> None:
    found = told(visiting("zh"), type_, {name: "agree"})
    assert [title for title, _ in found.lines] == [words]
