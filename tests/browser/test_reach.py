"""Every page for everybody: no barrier that axe finds, keyboard, small screens, both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.town import COMMUNITY, COUNTY, Town, eventually

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.kafka]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/tasks", "/persons", "/persons/{person}", "/households", "/apply", "/apply?person={person}",
    "/acts", f"/o/{COMMUNITY}", f"/o/{COMMUNITY}/figures/M2", "/audit", "/rules/R17", "/status",
    "/definitions", "/definitions/M2",
    "/me", "/accounts", "/exports", "/exports/new", "/persons/{person}/reads",
    "/persons/{person}/reveal?field=phone",
    "/do/registry.register_person", "/do/certification.file_application?person={person}",
    "/do/certification.register_at_community?case={case}&about={person}",
)  # fmt: skip
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def filed(town: Town) -> dict[str, str]:
    """File one application that all pages can show."""
    person = town.enrol()
    case = town.file(person)
    path = f"/api/persons/{person.id}"
    eventually(
        lambda: town.ask("community_officer", path),
        lambda a: a.status_code == 200 and a.json().get("state") == "filed",
    )
    return {"person": person.id, "case": case}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Name a colour scheme."""
    return str(request.param)


@pytest.fixture
def reader(
    chromium: Browser, town: Town, scheme: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """Open a signed-in page of a size in a colour scheme."""
    width, height = SIZES[getattr(request, "param", "wide")]
    context = chromium.new_context(
        base_url=town.url,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=False,
    )
    page = context.new_page()
    sign_in(page, "community_officer")
    yield page
    context.close()


@pytest.mark.parametrize("reader", SIZES, indirect=True)
def test_axe_finds_no_barrier_on_any_page(reader: Page, filed: dict[str, str]) -> None:
    found = {}
    for path in PAGES:
        reader.goto(path.format(**filed))
        results = Axe().run(reader, options={"runOnly": RULES, "resultTypes": ["violations"]})
        if results.violations_count:
            found[path] = results.generate_report()
    assert found == {}


def test_axe_finds_no_barrier_at_the_sign_in_and_on_an_error(page: Page) -> None:
    for path in ("/login", "/nowhere"):
        page.goto(path)
        results = Axe().run(page, options={"runOnly": RULES})
        assert results.violations_count == 0, results.generate_report()


def test_no_page_is_wider_than_a_phone(
    chromium: Browser, town: Town, filed: dict[str, str]
) -> None:
    context = chromium.new_context(base_url=town.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, "community_officer")
    wide = []
    for path in PAGES:
        page.goto(path.format(**filed))
        if page.evaluate("() => document.documentElement.scrollWidth") > 390:
            wide.append(path)
    context.close()
    assert wide == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_longest_menu_fits_in_one_line_of_a_small_screen(
    chromium: Browser, town: Town, lang: str
) -> None:
    context = chromium.new_context(base_url=town.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, "street_signer")
    page.goto(f"/acts?lang={lang}")
    boxes = [box_of(link) for link in page.locator("header nav a").all()]
    parts = ("header", ".brand", ".who")
    header, brand, own = (box_of(page.locator(part)) for part in parts)
    context.close()
    assert len(boxes) == 9
    assert {box["y"] for box in boxes} == {boxes[0]["y"]}
    assert {round(box["height"]) for box in boxes} == {round(boxes[0]["height"])}
    assert boxes[0]["height"] < 50
    assert brand["x"] + brand["width"] <= own["x"]
    assert header["height"] < 110


def box_of(shown: Locator) -> FloatRect:
    """Return where something stands on its page."""
    found = shown.bounding_box()
    assert found is not None
    return found


def test_every_control_is_reached_by_tab_and_seen(officer: Page, filed: dict[str, str]) -> None:
    officer.goto(f"/persons/{filed['person']}")
    wanted = officer.evaluate(
        "() => [...document.querySelectorAll('a[href], button:not([disabled]), summary, input')]"
        ".filter(e => e.checkVisibility() && e.type !== 'hidden').length"
    )
    reached = set()
    for _ in range(wanted + 5):
        officer.keyboard.press("Tab")
        told = officer.evaluate(
            "() => { const e = document.activeElement, r = e.getBoundingClientRect(),"
            " s = getComputedStyle(e); return [e.outerHTML.slice(0, 200) + r.top + r.left,"
            " s.outlineStyle !== 'none', e.tagName]; }"
        )
        if told[2] not in {"BODY", "HTML"}:
            assert told[1], f"no visible focus: {told[0]}"
            reached.add(told[0])
    assert len(reached) >= wanted


def test_the_first_tab_skips_to_the_content(officer: Page) -> None:
    officer.goto("/persons")
    officer.keyboard.press("Tab")
    expect(officer.get_by_role("link", name="跳到正文")).to_be_focused()
    officer.keyboard.press("Enter")
    expect(officer.locator("#main")).to_be_focused()


def test_english_is_kept_from_page_to_page(officer: Page) -> None:
    officer.goto("/persons?lang=en")
    officer.goto("/apply")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Application")
    officer.goto("/apply?lang=zh")


def test_the_dark_button_keeps_its_choice(officer: Page) -> None:
    officer.goto("/persons")
    officer.get_by_role("button", name="深色").click()
    officer.goto("/audit")
    assert officer.locator("html").get_attribute("data-theme") == "dark"


def test_a_county_head_drills_from_the_county_to_the_community(page: Page) -> None:
    sign_in(page, "county_head")
    page.goto(f"/o/{COUNTY}")
    expect(page.get_by_role("heading", level=1)).to_have_text("小店区目标考核")
    page.get_by_role("link", name="坞城街道").click()
    page.get_by_role("link", name="学府社区").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("学府社区目标考核")
    page.locator(".metric .big a").first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("组成此数")


def test_an_event_leads_to_its_clause(officer: Page, filed: dict[str, str]) -> None:
    officer.goto(f"/persons/{filed['person']}")
    officer.locator(".timeline a:visible").first.click()
    officer.get_by_role("link", name="R17", exact=True).click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("规则 R17")
    expect(officer.locator("main")).to_contain_text("居住地社区")
