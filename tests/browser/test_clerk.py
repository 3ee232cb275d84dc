"""A clerk's day in a browser: filing, refusals explained, conflicts, a session that ends."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.town import COMMUNITY, Town, eventually

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.kafka]
FILE = FilePayload(name="scan.pdf", mimeType="application/pdf", buffer=b"a scan")


def fill_paper(page: Page, prefix: str, kind: str) -> None:
    """Fill in one piece of evidence."""
    page.locator(f'[name="{prefix}.kind"]').select_option(kind)
    page.locator(f'[name="{prefix}.issuer"]').fill("公安局")
    page.locator(f'[name="{prefix}.issued_on"]').fill("2009-02-20")
    page.locator(f'input[type=file][name="{prefix}.sha256"]').set_input_files([FILE])


def tick_originals(page: Page) -> None:
    """Tick every paper of the application as seen."""
    boxes = page.locator('input[type=checkbox][name="originals_seen"]')
    expect(boxes.first).not_to_be_checked()
    for box in boxes.all():
        box.check()


def shown(town: Town, person: str, state: str) -> None:
    """Wait until the ledger shows a person in a state."""
    path = f"/api/persons/{person}"
    eventually(
        lambda: town.ask("community_officer", path),
        lambda a: a.status_code == 200 and (a.json().get("state") or "") == state,
    )


@pytest.mark.requirement("R17")
def test_a_person_is_registered_and_an_application_filed_step_by_step(
    officer: Page, town: Town
) -> None:
    who = town.invent()
    officer.goto("/apply")
    officer.get_by_role("link", name="登记人员").click()
    for name in ("name", "birth_date", "national_id", "address"):
        officer.locator(f'[name="{name}"]').fill(who.body[name])
    officer.locator('[name="sex"][value="female"], [name="sex"]').first.select_option("female")
    officer.locator('[name="residence"]').select_option(COMMUNITY)
    officer.locator('[name="hukou.division"]').fill("140105")
    officer.locator('[name="hukou.type"]').select_option("urban")
    officer.locator('[name="worker_type"]').select_option("worker")
    officer.locator('[name="special_work"][value="false"]').check()
    officer.locator("#send").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("已办理：登记人员")
    officer.get_by_role("link", name="继续办理申请").click()
    expect(officer.get_by_role("link", name=who.name)).to_be_visible()

    officer.get_by_role("link", name="办理失业登记").click()
    officer.locator('[name="last_ownership"]').select_option("state")
    fill_paper(officer, "proof.0", "termination")
    officer.get_by_text("发生时间与代理").click()
    officer.locator('[name="occurred_at"]').fill("2007-01-10T09:00")
    officer.locator("#send").click()
    officer.get_by_role("link", name="继续办理申请").click()

    officer.get_by_role("link", name="提出认定申请").click()
    officer.get_by_label("“4050”人员").check()
    kinds = ("id_card", "household_book", "unemployment_certificate", "photos", "last_contract")
    for number, kind in enumerate(kinds):
        if number:
            officer.get_by_role("button", name=re.compile("增加一行")).click()
        fill_paper(officer, f"evidence.{number}", kind)
    officer.locator('[name="attest_ability"][value="true"]').check()
    officer.locator('[name="attest_wish"][value="true"]').check()
    fill_paper(officer, "signed", "signed_form")
    officer.locator("#send").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("已办理：提出认定申请")
    expect(officer.locator("#recorded")).to_contain_text("提出认定申请")
    officer.get_by_role("link", name="查看个人档案").click()
    expect(officer.locator("#certification")).to_have_text("已申报")
    expect(officer.get_by_role("link", name="社区登记")).to_be_visible()


@pytest.mark.requirement("R13")
def test_a_person_who_does_not_qualify_is_told_why_and_loses_nothing(
    officer: Page, town: Town
) -> None:
    person = town.enrol(registered="2009-02-02")
    shown(town, person.id, "")
    officer.goto(f"/do/certification.file_application?person={person.id}")
    officer.get_by_label("长期失业人员").check()
    fill_paper(officer, "evidence.0", "id_card")
    officer.locator('[name="attest_ability"][value="true"]').check()
    officer.locator('[name="attest_wish"][value="true"]').check()
    fill_paper(officer, "signed", "signed_form")
    officer.locator("#send").click()
    summary = officer.locator("#errors")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("意见")
    expect(summary).to_contain_text("下一步")
    expect(officer.get_by_label("长期失业人员")).to_be_checked()
    expect(officer.locator('[name="evidence.0.issuer"]')).to_have_value("公安局")


def test_an_empty_form_names_each_gap_and_leads_to_it(officer: Page) -> None:
    officer.goto("/do/registry.register_person")
    officer.locator("#send").click()
    summary = officer.locator("#errors")
    expect(summary).to_be_focused()
    expect(officer).to_have_title(re.compile("^错误："))
    summary.get_by_role("link", name=re.compile("姓名")).click()
    expect(officer.locator('[name="name"]')).to_be_focused()


def test_two_sends_of_one_form_make_one_event(officer: Page, town: Town) -> None:
    person = town.enrol()
    case = town.file(person)
    shown(town, person.id, "filed")
    officer.goto(f"/do/certification.register_at_community?case={case}&about={person.id}")
    tick_originals(officer)
    officer.locator('[name="opinion"]').fill("情况属实")
    form = officer.locator("form.form")
    data = form.evaluate("f => Object.fromEntries(new FormData(f))")
    action = form.get_attribute("action") or ""
    first = officer.request.post(action, multipart=data)
    again = officer.request.post(action, multipart=data)
    assert (first.status, again.status) == (200, 200)
    shown(town, person.id, "registered")
    events = town.ask("community_officer", f"/api/persons/{person.id}/events").json()["items"]
    types = [e["type"] for e in events]
    assert types.count("certification.community_registered.v1") == 1


def test_two_clerks_on_one_case_get_a_conflict_that_says_who_did_what(
    officer: Page, town: Town
) -> None:
    person = town.enrol()
    case = town.file(person)
    shown(town, person.id, "filed")
    officer.goto(f"/persons/{person.id}")
    officer.get_by_role("link", name="社区登记").click()
    tick_originals(officer)
    officer.locator('[name="opinion"]').fill("情况属实")
    assign = {"case": case, "officer": town.accounts["community_officer"]}
    town.do("community_officer", "certification.assign_case", assign)
    officer.locator("#send").click()
    conflict = officer.locator("#conflict")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("版本 1")
    expect(conflict).to_contain_text("版本 2")
    expect(officer.locator('[name="opinion"]')).to_have_value("情况属实")
    officer.locator("#send").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("已办理：社区登记")


def test_a_session_that_ended_keeps_what_was_typed(officer: Page) -> None:
    officer.goto("/do/registry.register_person")
    officer.locator('[name="name"]').fill("陈玉梅")
    officer.context.clear_cookies()
    officer.locator("#send").click()
    expect(officer.get_by_text("没有丢失")).to_be_visible()
    officer.get_by_label("登录名").fill("community_officer")
    officer.get_by_label("密码").fill("a long enough password")
    officer.get_by_role("button", name="登录", exact=True).click()
    expect(officer.locator('[name="name"]')).to_have_value("陈玉梅")


def test_a_search_finds_by_initials_and_tail_within_the_area(officer: Page, town: Town) -> None:
    person = town.enrol()
    shown(town, person.id, "")
    officer.goto(f"/persons?q={person.body['national_id'][-4:]}")
    expect(officer.get_by_role("link", name=person.name)).to_be_visible()


@pytest.mark.requirement("X15")
def test_a_number_is_masked_and_a_name_is_shown(officer: Page, town: Town) -> None:
    person = town.enrol()
    shown(town, person.id, "")
    officer.goto(f"/persons/{person.id}")
    expect(officer.get_by_role("heading", level=1)).to_have_text(person.name)
    assert person.body["national_id"] not in officer.content()
    assert person.body["phone"] not in officer.content()


def test_a_change_elsewhere_appears_within_two_seconds_and_keeps_the_focus(
    officer: Page, town: Town
) -> None:
    person = town.enrol()
    shown(town, person.id, "")
    officer.goto(f"/persons/{person.id}")
    summary = officer.locator("#live details summary").first
    summary.focus()
    town.file(person)
    expect(officer.locator("#certification")).to_have_text("已申报", timeout=4_000)
    expect(summary).to_be_focused()


def test_without_javascript_pages_read_and_forms_submit(chromium: Browser, town: Town) -> None:
    person = town.enrol()
    shown(town, person.id, "")
    context = chromium.new_context(base_url=town.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "community_officer")
    page.goto(f"/do/registry.record_wishes?person={person.id}")
    for name in ("wants_work", "able_to_work", "startup_wish"):
        page.locator(f'[name="{name}"][value="true"]').check()
    page.locator("#send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已办理：登记求职意愿")
    context.close()


def test_a_filed_application_is_a_duty_in_the_queue_that_counts_it(
    officer: Page, town: Town
) -> None:
    person = town.enrol()
    officer.goto("/tasks")
    town.file(person)
    row = officer.locator("#tasks tbody tr", has_text=person.name)
    expect(row.first).to_be_visible(timeout=10_000)
    rows = officer.locator("#tasks tbody tr").count()
    assert officer.locator('[data-queue="open"]').inner_text() == str(rows)
    row.first.get_by_role("link", name="办理").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text("社区登记")


def test_a_token_is_renewed_by_the_write_side_while_it_stands(town: Town) -> None:
    url = f"{town.settings.write_api}/api/token/renew"
    headers = {"authorization": f"Bearer {town.tokens['community_officer']}"}
    answer = httpx.post(url, headers=headers)
    assert answer.status_code == 200
    town.tokens["renewed"] = answer.json()["token"]
    assert town.ask("renewed", "/api/me").json()["roles"] == ["community_officer"]
    assert httpx.post(url).status_code == 401
