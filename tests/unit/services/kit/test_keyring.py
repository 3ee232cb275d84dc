"""Keys at hand are a cache: when it is full, what was asked for is found all the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from events.runtime.clock import SystemClock
from events.runtime.ids import RandomIds
from services.kit import keyring
from services.kit.keks import KeyFolder
from services.kit.keyring import QUERIES, Keyring, SubjectShreddedError

GONE = "s-gone"


class Kept(Keyring):
    """A keyring over rows in memory."""

    def __init__(self, folder: KeyFolder, *subjects: str) -> None:
        nowhere = cast("Any", None)
        super().__init__(nowhere, folder, RandomIds(SystemClock()), os.urandom)
        kek = folder.newest
        wrapped = {s: aes_key_wrap(folder[kek], bytes(32)) for s in subjects if s != GONE}
        self._rows = [
            {"key_id": f"k-{s}", "subject": s, "kek": kek, "wrapped": wrapped.get(s)}
            for s in subjects
        ]

    async def _all(self, query: Any, **values: Any) -> Any:  # noqa: ANN401
        if query is QUERIES.keys_of:
            return [row for row in self._rows if row["subject"] in values["subjects"]]
        return [row for row in self._rows if row["key_id"] in values["ids"] and row["wrapped"]]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setattr(keyring, "CACHE", 2)
    return Kept(KeyFolder(tmp_path), "a", "b", "c", "d", GONE)


@pytest.mark.requirement("X15")
async def test_keys_by_id_are_all_found_though_the_cache_runs_over(kept: Kept) -> None:
    await kept.by_id(["k-a", "k-b"])
    assert sorted(await kept.by_id(["k-a", "k-b", "k-c", "k-d", f"k-{GONE}"])) == [
        "k-a", "k-b", "k-c", "k-d",
    ]  # fmt: skip


@pytest.mark.requirement("X15")
async def test_keys_of_subjects_are_all_found_though_the_cache_runs_over(kept: Kept) -> None:
    await kept.of(["a", "b"])
    found = await kept.of(["a", "b", "c", "d"])
    assert {subject: key.id for subject, key in found.items()} == {s: f"k-{s}" for s in "abcd"}
    with pytest.raises(SubjectShreddedError):
        await kept.of(["a", GONE])
