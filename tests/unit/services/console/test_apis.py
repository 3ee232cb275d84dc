"""An id in an address stays one piece of the path that the APIs are asked at, whatever it holds."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from services.console.apis import Apis
from services.console.config import ConsoleConfig


@pytest.mark.parametrize(
    ("ident", "asked"),
    [
        ("\0", "%00"),
        ("a?valid=2008-01-01", "a%3Fvalid%3D2008-01-01"),
        ("a#b", "a%23b"),
        ("140105000000:pes", "140105000000:pes"),
    ],
)
async def test_an_odd_id_is_asked_for_as_it_stands(ident: str, asked: str) -> None:
    paths = list[bytes]()

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return httpx.Response(200, json={})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        apis = Apis(
            ConsoleConfig("http://write", "http://read", SecretStr("a secret of this test")), client
        )
        await apis.get("token", f"/api/persons/{ident}")
        await apis.progress("token", f"/api/checks/{ident}")
        await apis.download("token", f"/api/exports/{ident}/file")
    assert paths == [
        f"/api/persons/{asked}".encode(),
        f"/api/checks/{asked}/progress".encode(),
        f"/api/exports/{asked}/file".encode(),
    ]
