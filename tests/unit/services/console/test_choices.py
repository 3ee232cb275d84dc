"""A form offers the offices that may be right, and has chosen where only one answer can be."""

from __future__ import annotations

import re

import pytest

from services.console.codes import PAPER_OF, is_known
from services.console.shapes import Shape, shapes
from services.console.wishes import wishes
from tests.unit.services.console.canned import CASE, COMMUNITY, ME, PERSON
from tests.unit.services.console.fake import Apis, browser

STREET = "140105001000"
ABOVE = [
    {"office": "140000000000", "name": "山西省", "level": "province", "kind": "labour"},
    {"office": "140100000000", "name": "太原市", "level": "city", "kind": "labour"},
    {"office": "140105000000", "name": "小店区", "level": "county", "kind": "labour"},
]
BENEATH = [{"office": COMMUNITY, "name": "学府社区", "level": "community", "kind": "labour"}]


async def options(command: str, name: str) -> list[tuple[str, bool]]:
    """Return what a select of a street's form offers: (value, whether it is chosen)."""
    apis = Apis()
    apis.answers["/api/me"] = ME | {"office": STREET, "level": "street", "roles": ["street_signer"]}
    apis.answers[f"/api/offices/{STREET}"] = {
        "office": STREET, "name": "坞城街道", "level": "street", "kind": "labour",
        "parents": ABOVE, "children": BENEATH,
    }  # fmt: skip
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/do/{command}?case={CASE}&about={PERSON}")).text
    select = re.search(rf'<select [^>]*name="{name}".*?</select>', page, re.DOTALL)
    found = re.findall(r'<option value="([^"]*)"( selected)?', select[0] if select else "")
    return [(value, bool(chosen)) for value, chosen in found]


@pytest.mark.requirement("R22")
async def test_a_case_goes_to_the_county_above_and_to_no_other_office() -> None:
    found = await options("certification.forward_to_county", "county")
    assert found == [("", False), ("140105000000", True)]


@pytest.mark.requirement("R21")
async def test_a_signature_is_a_signature_page_unless_another_kind_is_chosen() -> None:
    found = await options("certification.street_review", "signature.kind")
    assert [value for value, chosen in found if chosen] == ["signature"]
    assert len(found) > 2


def test_every_kind_that_is_chosen_has_words_and_belongs_to_a_paper_that_must_be_there() -> None:
    assert [kind for kind in PAPER_OF.values() if not is_known(kind)] == []
    bodies: list[Shape] = [s for c in wishes().values() for s in shapes(c) if s.kind == "body"]
    assert {s.path for s in bodies if s.path in PAPER_OF} == PAPER_OF.keys()
    assert [s.path for s in bodies if s.path in PAPER_OF and not s.required] == []
