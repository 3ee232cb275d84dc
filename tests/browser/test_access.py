"""Access in a browser: a number shown once and on record, a role and an export by two hands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_clerk import shown
from tests.browser.town import DAY, PASSWORD, STREET, Town

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.kafka]


def leave(page: Page) -> None:
    """Sign out."""
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/login"))


@pytest.mark.requirement("X14")
@pytest.mark.requirement("X15")
def test_a_number_is_revealed_for_a_reason_once_and_stands_in_who_looked(
    officer: Page, town: Town
) -> None:
    person = town.enrol()
    number = person.body["national_id"]
    shown(town, person.id, "")
    officer.goto(f"/persons/{person.id}")
    officer.get_by_role("link", name="显示 公民身份号码").focus()
    officer.keyboard.press("Enter")
    officer.locator("#send").click()
    expect(officer.locator("#errors")).to_contain_text("理由")
    officer.locator('[name="reason"]').select_option("identity_check")
    officer.locator('[name="text"]').fill("核对居民身份证")
    officer.locator("#send").click()
    expect(officer.locator("#revealed")).to_contain_text(number)
    assert number not in officer.url
    cookies = "".join(c["value"] for c in officer.context.cookies())
    assert number not in cookies
    officer.reload()
    expect(officer.locator("#errors")).to_contain_text("已经使用过")
    assert number not in officer.content()
    officer.goto(f"/persons/{person.id}")
    assert number not in officer.content()
    officer.get_by_role("link", name="谁看过").click()
    row = officer.locator("#reads tbody tr", has_text="显示完整号码").last
    for words in ("刘敏", "社区经办人", "学府社区", "公民身份号码", "核对居民身份证"):
        expect(officer.locator("#reads")).to_contain_text(words)
    expect(row).to_be_visible()


@pytest.mark.requirement("X14")
def test_without_javascript_a_number_is_revealed_all_the_same(
    chromium: Browser, town: Town
) -> None:
    person = town.enrol()
    shown(town, person.id, "")
    context = chromium.new_context(base_url=town.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "community_officer")
    page.goto(f"/persons/{person.id}/reveal?field=phone")
    page.locator('[name="reason"]').select_option("contact")
    page.locator("#send").click()
    expect(page.locator("#revealed")).to_have_text(re.compile(person.body["phone"]))
    context.close()


@pytest.mark.requirement("R23")
def test_a_role_is_proposed_by_one_approved_by_another_and_then_works(page: Page) -> None:
    sign_in(page, "operator")
    page.goto("/accounts")
    for office in ("太原市", "小店区", "坞城街道", "学府社区"):
        page.get_by_role("link", name=office, exact=True).click()
    page.get_by_role("link", name="为学府社区开通账号").click()
    expect(page.locator(".fixed")).to_contain_text("学府社区")
    page.locator('[name="name"]').fill("周芳")
    page.locator('[name="login"]').fill("zhou")
    page.locator("#send").click()
    page.get_by_role("link", name="返回账号").click()
    expect(page.locator("#next-step")).to_contain_text("还没有岗位")
    account = page.url.split("?")[0]
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="设置密码").click()
    expect(page.get_by_text("密码已设置")).to_be_visible()
    page.locator("#next-step + p a").click()
    page.locator('[name="role"]').select_option("community_head")
    page.get_by_label("学府社区").check()
    page.locator('[name="from"]').fill("2009-03-02")
    page.locator("#send").click()
    expect(page.locator("#next-step")).to_contain_text("坞城街道 街道签署人（负责人）")
    page.get_by_role("link", name="返回账号").click()
    expect(page.locator("main")).to_contain_text("须由另一人批准")
    expect(page.get_by_role("link", name="批准岗位")).to_have_count(0)
    leave(page)

    sign_in(page, "street_signer")
    page.goto("/tasks")
    waiting = page.locator("#waiting tbody tr", has_text="周芳")
    waiting.get_by_role("link", name="查看并批准").click()
    assert page.url.split("?")[0] == account
    page.get_by_role("link", name="批准岗位").click()
    page.locator("#send").click()
    page.get_by_role("link", name="返回账号").click()
    expect(page.locator("#roles")).to_contain_text("社区负责人")
    page.goto("/tasks")
    expect(page.locator("main")).not_to_contain_text("周芳")
    leave(page)

    sign_in(page, "zhou")
    expect(page.locator("#as")).to_have_text("社区负责人")
    page.goto("/accounts")
    expect(page.get_by_role("heading", level=1)).to_have_text("账号与角色")


@pytest.mark.requirement("X15")
def test_an_unmasked_export_is_asked_by_one_and_approved_by_another(officer: Page) -> None:
    officer.goto("/exports")
    officer.get_by_role("link", name="申请导出").click()
    officer.get_by_label("未遮盖").check()
    officer.locator("#send").click()
    expect(officer.locator("#errors")).to_contain_text("请填写理由")
    expect(officer.get_by_label("未遮盖")).to_be_checked()
    officer.locator('[name="reason"]').fill("向街道报送名册")
    officer.locator("#send").click()
    expect(officer.locator("#must")).to_contain_text("须由另一人批准")
    export = officer.url.split("?")[0]
    refused = officer.goto(f"{export}/file")
    assert refused is not None
    assert refused.status in {403, 404, 409}
    leave(officer)

    sign_in(officer, "street_signer")
    officer.goto("/tasks")
    row = officer.locator("#waiting tbody tr", has_text="向街道报送名册")
    row.get_by_role("link", name="查看并批准").click()
    officer.get_by_role("link", name="批准导出").click()
    officer.locator("#send").click()
    officer.get_by_role("link", name="返回导出").click()
    expect(officer.locator("main [data-state]")).not_to_have_text("! 待批准")
    expect(officer.locator("main")).to_contain_text("王强")


@pytest.mark.requirement("R43")
def test_a_refusal_says_which_right_is_missing_and_who_can_give_it(
    officer: Page, town: Town
) -> None:
    officer.goto(f"/do/registry.propose_role?user={town.accounts['community_officer']}")
    officer.locator('[name="role"]').select_option("community_head")
    officer.get_by_label("学府社区").check()
    officer.locator('[name="from"]').fill("2009-03-02")
    officer.locator("#send").click()
    helps = officer.locator("#who-helps")
    expect(helps).to_contain_text("缺少岗位：社区负责人")
    expect(helps).to_contain_text("坞城街道的街道签署人（负责人）批准")
    officer.goto(f"/persons?office={STREET}")
    expect(officer.locator("#who-helps")).to_contain_text("缺少辖区")


@pytest.mark.requirement("X10")
def test_what_one_acts_as_stands_in_the_head_of_every_page(officer: Page) -> None:
    officer.goto("/me")
    expect(officer.locator("#acting-now")).to_contain_text("社区经办人")
    expect(officer.locator("main")).to_contain_text("提出认定申请")
    for path in ("/tasks", "/persons", "/status"):
        officer.goto(path)
        expect(officer.locator("#as")).to_have_text("社区经办人")


@pytest.mark.requirement("X10")
def test_a_deputy_switches_and_acts_for_the_giver_whose_name_is_kept(
    page: Page, town: Town
) -> None:
    giver, about = town.accounts["street_signer"], town.accounts["community_officer"]
    town.staff(STREET, "street_officer")
    term = {
        "user": giver, "deputy": town.accounts["street_officer"], "scope": ["street_signer"],
        "from": DAY, "until": "2009-03-31", "reason": "leave",
    }  # fmt: skip
    town.do("street_signer", "registry.delegate", term)
    sign_in(page, "street_officer")
    page.goto("/me")
    page.get_by_label("代 王强 办理").check()
    page.get_by_role("button", name="切换身份").click()
    expect(page.locator("#as")).to_have_text("代 王强 · 街道签署人（负责人）")
    page.goto(f"/do/registry.propose_role?user={about}&next=/accounts/{about}")
    expect(page.locator("main")).to_contain_text("您正代 王强 办理")
    page.locator('[name="role"]').select_option("community_head")
    page.locator('[name="from"]').fill(DAY)
    page.locator("#send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已办理：提名岗位")
    found = town.ask("street_signer", f"/api/accounts/{about}").json()["proposed"][0]
    assert (found["by"], found["on_behalf_of"]) == (town.accounts["street_officer"], giver)
    assert found["own_hand"]
