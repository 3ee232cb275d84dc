"""Writes events as lines of an export; `exported.py` reads them back."""

from __future__ import annotations

import json
import re
from binascii import hexlify
from functools import lru_cache

import orjson

from events.log.exported import FIELDS, HEADERS, SALT, instant
from events.log.verify import Entry

_NAMES = re.compile(rb"(?:[A-Za-z0-9._:-]+ ){3}")
_DAY = 86_400_000_000
_HEAD = (
    b'{"seq":%d,"prev_seq":%d,"position":%d,"slice":%d,"version":%d,"stream":"%b","type":"%b",'
    b'"subject":"%b","event_id":"%b","command_id":"%b","recorded_at":"%b","sequenced_at":"%b",'
    b'"data_hash":"%b","prev_hash":"%b","hash":"%b","meta":%b'
)


def line_of(entry: Entry, *, headers_only: bool = False) -> bytes:
    """Return an event's line: plain where its bytes are plain JSON, else careful."""
    e = entry
    salt, data = (None, None) if headers_only else (e.salt, e.data)
    names = _NAMES.fullmatch(b"%b %b %b " % (e.stream, e.type, e.subject))
    if not names or SALT in e.meta or not _plain(e.meta) or not (data is None or _plain(data)):
        return _careful(e, bare=salt is None or data is None)
    head = _HEAD % (
        e.seq, e.prev_seq, e.position, e.slice, e.version, e.stream, e.type, e.subject,
        _dashed(e.event_id), _dashed(e.command_id), _at(e.recorded), e.sequenced,
        hexlify(e.data_hash), hexlify(e.prev_hash), hexlify(e.hash), e.meta,
    )  # fmt: skip
    if salt is None or data is None:
        return head + b"}\n"
    return b'%b,"salt":"%b","data":%b}\n' % (head, hexlify(salt), data)


def _careful(e: Entry, *, bare: bool) -> bytes:
    values: tuple[int | bytes, ...] = (
        e.seq, e.prev_seq, e.position, e.slice, e.version, e.stream, e.type, e.subject,
        _dashed(e.event_id), _dashed(e.command_id), _at(e.recorded), e.sequenced,
        hexlify(e.data_hash), hexlify(e.prev_hash), hexlify(e.hash), e.meta,
        hexlify(e.salt or b""), e.data or b"",
    )  # fmt: skip
    names = HEADERS if bare else FIELDS
    parts = (f'"{n}":{_careful_value(v)}' for n, v in zip(names, values, strict=False))
    return f"{{{','.join(parts)}}}\n".encode()


def _careful_value(value: int | bytes) -> str:
    if isinstance(value, int):
        return str(value)
    try:
        return json.dumps(value.decode(), ensure_ascii=False)
    except UnicodeDecodeError:
        return json.dumps(value.decode(errors="surrogateescape"))


def _plain(raw: bytes) -> bool:
    """Whether the bytes are a JSON object on one line."""
    if raw[:1] != b"{" or raw[-1:] != b"}" or b"\n" in raw:
        return False
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return True


def _at(recorded: int) -> bytes:
    """Return an instant as text; days come again and again."""
    day, rest = divmod(recorded, _DAY)
    seconds, micros = divmod(rest, 1_000_000)
    minutes, second = divmod(seconds, 60)
    return b"%bT%02d:%02d:%02d.%06dZ" % (_day(day), minutes // 60, minutes % 60, second, micros)


@lru_cache(maxsize=64)
def _day(day: int) -> bytes:
    return instant(day * _DAY)[:10].encode()


def _dashed(raw: bytes) -> bytes:
    text = hexlify(raw)
    return b"%b-%b-%b-%b-%b" % (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
