"""The file of an export: rows of the read API, opened here, streamed, and put on record (X15).

Only the write role holds keys, and it may not know the read models. So it asks the read role's
API as any client does, with the asker's own token: the rows are those the asker may see, twice
fenced, and as they stand on his pages. Nothing is kept on disk; each file is made anew, a page of
rows at a time, and recorded with its hash before its last line leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import httpx
import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from events.contracts import streams
from events.rules.access import Action, Principal
from events.rules.directory import Directory
from events.rules.divisions import covers
from events.rules.principals import principal_by_id
from events.rules.time import in_text, shanghai_day
from events.runtime.ids import IdSource
from services.kit.answers import Sent
from services.kit.decider import FORBIDDEN, NOT_FOUND, Command, DomainError, Reason
from services.kit.exports import EXPORT, Column, Export, Wanted, need_file, wanted
from services.kit.handling import Handler
from services.kit.http import bearer
from services.kit.opening import Opener, Sealed, veil
from services.kit.principals import Doorkeeper
from services.kit.reading import AUDITOR, READERS, READING, Granted, Read, Reads, Shape
from services.kit.tables import WRITERS

PAGE = 200
EXPORTING = Action("export", READERS | {AUDITOR}, "export")
"""Opening for an approved export, which an auditor may ask for as well."""
COMPLETE = "registry.complete_export"
RESTRICTED, SHREDDED, CLOSED = "［限制处理 restricted］", "［已销毁 destroyed］", "***"
"""What stands for a value of a restricted or shredded person, or one that stays closed."""
AWAY = Reason(
    "rows_unavailable", "", "查询服务暂时没有应答。", "The read role does not answer.",
    "请稍后重试。", "Try again shortly.", 503,
)  # fmt: skip
log = structlog.get_logger()


class Rows(Protocol):
    """Where the rows come from."""

    async def page(self, token: str, path: str, words: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of a query's answer. Raises DomainError."""
        ...


