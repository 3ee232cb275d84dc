"""A sealed value that comes back names a key, a stream and a subject as stored, or is malformed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.kit.opening import OpenRequest, Sealed
from tests.support.scenario import some_id

PERSON = f"person-{some_id('person')}"
VALUE = {
    "k": some_id("key"), "a": "A256GCM", "n": "AA", "c": "AA", "type": "registry.person_registered",
    "stream": PERSON, "version": 1, "field": "name", "subject": PERSON,
}  # fmt: skip


def test_a_sealed_value_may_come_back_as_it_was_answered() -> None:
    assert Sealed.model_validate(VALUE).subject == PERSON


@pytest.mark.parametrize(
    "odd", [{"k": "\0"}, {"k": "' or 1=1"}, {"subject": "person-\0"}, {"stream": "\0"}]
)
def test_what_no_key_stream_or_subject_is_called_is_malformed(odd: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Sealed.model_validate(VALUE | odd)


@pytest.mark.requirement("X14", "X20")
def test_nobody_opens_values_as_an_export_which_takes_a_decision_of_its_own() -> None:
    for mode in ("view", "print"):
        assert OpenRequest.model_validate({"values": (), "mode": mode}).mode == mode
    with pytest.raises(ValidationError):
        OpenRequest.model_validate({"values": (), "mode": "export"})
