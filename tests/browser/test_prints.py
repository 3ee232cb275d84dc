"""Papers as a browser prints them: A4, numbered pages, heads that repeat, no number on a notice."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import sign_in
from tests.browser.test_clerk import shown
from tests.browser.test_reach import RULES
from tests.browser.town import COMMUNITY, Person, Town, eventually

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.kafka]
A4 = (595, 842)
"""Points."""
MANY = 40
"""Persons of a list that needs more than one page."""


def on_paper(page: Page) -> tuple[list[str], set[tuple[int, int]]]:
    """Print a page; return the words of each sheet without blanks, and the sheets' sizes."""
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    sizes = {(round(s.mediabox.width), round(s.mediabox.height)) for s in printed.pages}
    return [re.sub(r"\s+", "", s.extract_text()) for s in printed.pages], sizes


@pytest.fixture(scope="module")
def posted(town: Town) -> Person:
    """Register an application and post it."""
    person = town.enrol()
    case = town.file(person)
    who = "community_officer"
    town.do(who, "certification.register_at_community", {
        "case": case, "originals_seen": [0, 1, 2, 3, 4], "opinion": "情况属实",
    })  # fmt: skip
    town.do(who, "certification.post_notice", {
        "case": case, "from": "2009-03-02", "until": "2009-03-12", "place": "社区公示栏",
        "channels": ["board"], "handler": town.accounts[who], "office_phone": "0351-7000001",
        "sheet": "a" * 64,
    })  # fmt: skip
    shown(town, person.id, "on_notice")
    return person


@pytest.mark.requirement("R20", "X20", "X15")
def test_the_notice_fits_one_sheet_and_bears_no_number(
    officer: Page, town: Town, posted: Person
) -> None:
    officer.goto(f"/persons/{posted.id}")
    officer.get_by_role("link", name="打印公示表").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("就业困难人员认定申请公示")
    (sheet,), sizes = on_paper(officer)
    assert sizes == {A4}
    number = posted.body["national_id"]
    for text in (posted.name, "2009年3月12日", "刘敏", "0351-7000001", "坞城街道", "小店区",
                 "第1页，共1页"):  # fmt: skip
        assert text in sheet
    assert number not in sheet
    assert number[:6] not in sheet
    assert posted.body["phone"] not in sheet
    reads = f"/api/persons/{posted.id}/events?of=reads"
    eventually(
        lambda: town.ask("community_officer", reads),
        lambda a: any(
            (r["body"].get("page"), r["body"].get("mode")) == ("notice", "print")
            for r in a.json()["items"]
        ),
    )


@pytest.mark.requirement("X20", "X15", "R36")
def test_a_long_list_repeats_its_head_with_the_stamp_on_every_sheet(
    officer: Page, town: Town
) -> None:
    people = [town.enrol() for _ in range(MANY)]
    shown(town, people[-1].id, "")
    officer.goto("/persons")
    officer.get_by_role("link", name="打印台账").click()
    rows = officer.locator("#roster tbody tr").count()
    expect(officer.locator("#total")).to_have_text(f"共 {rows} 人")
    assert rows >= MANY
    sheets, sizes = on_paper(officer)
    assert sizes == {A4[::-1]}
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        assert "身份证号码" in sheet
        assert "数据：2009-03-02，截至事件号" in sheet
        assert "学府社区刘敏" in sheet
        assert f"第{number}页，共{len(sheets)}页" in sheet
    whole = "".join(sheets)
    assert all(person.name in whole for person in people)
    assert not any(person.body["national_id"] in whole for person in people)
    assert not any(person.body["phone"] in whole for person in people)


@pytest.mark.requirement("X20")
def test_a_paper_is_light_in_a_dark_browser_and_needs_no_script(
    chromium: Browser, town: Town, posted: Person
) -> None:
    context = chromium.new_context(
        base_url=town.url, java_script_enabled=False, color_scheme="dark", locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, "community_officer")
    page.goto(f"/print/notice/{posted.id}?lang=en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Public notice")
    (sheet,), _ = on_paper(page)
    context.close()
    assert sheet.startswith("1/1")
    assert "Printed:刘敏,学府社区" in sheet


@pytest.mark.requirement("X20", "R43")
def test_who_has_no_right_to_print_reads_which_one_is_missing(page: Page, posted: Person) -> None:
    sign_in(page, "operator")
    page.goto(f"/print/notice/{posted.id}")
    expect(page.get_by_role("alert")).to_contain_text("没有办理此事项的岗位")
    expect(page.locator("#who-helps")).to_be_visible()
    assert posted.name not in page.content()


def test_axe_finds_no_barrier_on_a_paper_and_none_is_wider_than_a_phone(
    officer: Page, posted: Person
) -> None:
    officer.set_viewport_size({"width": 390, "height": 844})
    for path in (f"/print/notice/{posted.id}", "/print/roster"):
        officer.goto(path)
        found = Axe().run(officer, options={"runOnly": RULES, "resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        assert officer.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_the_button_prints(officer: Page) -> None:
    officer.add_init_script("window.print = () => { document.title = 'printed'; }")
    officer.goto(f"/print/roster?office={COMMUNITY}")
    officer.get_by_role("button", name="打印").click()
    expect(officer).to_have_title("printed")