class ReadApi:
    """The read role's API."""

    def __init__(self, http: httpx.AsyncClient, address: str) -> None:
        self._http, self._address = http, address.rstrip("/")

    async def page(self, token: str, path: str, words: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of a query's answer. Raises DomainError: refused there, or away."""
        headers = {"authorization": f"Bearer {token}"}
        url = f"{self._address}{path}"
        try:
            answer = await self._http.get(url, params=words, headers=headers, timeout=20)
        except httpx.HTTPError as error:
            raise DomainError(AWAY) from error
        if answer.status_code >= 500:
            raise DomainError(AWAY)
        found: dict[str, Any] = orjson.loads(answer.content)
        if answer.status_code != 200:
            raise DomainError(FORBIDDEN, why_zh=found.get("zh", ""), why_en=found.get("en", ""))
        return found


@dataclass(slots=True)
class _Job:
    """One file on its way."""

    token: str
    who: Principal
    export: Export
    asked: Wanted
    office: str
    first: Mapping[str, Any]
    at: datetime
    rows: int = 0
    persons: set[str] = field(default_factory=set)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the file."""
        return self.asked.shown()


class ExportFiles:
    """Hands over the files of exports."""

    def __init__(
        self,
        handler: Handler,
        commands: Mapping[str, type[Command]],
        opener: Opener,
        reads: Reads,
        doorkeeper: Doorkeeper,
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
        ids: IdSource,
        rows: Rows,
    ) -> None:
        self._handler, self._commands, self._opener = handler, commands, opener
        self._reads, self._doorkeeper, self._directory = reads, doorkeeper, directory
        self._now, self._ids, self.rows = now, ids, rows

    async def answer(self, request: Request) -> Response:
        """Answer `GET /api/exports/{id}/file`. Raises DomainError before the first byte."""
        token = bearer(request) or ""
        job = await self._begin(token, str(request.path_params["id"]))
        writer = WRITERS[job.export.format]
        name = f'attachment; filename="export-{job.export.id}.{job.export.format}"'
        headers = {"content-disposition": name, "cache-control": "no-store"}
        return StreamingResponse(self._file(job), headers=headers, media_type=writer.media)

    async def _begin(self, token: str, ident: str) -> _Job:
        """Decide, and fetch the first page, so that a refusal is an answer and no broken file."""
        who = self._doorkeeper.principal(token)
        export = await self._export(ident)
        directory, now = self._directory(), self._now()
        days = self._days(directory, export, now)
        need_file(export, who.user, shanghai_day(now), days)
        asked = wanted(export.query)
        office = asked.office or export.office
        _need_area(directory, export, office)
        job = _Job(token, who, export, asked, office, {}, now)
        job.first = await self._page(job, "")
        return job

    async def _export(self, ident: str) -> Export:
        stream = streams.EXPORT.of(ident)
        export: Export = (await self._handler.loader.states({stream: EXPORT}))[stream]
        if not export.id:
            raise DomainError(NOT_FOUND, what=f"export-{ident[:40]}")
        return export

    def _days(self, directory: Directory, export: Export, now: datetime) -> int:
        path = directory.path(export.office)
        days: int = directory.parameter("registry.export_days", path, shanghai_day(now))
        return days

    async def _page(self, job: _Job, cursor: str) -> dict[str, Any]:
        words = {**job.asked.words(), "office": job.office, "limit": str(PAGE)}
        words |= {"cursor": cursor} if cursor else {}
        return await self.rows.page(job.token, job.asked.listing.path, words)

    async def _file(self, job: _Job) -> AsyncIterator[bytes]:
        """Yield the file; what cannot be put on record is not handed over."""
        writer, digest = WRITERS[job.export.format], hashlib.sha256()
        try:
            part = writer.head(job.columns)
            digest.update(part)
            yield part
            async for rows in self._pages(job):
                part = writer.rows(job.columns, rows)
                digest.update(part)
                yield part
            part = writer.foot(self._mark(job))
            digest.update(part)
            await self._complete(job, digest.hexdigest())
            yield part
        except Exception as error:
            log.warning("export_broken", export=job.export.id, error=type(error).__name__)
            raise

    async def _pages(self, job: _Job) -> AsyncIterator[list[list[Any]]]:
        page = job.first
        while True:
            items = list(page["items"])
            job.rows += len(items)
            yield await self._opened(job, items)
            if not page.get("next"):
                return
            page = await self._page(job, str(page["next"]))

    async def _opened(self, job: _Job, items: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        """Return the rows of a page with what is sealed opened, masked or told why not."""
        rows = [[_cell(item, column) for column in job.columns] for item in items]
        sealed = [
            (row, i, Sealed.model_validate(row[i]))
            for row in rows
            for i, column in enumerate(job.columns)
            if column.sealed and isinstance(row[i], dict)
        ]
        action = READING if job.export.masked else EXPORTING
        allowed = await self._reads.allowed(job.who, {s.subject for *_, s in sealed}, action)
        known = [value for *_, value in sealed if value.subject in allowed]
        clear, read = await self._opener.clear(known, allowed)
        found = dict(zip(map(id, known), clear, strict=True))
        await self._record(job, read)
        for row, i, value in sealed:
            shown = found.get(id(value))
            told = _told(allowed.get(value.subject), shown)
            row[i] = told or (veil(job.columns[i].name, shown) if job.export.masked else shown)
        return rows

    async def _record(self, job: _Job, read: Mapping[str, Read]) -> None:
        """Record the persons of a page, under the request that let them be read."""
        under = {p: replace(r, under=job.export.request) for p, r in read.items()}
        shape = Shape(page="export", mode="export", purpose="export")
        await self._reads.record(job.who, under, shape)
        job.persons.update(read)

    def _mark(self, job: _Job) -> dict[str, Any]:
        """Return the watermark: who, when, why, up to where."""
        directory, export = self._directory(), job.export
        account, office = directory.accounts.get(job.who.user), directory.office(job.who.office)
        return {
            "export": export.id,
            "by": f"{account.name if account else ''} {job.who.user}",
            "office": f"{office.name if office else ''} {job.who.office}",
            "at": in_text(job.at),
            "reason": export.reason,
            "masked": export.masked,
            "rows": job.rows,
            "persons": len(job.persons),
            "known": job.first["known"]["seq"],
        }

    async def _complete(self, job: _Job, sha256: str) -> None:
        """Put the file on record, in the asker's name."""
        export = job.export
        body = {
            "export": export.id,
            "request": export.request,
            "rows": job.rows,
            "sha256": sha256,
            "known": job.first["known"]["seq"],
            "expires_on": export.last(self._days(self._directory(), export, job.at)),
            "persons": len(job.persons),
        }
        command = self._commands[COMPLETE].model_validate(body)
        own = self._ids.new()
        hand = replace(job.who, system=True, roles=frozenset({"system"}))
        await self._handler.handle(Sent(command, own, hand, own.bytes))


def _need_area(directory: Directory, export: Export, office: str) -> None:
    """Refuse an office outside the area that the asker had when he asked (R43)."""
    then = principal_by_id(export.by, directory, export.asked_on)
    path = directory.path(office)
    if then is None or not any(covers(area, path) for area in then.areas):
        raise DomainError(FORBIDDEN, why_zh="申请时不在本辖区内", why_en="outside the area then")


def _cell(item: Mapping[str, Any], column: Column) -> Any:  # noqa: ANN401
    """Return a cell of a row: a value, a sealed value with its place, or what stands for it."""
    found = item.get(column.name)
    if found is None:
        cells = (c for c in item.get("cells", ()) if c["name"] == column.name)
        found = next(cells, None)
    if not isinstance(found, dict) or not {"sealed", "value"} & found.keys():
        return found
    if "sealed" in found:
        return found["sealed"] or SHREDDED
    return SHREDDED if column.sealed and found["value"] is None else found["value"]


def _told(granted: Granted | None, value: Any) -> str:  # noqa: ANN401
    """Say why a value is not shown; nothing where it is."""
    if granted is None:
        return CLOSED
    if granted.closed:
        return RESTRICTED
    return SHREDDED if value is None else ""
