"""Personal fields are ciphertext bound to their place, and nothing else opens them."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson
import pytest
import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from events.contracts.base import Event
from events.contracts.catalogue import ALL
from events.contracts.classes import steps
from services.kit.sealing import Place, SubjectKey, canonical, key_ids, seal, subjects, unseal
from tests.support.examples import example

SEALING = [event for event in ALL.classes.values() if steps(event)]
EVERY = pytest.mark.parametrize("event", SEALING, ids=lambda e: e.type)
SUBJECT = "person-01890a5d-ac96-774b-bcce-b302099a8057"


class Keys(dict[str, SubjectKey]):
    """A key for every subject, made when asked for."""

    def __missing__(self, subject: str) -> SubjectKey:
        key = SubjectKey(f"key-of-{subject}", subject, AESGCM(bytes([len(self)]) * 32))
        self[subject] = key
        return key

    def by_id(self) -> dict[str, SubjectKey]:
        return {key.id: key for key in self.values()}


def nonces() -> Callable[[], bytes]:
    numbers = count()
    return lambda: next(numbers).to_bytes(12)


def place(event: type[Event], version: int = 3) -> Place:
    return Place(event.type, "certification-1", version)


def sealed(event: type[Event]) -> tuple[dict[str, Any], bytes, Keys]:
    body, keys = example(event, sealed=False), Keys()
    stored = seal(event, json.loads(json.dumps(body)), SUBJECT, place(event), keys, nonces())
    return body, stored, keys


@EVERY
def test_a_sealed_body_opens_to_what_was_said(event: type[Event]) -> None:
    body, stored, keys = sealed(event)
    opened = orjson.loads(stored)
    unseal(event, opened, SUBJECT, place(event), keys.by_id())
    assert opened == body
    ALL.read(event.type, orjson.dumps(opened))


@EVERY
def test_no_sealed_value_is_left_in_clear_and_readers_accept_the_box(event: type[Event]) -> None:
    _, stored, keys = sealed(event)
    body = orjson.loads(stored)
    assert key_ids(event, body) == {key.id for key in keys.values()}
    assert subjects(event, body, SUBJECT) == set(keys)
    ALL.read(event.type, stored)


@pytest.mark.requirement("X13")
@EVERY
def test_a_ciphertext_moved_to_another_version_does_not_open(event: type[Event]) -> None:
    _, stored, keys = sealed(event)
    with pytest.raises(InvalidTag):
        unseal(event, orjson.loads(stored), SUBJECT, place(event, 4), keys.by_id())


def test_what_arrives_sealed_is_not_sealed_again() -> None:
    event = ALL.classes["certification.community_registered.v1"]
    with pytest.raises(ValueError, match="sealed already"):
        seal(event, example(event), SUBJECT, place(event), Keys(), nonces())


@EVERY
def test_without_the_key_the_value_stays_sealed(event: type[Event]) -> None:
    _, stored, _ = sealed(event)
    body = orjson.loads(stored)
    unseal(event, body, SUBJECT, place(event), {})
    assert canonical(body) == stored


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcxyz_", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text("abcxyz_", min_size=1), PLAIN))
def test_our_canonical_json_is_that_of_rfc_8785(body: dict[str, Any]) -> None:
    assert canonical(body) == rfc8785.dumps(body)
