"""After an act the console names the next step of the case, who does it and from when."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import PERSON, person
from tests.unit.services.console.fake import Apis, browser

DONE = f"/done/certification.register_at_community?about={PERSON}"


async def step(state: str) -> str:
    """Return what the page says is next for a case in a state."""
    apis = Apis()
    apis.answers[f"/api/persons/{PERSON}"] = person(state=state)
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


async def test_a_step_of_ones_own_is_a_link_and_anothers_is_not() -> None:
    assert "/do/certification.post_notice?" in await step("registered")
    assert "href" not in await step("county_reviewed")


async def test_a_withdrawn_case_has_no_next_step() -> None:
    assert await step("withdrawn") == ""
