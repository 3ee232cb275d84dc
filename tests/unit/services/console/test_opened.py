"""A value that cannot be opened now is called that, and asked for again; never "deleted"."""

from __future__ import annotations

from typing import Any

import pytest

from services.console.apis import Refused
from services.console.opened import AWAY, GONE, PLACE, opened

BOX = dict.fromkeys(PLACE, "x") | {"version": 1}


class Opening:
    """An API that answers one after another: a refusal's status, or a value."""

    def __init__(self, *answers: int | str | None) -> None:
        self._answers = iter(answers)

    async def open(self, _: str, values: list[Any], __: str) -> list[Any]:
        answer = next(self._answers)
        if isinstance(answer, int):
            raise Refused(answer, {})
        return [answer for _ in values]


@pytest.mark.requirement("X15")
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_while_keys_are_away_a_name_is_not_available_and_the_next_page_asks_again(
    lang: str,
) -> None:
    api: Any = Opening(503, "李")
    clear: dict[tuple[str, ...], Any] = {}
    assert await opened(api, "token", {"name": BOX}, lang, clear) == {"name": AWAY[lang]}
    assert await opened(api, "token", {"name": BOX}, lang, clear) == {"name": "李"}


@pytest.mark.parametrize("answer", [None, 403])
async def test_what_may_not_be_seen_or_has_no_key_is_called_sealed(answer: int | None) -> None:
    api: Any = Opening(answer)
    assert await opened(api, "token", [BOX], "zh", {}) == [GONE["zh"]]
