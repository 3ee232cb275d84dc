"""Distinctive personal values, and a search for them in whatever way they may be spelled."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from pypinyin import Style, lazy_pinyin

from events.bus.closing import close_quietly
from events.bus.topics import Bus, topics
from events.rules.idnumber import with_check_digit

CHUNK = 32 << 20
OVERLAP = 4096
ZEROS = b"\0" * 64
HAN = range(0x4E00, 0x9FA6)
"""Characters that GBK knows as well."""
INITIALS = 6
"""Shorter rows of initials stand in any text by chance."""


@dataclass(frozen=True, slots=True)
class Canary:
    """One invented person's values; no other text has them."""

    name: str
    national_id: str
    phone: str
    address: str

    @classmethod
    def hatched(cls, birth: str = "19660304") -> Canary:
        """Make up a woman who was never registered anywhere."""
        dice = secrets.SystemRandom()
        tail = f"{dice.randrange(0, 1000, 2):03}"
        return cls(
            "".join(chr(dice.choice(HAN)) for _ in range(7)),
            with_check_digit(f"149999{birth}{tail}"),
            f"139{dice.randrange(10**8):08}",
            "".join(chr(dice.choice(HAN)) for _ in range(6)) + "街九号",
        )

    def values(self) -> Mapping[str, str]:
        """Return what may stand nowhere in the clear."""
        return {
            "name": self.name, "national_id": self.national_id, "phone": self.phone,
            "address": self.address,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leak:
    """A value found where it must not be: place, which value, and how it was spelled."""

    place: str
    value: str
    spelling: str


def spellings(value: str) -> dict[str, bytes]:
    """Write a value in the ways in which software commonly does."""
    raw = {name: value.encode(name) for name in ("utf-8", "gbk", "utf-16-le", "utf-16-be")}
    out = dict(raw)
    for name in ("utf-8", "gbk"):
        upper = quote(value, safe="", encoding=name)
        out |= {
            f"percent {name}": upper.encode(),
            f"percent {name} lower": upper.lower().encode(),
            f"\\x {name}": "".join(f"\\x{byte:02x}" for byte in raw[name]).encode(),
        }
    for name, data in raw.items():
        out |= {
            f"hex {name}": data.hex().encode(),
            f"hex {name} upper": data.hex().upper().encode(),
        }
        for at in range(3):
            core = _base64(data, at)
            out[f"base64 {name} +{at}"] = core
            out[f"base64url {name} +{at}"] = core.translate(bytes.maketrans(b"+/", b"-_"))
    points = [ord(char) for char in value]
    out |= {
        "\\u": b"".join(b"\\u%04x" % point for point in points),
        "\\U": b"".join(b"\\u%04X" % point for point in points),
        "&#": "".join(f"&#{point};" for point in points).encode(),
        "&#x": "".join(f"&#x{point:x};" for point in points).encode(),
    }
    return out | dict(_pinyin(value))


def _pinyin(value: str) -> Iterator[tuple[str, bytes]]:
    if value.isascii():
        return
    sounds = lazy_pinyin(value)
    yield "pinyin", "".join(sounds).encode()
    yield "pinyin apart", " ".join(sounds).encode()
    initials = "".join(lazy_pinyin(value, style=Style.FIRST_LETTER))
    if len(initials) >= INITIALS and initials.isascii():
        yield "initials", initials.upper().encode()


def _base64(data: bytes, at: int) -> bytes:
    """Encode data that begins `at` bytes into a group of three; keep what is its alone."""
    whole = base64.b64encode(b"\0" * at + data)
    return whole[(0, 2, 3)[at] : (at + len(data)) * 8 // 6]


class Search:
    """Looks for the values of some canaries."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._wanted = {
            pattern: (f"{field} {number}", spelling)
            for number, canary in enumerate(canaries)
            for field, value in canary.values().items()
            for spelling, pattern in spellings(value).items()
        }
        self.read = 0
        """Bytes that were looked through, long runs of zeros left out."""

    def through(self, place: str, data: bytes) -> list[Leak]:
        """Return what stands in some bytes."""
        data = data.replace(ZEROS, b"")
        self.read += len(data)
        return [Leak(place, *what) for pattern, what in self._wanted.items() if pattern in data]

    def files(self, files: Iterable[Path]) -> list[Leak]:
        """Return what stands in files; one that vanishes meanwhile is passed over."""
        found: list[Leak] = []
        for file in files:
            try:
                for part in _parts(file):
                    found += self.through(str(file), part)
            except FileNotFoundError:
                continue
        return found

    async def database(self, dsn: str) -> list[Leak]:
        """Return what stands in any table, read as text: files may hold it compressed."""
        connection = await asyncpg.connect(dsn)
        found: list[Leak] = []
        try:
            for table in await connection.fetch(TABLES):
                query = f"select t::text from {table['name']} t"  # noqa: S608
                text = "\n".join(row[0] for row in await connection.fetch(query))
                found += self.through(f"{dsn.rpartition('/')[2]} {table['name']}", text.encode())
                found += self.through(f"{table['name']} bytes", _unhexed(text))
        finally:
            await connection.close()
        return found

    async def kafka(self, bus: Bus) -> list[Leak]:
        """Return what stands in any record, unpacked: segments hold compressed batches."""
        consumer = AIOKafkaConsumer(**bus.client("canary"), group_id=None)
        found: list[Leak] = []
        try:
            await consumer.start()
            tps = [TopicPartition(t.name, p) for t in topics(bus) for p in range(t.partitions)]
            ends = await consumer.end_offsets(tps)
            consumer.assign(tps)
            await consumer.seek_to_beginning(*tps)
            while any([await consumer.position(tp) < end for tp, end in ends.items()]):
                for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                    found += self.through(tp.topic, b"\n".join(map(_bytes_of, records)))
        finally:
            await close_quietly(consumer)
        return found


TABLES = """select format('%I.%I', schemaname, tablename) as name from pg_tables
where schemaname not in ('pg_catalog', 'information_schema') and schemaname !~ '^pg_temp'
order by 1"""


def _unhexed(text: str) -> bytes:
    r"""Return the bytes behind every `\\x…` of a table's text."""
    parts = (part.partition('"')[0].partition(",")[0] for part in text.split("\\x")[1:])
    return b"\n".join(bytes.fromhex(p.rstrip(")")) for p in parts if _is_hex(p.rstrip(")")))


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and all(char in "0123456789abcdef" for char in text)


def _bytes_of(record: Any) -> bytes:  # noqa: ANN401
    headers = b"\n".join(name.encode() + b"=" + value for name, value in record.headers)
    return b"\n".join((record.key or b"", record.value or b"", headers))


def _parts(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        tail = b""
        while part := opened.read(CHUNK):
            yield tail + part
            tail = part[-OVERLAP:]
