"""Writes events as lines of an export; `exported.py` reads them back."""

from __future__ import annotations

import json

import orjson

from events.log.exported import PLAIN_HEAD, SALT, instant
from events.log.verify import Entry


def line_of(entry: Entry, *, headers_only: bool = False) -> bytes:
    """Return an event's line: plain where its bytes are plain JSON, else careful."""
    e = entry
    head = (
        f'{{"seq":{e.seq},"prev_seq":{e.prev_seq},"position":{e.position},"slice":{e.slice},'
        f'"version":{e.version},"stream":{_string(e.stream)},"type":{_string(e.type)},'
        f'"subject":{_string(e.subject)},"event_id":"{_dashed(e.event_id)}",'
        f'"command_id":"{_dashed(e.command_id)}","recorded_at":"{instant(e.recorded)}",'
        f'"sequenced_at":"{e.sequenced.decode()}","data_hash":"{e.data_hash.hex()}",'
        f'"prev_hash":"{e.prev_hash.hex()}","hash":"{e.hash.hex()}","meta":'
    ).encode()
    whole = not headers_only and e.salt is not None and e.data is not None
    salt, data = (e.salt or b"").hex().encode(), (e.data or b"") if whole else b"{}"
    if _plain(e.meta) and SALT not in e.meta and _plain(data) and PLAIN_HEAD.match(head + b"{"):
        meta = e.meta
    else:
        meta, data = _string(e.meta).encode(), _string(data).encode()
    if not whole:
        return b"%b%b}\n" % (head, meta)
    return b'%b%b,"salt":"%b","data":%b}\n' % (head, meta, salt, data)


def _plain(raw: bytes) -> bool:
    """Whether the bytes are a JSON object on one line."""
    if raw[:1] != b"{" or raw[-1:] != b"}" or b"\n" in raw:
        return False
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return True


def _string(raw: bytes) -> str:
    if raw.isalnum():
        return f'"{raw.decode()}"'
    try:
        return json.dumps(raw.decode(), ensure_ascii=False)
    except UnicodeDecodeError:
        return json.dumps(raw.decode(errors="surrogateescape"))


def _dashed(raw: bytes) -> str:
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
