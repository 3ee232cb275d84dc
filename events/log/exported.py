"""One event as one line of an export (NDJSON), read strictly: the exact bytes that were hashed.

A plain line holds `meta` and `data` as the JSON objects they are, byte for byte. A careful line is
written where a log holds bytes that are no plain JSON (after damage or forgery): there both are
JSON strings, and a byte that is not UTF-8 is a lone surrogate (U+DC80 to U+DCFF).
"""

from __future__ import annotations

import json
import re
from binascii import unhexlify
from datetime import datetime, timedelta
from functools import lru_cache

from events.log.hashing import EPOCH, microseconds
from events.log.verify import Entry

FIELDS = (
    "seq", "prev_seq", "position", "slice", "version", "stream", "type", "subject", "event_id",
    "command_id", "recorded_at", "sequenced_at", "data_hash", "prev_hash", "hash", "meta", "salt",
    "data",
)  # fmt: skip
HEADERS = FIELDS[:-2]
"""The fields of an export of headers alone."""
NUMBERS = FIELDS[:5]

_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_INSTANT = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_SHAPES = {
    **dict.fromkeys(("seq", "prev_seq", "position"), rb"(\d{1,18})"),
    **dict.fromkeys(("slice", "version"), rb"(\d{1,9})"),
    **dict.fromkeys(("stream", "type", "subject"), rb'"([A-Za-z0-9._:-]++)"'),
    **dict.fromkeys(("event_id", "command_id"), rb'"(%b)"' % _UUID),
    **dict.fromkeys(("recorded_at", "sequenced_at"), rb'"(%b)"' % _INSTANT),
    **dict.fromkeys(("data_hash", "prev_hash", "hash"), rb'"([0-9a-f]{64})"'),
}
_BEFORE_META = b",".join(b'"%b":%b' % (n.encode(), _SHAPES[n]) for n in HEADERS[:-1])
PLAIN_HEAD = re.compile(rb"\{" + _BEFORE_META + rb',"meta":(?=\{)')
SALT = b'},"salt":"'
"""What ends `meta` in a plain line, so it must not occur in it."""
DATA = b'","data":'
_DATA_AT = len(SALT) + 32


class LineError(ValueError):
    """A line that is no event in the form of this version."""


def text_of(at: datetime) -> str:
    """Return an instant in UTC as text of one length."""
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def instant(recorded: int) -> str:
    """Return µs since 2000-01-01 UTC as text of one length."""
    return text_of(EPOCH + timedelta(microseconds=recorded))


@lru_cache(maxsize=256)
def recorded_of(text: bytes) -> int:
    """Return µs since 2000-01-01 UTC; the events of one command share their instant."""
    return microseconds(datetime.fromisoformat(text.decode()))


def entry_of(line: bytes, *, headers_only: bool = False) -> Entry:
    """Read a line, its newline included; raises LineError."""
    head = PLAIN_HEAD.match(line)
    if head is None or line[-3:] != b"}}\n":
        return _carefully(line, headers_only=headers_only)
    (
        seq, prev_seq, position, slice_, version, stream, type_, subject, event_id, command_id,
        recorded, sequenced, data_hash, prev_hash, digest,
    ) = head.groups()  # fmt: skip
    meta, salt, data = line[head.end() : -2], None, None
    try:
        if not headers_only:
            end = meta.find(SALT)
            if meta[end + _DATA_AT : end + _DATA_AT + len(DATA)] != DATA:
                raise LineError("no salt and data after meta")
            salt = unhexlify(meta[end + len(SALT) : end + _DATA_AT])
            data, meta = meta[end + _DATA_AT + len(DATA) :], meta[: end + 1]
        return Entry(
            int(seq), int(prev_seq), int(position), int(slice_), int(version),
            stream, type_, subject,
            unhexlify(event_id.replace(b"-", b"")), unhexlify(command_id.replace(b"-", b"")),
            recorded_of(recorded), sequenced,
            unhexlify(data_hash), unhexlify(prev_hash), unhexlify(digest), meta, salt, data,
        )  # fmt: skip
    except ValueError as error:
        raise LineError(str(error)) from error


def _carefully(line: bytes, *, headers_only: bool) -> Entry:
    try:
        pairs: list[tuple[str, object]] = json.loads(line, object_pairs_hook=list)
        if tuple(k for k, _ in pairs) != (HEADERS if headers_only else FIELDS):
            raise LineError("these are not the fields of this version")
        return _entry(dict(pairs))
    except (ValueError, TypeError) as error:
        raise LineError(f"not an event ({type(error).__name__})") from error


def _entry(found: dict[str, object]) -> Entry:
    seq, prev_seq, position, slice_, version = (_number(found.pop(name)) for name in NUMBERS)
    text = {name: _bytes(value) for name, value in found.items()}
    for name in ("recorded_at", "sequenced_at"):
        if not re.fullmatch(_INSTANT, text[name]):
            raise LineError("not an instant")
    event_id, command_id = (
        unhexlify(text[name].replace(b"-", b"")) for name in ("event_id", "command_id")
    )
    hashes = [unhexlify(text[name]) for name in ("data_hash", "prev_hash", "hash")]
    if [len(x) for x in (event_id, command_id, *hashes)] != [16, 16, 32, 32, 32]:
        raise LineError("an id or a hash has another length")
    if version >= 2**31:
        raise LineError("a number is out of range")
    data_hash, prev_hash, digest = hashes
    return Entry(
        seq, prev_seq, position, slice_, version, text["stream"], text["type"], text["subject"],
        event_id, command_id, microseconds(datetime.fromisoformat(text["recorded_at"].decode())),
        text["sequenced_at"], data_hash, prev_hash, digest, text["meta"],
        unhexlify(text["salt"]) if "salt" in text else None, text.get("data"),
    )  # fmt: skip


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < 10**18:
        raise LineError("a number is out of range")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise LineError("a field is no text")
    return value.encode("utf-8", "surrogateescape")
