"""After an act the console names the next step of the case, who does it and from when."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import ME, PERSON, TASK, person
from tests.unit.services.console.fake import Apis, browser

DONE = f"/done/certification.register_at_community?about={PERSON}"


async def step(state: str, **told: object) -> str:
    """Return what the page says is next for a case in a state."""
    apis = Apis()
    apis.answers[f"/api/persons/{PERSON}"] = person(state=state, **told)
    visitor = browser(apis)
    await visitor.sign_in()
    found = re.search(r'<p id="next-step">(.*?)</p>', (await visitor.http.get(DONE)).text)
    return found[1] if found else ""


@pytest.mark.requirement("R19")
@pytest.mark.parametrize(
    ("state", "what", "who"),
    [
        ("filed", "社区登记", "社区经办人"),
        ("notice_closed", "街道审核", "街道"),
        ("county_reviewed", "认定", "县级"),
        ("returned", "补正", "社区"),
    ],
)
async def test_the_next_step_is_the_first_legal_one_of_the_way(
    state: str, what: str, who: str
) -> None:
    said = await step(state)
    assert re.match(rf"下一步：[^，]*{what}[^，]*，由{who}[^。]*办理。", said), said


@pytest.mark.requirement("R19")
async def test_a_running_notice_is_closed_after_its_last_day() -> None:
    said = await step("on_notice")
    assert said.startswith("下一步：公示期满（2009-02-27）后结束公示，由社区经办人办理。")


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    ("state", "mining", "opinion", "what", "who"),
    [
        ("notice_closed", False, None, "街道审核", "街道签署人（负责人）"),
        ("notice_closed", True, None, "报县级认定", "社区负责人"),
        ("street_reviewed", False, "agree", "报县级认定", "街道经办人、街道签署人（负责人）"),
        ("at_county", False, "agree", "予以认定", "县级认定人"),
        ("at_county", False, "disagree", "予以认定", "县级认定人"),
        ("at_county", True, None, "县级审核", "县级审核人"),
        ("county_reviewed", True, "agree", "予以认定", "县级认定人"),
    ],
)
async def test_the_county_reviews_in_a_mining_area_alone(
    state: str, mining: bool, opinion: str | None, what: str, who: str
) -> None:
    said = await step(state, mining_area=mining, certification={"opinion": opinion})
    assert said.startswith(f"下一步：{what}，由{who}办理。"), said


@pytest.mark.requirement("R24")
async def test_a_county_reviewer_is_offered_no_review_of_what_the_street_reviewed() -> None:
    apis = Apis()
    apis.answers["/api/me"] = ME | {"level": "county", "roles": ["county_reviewer"]}
    told = {"state": "at_county", "mining_area": False, "certification": {"opinion": "agree"}}
    apis.answers[f"/api/persons/{PERSON}"] = person(**told)
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/persons/{PERSON}")).text
    assert "/do/certification.county_review" not in page
    assert "审核由街道办理" in page
    apis.answers[f"/api/persons/{PERSON}"] |= {"mining_area": True, "certification": {}}
    mining = (await visitor.http.get(f"/persons/{PERSON}")).text
    assert "/do/certification.county_review" in mining


async def test_a_duty_leads_to_its_form_only_for_who_may_send_it() -> None:
    apis = Apis()
    apis.answers["/api/obligations"] = {"items": [TASK | {"kind": "T4"}]}
    apis.answers["/api/me"] = ME | {"level": "county", "roles": ["county_reviewer"]}
    visitor = browser(apis)
    await visitor.sign_in()
    assert "/do/" not in (await visitor.http.get("/tasks")).text
    apis.answers["/api/me"] = ME | {"level": "county", "roles": ["county_certifier"]}
    certifier = browser(apis)
    await certifier.sign_in()
    assert "/do/certification.certify" in (await certifier.http.get("/tasks")).text


async def test_a_step_of_ones_own_is_a_link_and_anothers_is_not() -> None:
    assert "/do/certification.post_notice?" in await step("registered")
    assert "href" not in await step("county_reviewed")


async def test_a_withdrawn_case_has_no_next_step() -> None:
    assert await step("withdrawn") == ""
