"""A paper: what stands on it is opened for print, by its own decision, and stamped (X20).

Every opening is recorded as a print before it is answered; a paper that cannot be recorded whole is
not drawn at all. It shows the present: what was known earlier is looked at on the pages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from events.rules.prints import Document
from services.console import formats
from services.console.apis import Refused
from services.console.opened import key_of, sealed_in, with_clear
from services.console.site import Visit

Row: TypeAlias = Mapping[str, Any]
TIMELINE = 200
NOT_PAST = {
    "code": "not_past", "zh": "打印件只反映当前情况。", "en": "A print shows the present only.",
    "next_zh": "请返回当前再打印。", "next_en": "Go back to now and print.",
}  # fmt: skip
NOT_YET = {
    "code": "not_yet", "zh": "刚办理的事项尚未显示，页面会自动更新。",
    "en": "The last act is not shown yet; the page will follow.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a case as it stands: what it says after its corrections, when and where (X2)."""

    body: Row
    day: str
    office: str
    rule_set: str


@dataclass(slots=True)
class Paper:
    """One document for one visit."""

    visit: Visit
    document: Document
    known: Row = field(default_factory=dict)
    valid: str = ""

    async def begin(self) -> None:
        """Ask whether one may print it, before anything is read. Raises Refused."""
        if self.visit.past:
            raise Refused(400, NOT_PAST)
        await self.opened(())

    async def get(self, path: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask the read API; nothing is opened yet. Raises Refused, also while it is behind."""
        found = await self.visit.site.apis.get(self.visit.me.token, path, **query)
        if found.get("stale"):
            raise Refused(404, NOT_YET)
        known = found.get("known") or {}
        if not self.known or known.get("seq", 0) < self.known["seq"]:
            self.known = known
        self.valid = str(found.get("valid") or self.valid)
        return found

    async def opened(self, answer: Any) -> Any:  # noqa: ANN401
        """Return an answer with its sealed values opened and recorded as a print. Raises Refused.

        What may not be opened for want of its key says so; numbers stay masked.
        """
        values = list({key_of(v): v for v in sealed_in(answer)}.values())
        apis, token = self.visit.site.apis, self.visit.me.token
        found = await apis.open(token, values, self.document, mode="print")
        clear = {key_of(v): text for v, text in zip(values, found, strict=True)}
        return with_clear(answer, clear, self.visit.lang)

    async def latest(self, person: str, case: str, *types: str) -> tuple[str, Fact] | None:
        """Return the newest fact of a case that is of one of the types and stands, with its type.

        Raises Refused.
        """
        async for row in self._timeline(person):
            if row.get("type") in types and str(row.get("stream", "")).endswith(case):
                fact = standing(await self.get(f"/api/events/{row['seq']}"))
                if fact is not None:
                    return str(row["type"]), fact
        return None

    async def _timeline(self, person: str) -> AsyncIterator[Row]:
        """Yield what happened to a person, newest first."""
        cursor, path = "", f"/api/persons/{person}/events"
        while True:
            found = await self.get(path, limit=TIMELINE, cursor=cursor)
            for row in found.get("items") or ():
                yield row
            cursor = found.get("next") or ""
            if not cursor:
                return

    async def office(self, ident: str) -> dict[str, Any]:
        """Return an office with those above it; nothing where none is named."""
        return await self.visit.maybe(f"/api/offices/{ident}") if ident else {}

    async def name(self, user: str, office: str) -> str:
        """Return the name of an account of an office; empty where it may not be seen."""
        path = "/api/registers/accounts"
        found = await self.visit.maybe(path, office=office, limit=TIMELINE) if user else {}
        return next((str(r["name"]) for r in found.get("items") or () if user in _ids(r)), "")

    def stamp(self) -> dict[str, Any]:
        """Say as which day and as known when it stands, who printed it and when."""
        visit = self.visit
        return {
            "valid": self.valid,
            "known": self.known,
            "office": visit.me.me.get("office_name") or visit.me.office,
            "by": visit.me.me.get("name") or visit.me.login,
            "at": visit.site.config.now().isoformat(),
        }

    def written(self, day: object) -> str:
        """Write a day as documents have it: 2009年3月2日, in English 2009-03-02."""
        text = formats.day(day)
        if self.visit.lang == "en" or not text:
            return text
        on = date.fromisoformat(text)
        return f"{on.year}年{on.month}月{on.day}日"

    def drawn(self, **values: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what every paper's template is given, beside its own values."""
        person = self.visit.request.path_params.get("id", "")
        return values | {"stamp": self.stamp(), "written": self.written, "person": person}


def _ids(row: Row) -> Sequence[Any]:
    return (row.get("id"), row.get("user"))


def standing(event: Row) -> Fact | None:
    """Return a fact as its last correction has it; None where it never happened (X2)."""
    last: Row = (event.get("corrections") or ({},))[-1]
    said = last.get("body") or {}
    if last and "body" not in said:
        return None
    return Fact(
        body=said.get("body") or event.get("body") or {},
        day=formats.day(said.get("happened_at") or event.get("occurred_at")),
        office=str(event.get("office") or ""),
        rule_set=str(event.get("rule_set") or ""),
    )


def cells_of(person: Row, *names: str) -> dict[str, Any]:
    """Return some cells of a person by name, as sealed as they came."""
    groups = person.get("groups") or ()
    found = {c["name"]: c for g in groups for c in g.get("cells") or ()}
    return {n: c.get("sealed", c.get("value")) for n, c in found.items() if n in names}
