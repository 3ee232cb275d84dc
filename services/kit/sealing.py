"""Seals personal fields on the way into the log and opens them on the way to a decision.

AES-256-GCM under the subject's own key; the ciphertext is bound to event type, stream, version,
field and subject, so it cannot be moved anywhere else (audit.md 2.3). Pure: keys come in.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.contracts.base import Body, Event
from events.contracts.catalogue import ALL
from events.contracts.classes import steps

ALGORITHM = "A256GCM"
Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The data key of one subject, ready for use."""

    id: str
    subject: str
    cipher: AESGCM


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is sealed: a ciphertext opens nowhere else."""

    type: str
    stream: str
    version: int

    def bind(self, field: str, subject: str) -> bytes:
        """Return the additional authenticated data of one field."""
        return orjson.dumps(["pii/v1", self.type, self.stream, self.version, field, subject])


def _walk(
    cls: type[Body], data: Json, subject: str, path: str = ""
) -> Iterator[tuple[Json, str, str, str]]:
    """Yield (holder, field, dotted path, subject) for every sealed field that is present."""
    for step in steps(cls):
        value = data.get(step.name)
        if value is None:
            continue
        at = f"{path}{step.name}"
        if step.of is not None:
            part = ALL.classes.get(data.get(step.of, ""))
            yield from _walk(part, value, subject, f"{at}.") if part else ()
        elif step.part is None:
            owner = f"person-{data[step.under]}" if step.under else subject
            yield data, step.name, at, owner
        elif step.many:
            for i, item in enumerate(value):
                yield from _walk(step.part, item, subject, f"{at}[{i}].")
        elif isinstance(value, dict):
            yield from _walk(step.part, value, subject, f"{at}.")


def _is_box(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"k", "a", "n", "c"}


def dump(event: Event) -> Json:
    """Return an event's body as plain JSON values, absent fields left out."""
    return event.model_dump(mode="json", exclude_none=True)


def canonical(value: Json) -> bytes:
    """Return canonical JSON (RFC 8785 for bodies without floats): the bytes that are hashed."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def subjects(event: type[Event], body: Json, subject: str) -> set[str]:
    """Return whose keys are needed to seal a body."""
    return {owner for *_, owner in _walk(event, body, subject)}


def seal(
    event: type[Event],
    body: Json,
    subject: str,
    place: Place,
    keys: Mapping[str, SubjectKey],
    nonce: Callable[[], bytes],
) -> bytes:
    """Seal every personal field of a body in place and return its canonical bytes.

    Raises ValueError for a field that arrives sealed: it would open nowhere.
    """
    for holder, field, path, owner in _walk(event, body, subject):
        if _is_box(holder[field]):
            raise ValueError(f"{event.type}.{path} is sealed already")
        key, n = keys[owner], nonce()
        sealed = key.cipher.encrypt(n, orjson.dumps(holder[field]), place.bind(path, owner))
        holder[field] = {"k": key.id, "a": ALGORITHM, "n": _text(n), "c": _text(sealed)}
    return canonical(body)


def key_ids(event: type[Event], body: Json) -> set[str]:
    """Return the keys that a stored body needs."""
    return {
        holder[field]["k"] for holder, field, *_ in _walk(event, body, "") if _is_box(holder[field])
    }


def unseal(
    event: type[Event], body: Json, subject: str, place: Place, keys: Mapping[str, SubjectKey]
) -> None:
    """Open in place what the keys at hand open; the rest stays sealed.

    Raises cryptography's InvalidTag for a ciphertext that was moved or changed.
    """
    for holder, field, path, owner in _walk(event, body, subject):
        box = holder[field]
        if _is_box(box) and (key := keys.get(box["k"])) is not None:
            holder[field] = open_box(box, key, place.bind(path, owner))


def open_box(box: Mapping[str, str], key: SubjectKey, bound: bytes) -> Any:  # noqa: ANN401
    """Open one sealed value."""
    return orjson.loads(key.cipher.decrypt(_bytes(box["n"]), _bytes(box["c"]), bound))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value)


__all__ = ["InvalidTag", "Place", "SubjectKey", "canonical", "dump", "seal", "unseal"]
