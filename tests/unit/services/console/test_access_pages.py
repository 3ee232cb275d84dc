"""Pages for access: a number shown once, who looked, as what one acts, and two hands (X14, R23)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.services.console.canned import (
    ACCOUNT,
    ASKED,
    CASE,
    EXPORT,
    OFFICE,
    PERSON,
    READS,
    USER,
    person,
)
from tests.unit.services.console.fake import FULL, Apis, Browser, browser, token_of

REVEAL = f"/persons/{PERSON}/reveal"
ROLE: dict[str, Any] = {
    "code": "forbidden", "status": 403, "zh": "无权办理。", "en": "Not permitted.",
    "next_zh": "请由有权的单位办理。", "next_en": "Ask.", "data": {"rule": "deny.role"},
}  # fmt: skip
STREET = {"office": "140105001000", "name": "坞城街道", "level": "street", "path": "140105001"}
OWN = OFFICE | {
    "office": "140105001001", "name": "学府社区", "level": "community", "kind": "labour",
    "path": "140105001001", "parents": [STREET],
}  # fmt: skip


async def visitor(**answers: Any) -> Browser:  # noqa: ANN401
    apis = Apis()
    apis.answers["/api/offices/140105001001"] = OWN
    apis.answers |= {path.replace("__", "/"): found for path, found in answers.items()}
    found = browser(apis)
    await found.sign_in()
    return found


async def asked(visitor: Browser, **typed: str) -> dict[str, str]:
    page = (await visitor.http.get(REVEAL)).text
    hidden = {n: token_of(page, n) for n in ("_csrf", "_command_id")}
    return {**hidden, "fields": "phone", "reason": "contact", **typed}


@pytest.mark.requirement("X15")
async def test_a_masked_number_has_a_button_and_an_open_value_has_none() -> None:
    guest = await visitor()
    page = (await guest.http.get(f"/persons/{PERSON}")).text
    assert f'href="{REVEAL}?field=phone"' in page
    assert "field=sex" not in page
    assert (
        f'href="{REVEAL}?field=phone"'
        not in (await guest.http.get(f"/persons/{PERSON}?valid=2009-01-31")).text
    )


@pytest.mark.requirement("X14")
async def test_a_number_is_shown_for_a_reason_once_and_leaves_no_trace() -> None:
    guest = await visitor()
    form = await asked(guest)
    shown = await guest.http.post(REVEAL, data=form)
    assert shown.status_code == 200
    assert FULL["phone"] in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert FULL["phone"] not in str(shown.url) + str(shown.headers)
    name, _, _, body = guest.apis.sent[0]
    assert (name, body["person"], body["reason"]) == ("registry.reveal_fields", PERSON, "contact")
    again = await guest.http.post(REVEAL, data=form)
    assert again.status_code == 409
    assert FULL["phone"] not in again.text
    assert "已经使用过" in again.text


@pytest.mark.requirement("X14")
async def test_a_number_is_not_shown_without_a_reason_or_with_another_sessions_form() -> None:
    guest = await visitor()
    for typed in ({"reason": ""}, {"_csrf": "0"}, {"fields": ""}):
        answer = await guest.http.post(REVEAL, data=await asked(guest, **typed))
        assert answer.status_code in {403, 422}
        assert FULL["phone"] not in answer.text
    assert not guest.apis.sent


@pytest.mark.requirement("X14")
async def test_a_refused_reveal_says_which_right_is_missing_and_who_gives_it() -> None:
    guest = await visitor()
    guest.apis.refusals.append((403, ROLE))
    answer = await guest.http.post(REVEAL, data=await asked(guest))
    assert answer.status_code == 403
    assert "缺少岗位：社区经办人、社区负责人（任一即可）" in answer.text
    assert "由坞城街道的街道签署人（负责人）批准" in answer.text
    assert FULL["phone"] not in answer.text


@pytest.mark.requirement("X14")
async def test_outside_the_area_the_way_is_an_emergency_with_a_reason() -> None:
    guest = await visitor()
    outside = ROLE | {"data": {"rule": "deny.area"}}
    guest.apis.refusals.append((403, outside))
    page = (await guest.http.post(REVEAL, data=await asked(guest))).text
    assert "缺少辖区" in page
    assert f"/do/registry.open_emergency_access?person={PERSON}" in page


@pytest.mark.requirement("X14")
async def test_who_looked_names_who_in_which_role_what_and_why() -> None:
    guest = await visitor()
    guest.apis.answers[f"/api/persons/{PERSON}/events"] = {"items": READS}
    page = (await guest.http.get(f"/persons/{PERSON}/reads")).text
    for words in ("王强", "街道签署人（负责人）", "显示完整号码", "联系本人", "刘敏", "个人档案"):
        assert words in page
    url = next(u for u in guest.apis.asked if u.path.endswith("/events"))
    assert url.params["of"] == "reads"


@pytest.mark.requirement("X14")
async def test_every_opening_names_the_page_it_is_for() -> None:
    guest = await visitor()
    for path in ("/tasks", f"/persons/{PERSON}", "/events/7"):
        await guest.http.get(path)
    assert list(dict.fromkeys(guest.apis.pages)) == ["tasks", "person", "event"]


async def switched(guest: Browser, choice: str) -> str:
    page = (await guest.http.get("/me")).text
    form = {"_csrf": token_of(page, "_csrf"), "_as": choice}
    await guest.http.post("/acting", data=form)
    return (await guest.http.get("/me")).text


async def sent(guest: Browser) -> tuple[dict[str, Any], str]:
    form = await asked(guest)
    await guest.http.post(REVEAL, data=form)
    return guest.apis.sent[-1][3], guest.apis.roles_sent[-1]


@pytest.mark.requirement("R23")
async def test_one_acts_in_one_role_and_the_head_of_each_page_says_so() -> None:
    guest = await visitor()
    page = await switched(guest, "role:community_head")
    assert '<span class="as" id="as">社区负责人</span>' in page
    tasks = (await guest.http.get("/tasks")).text
    assert '<span class="as" id="as">社区负责人</span>' in tasks
    assert (await sent(guest))[1] == "community_head"
    assert '<span class="as" id="as">社区负责人、社区经办人</span>' in await switched(guest, "")
    assert (await sent(guest))[1] == ""


@pytest.mark.requirement("X10")
async def test_a_deputy_acts_for_the_giver_and_both_names_go_along() -> None:
    guest = await visitor()
    assert "代 周芳 · 社区负责人" in await switched(guest, f"for:{USER}")
    body, role = await sent(guest)
    assert (body["on_behalf_of"], role) == (USER, "")


@pytest.mark.requirement("X10")
async def test_what_is_not_offered_cannot_be_chosen() -> None:
    guest = await visitor()
    for choice in ("role:county_head", f"for:{CASE}"):
        page = await switched(guest, choice)
        assert '<span class="as" id="as">社区负责人、社区经办人</span>' in page


@pytest.mark.requirement("X10")
async def test_a_term_that_is_over_is_a_refusal_and_no_sign_in() -> None:
    guest = await visitor()
    await switched(guest, f"for:{USER}")
    guest.apis.refusals.append((401, {"code": "unauthenticated"}))
    answer = await guest.http.post(REVEAL, data=await asked(guest))
    assert answer.status_code == 403
    assert "代办授权已结束" in answer.text


async def test_my_access_says_what_a_role_may_do_and_what_is_open() -> None:
    page = (await (await visitor()).http.get("/me")).text
    for words in (
        "提出认定申请",
        "可以查看",
        "个人档案",
        "周芳",
        "2009-03-31",
        "至 2009-03-02 14:00",
    ):
        assert words in page


@pytest.mark.requirement("R23")
async def test_who_proposed_a_role_reads_that_another_approves_and_finds_no_button() -> None:
    guest = await visitor()
    page = (await guest.http.get(f"/accounts/{USER}")).text
    assert "须由另一人批准" in page
    assert "坞城街道 街道签署人（负责人）" in page
    assert "/do/registry.approve_role" not in page
    wish = ACCOUNT["proposed"][0] | {"own_hand": False, "may_approve": True}
    guest.apis.answers[f"/api/accounts/{USER}"] = ACCOUNT | {"proposed": [wish]}
    assert "/do/registry.approve_role?user=" in (await guest.http.get(f"/accounts/{USER}")).text


@pytest.mark.requirement("R23")
async def test_a_form_for_a_role_offers_what_the_office_gives_and_nothing_else() -> None:
    page = (await (await visitor()).http.get(f"/do/registry.propose_role?user={USER}")).text
    assert 'value="community_head"' in page
    assert 'value="county_head"' not in page
    assert "周芳" in page


@pytest.mark.requirement("X15")
async def test_what_waits_for_a_second_hand_stands_on_its_task_list() -> None:
    page = (await (await visitor()).http.get("/tasks")).text
    assert '<span class="count" id="waiting-count">2</span>' in page
    assert f'href="/accounts/{USER}"' in page
    assert f'href="/exports/{EXPORT}"' in page


@pytest.mark.requirement("X15")
async def test_an_unmasked_export_needs_a_reason_and_says_who_approves() -> None:
    guest = await visitor()
    page = (await guest.http.get("/exports/new")).text
    form = {n: token_of(page, n) for n in ("_csrf", "_command_id")}
    form |= {"kind": "ledger", "office": "140105001001", "masked": "false", "format": "csv"}
    assert (await guest.http.post("/exports/new", data=form)).status_code == 422
    assert not guest.apis.sent
    answer = await guest.http.post("/exports/new", data=form | {"reason": "报送名册"})
    assert answer.status_code == 303
    assert guest.apis.sent[0][3]["masked"] is False
    assert guest.apis.sent[0][3]["query"] == {"kind": "ledger", "office": "140105001001"}
    one = (await guest.http.get(f"/exports/{EXPORT}")).text
    assert "坞城街道 街道签署人（负责人）" in one
    assert "/file" not in one


@pytest.mark.requirement("X15")
async def test_a_file_comes_as_a_download_to_who_asked_and_a_refusal_is_a_page() -> None:
    guest = await visitor()
    missing = await guest.http.get(f"/exports/{EXPORT}/file")
    assert missing.status_code == 404
    guest.apis.answers[f"/api/exports/{EXPORT}/file"] = {"rows": 1}
    file = await guest.http.get(f"/exports/{EXPORT}/file")
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    ready = ASKED | {"state": "approved", "standing": "ready"}
    guest.apis.answers[f"/api/exports/{EXPORT}"] = ready
    assert f"/exports/{EXPORT}/file" in (await guest.http.get(f"/exports/{EXPORT}")).text
    guest.apis.answers[f"/api/exports/{EXPORT}"] = ready | {"yours": False}
    theirs = (await guest.http.get(f"/exports/{EXPORT}")).text
    assert "文件只交给申请人 周芳 本人" in theirs
    assert f"/exports/{EXPORT}/file" not in theirs


def test_the_persons_numbers_are_those_that_can_be_revealed() -> None:
    assert FULL.keys() == {"phone", "national_id"}
    assert "phone" in {c["name"] for c in person()["cells"]}
