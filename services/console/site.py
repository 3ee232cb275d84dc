"""What every page stands on: templates, the APIs, the session, and one visit per request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.console import answers, formats
from services.console.acting import OVER, acting, giver_sent, role_sent
from services.console.apis import Apis, Refused
from services.console.codes import in_words, word
from services.console.config import HERE, ConsoleConfig
from services.console.fields import name_of
from services.console.fieldwords import field_word
from services.console.judged import judging
from services.console.menu import CASES, menu
from services.console.opened import opened
from services.console.pagecodes import page_code
from services.console.session import LANG_COOKIE, Keeper, Session
from services.console.texts import Lang, text

POINT = ("valid", "known")
"""Parameters of the address that say as of when a page is shown."""
SPAN = ("from", "to", "known")
"""Parameters of the address that say for which period, and as known when, figures are shown."""
_ONE = re.compile(r"/(persons|households)/[^/]+")
_FIGURES = re.compile(r"/o/")
"""Pages that can be shown as of another point."""
MOST_NAMES = 200
"""Persons whose names one page asks for."""
WATCHERS = frozenset({"auditor", "operator"})
"""Roles that may see whether every event is everywhere."""
SHOWN_ROLES = 2
"""Roles named in the head of a page; more are counted."""
NAMES = 20_000
"""Names of offices that are remembered."""


@cache
def environment() -> jinja2.Environment:
    """Load the templates, every value escaped; what an answer lacks is drawn as nothing."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.ChainableUndefined,
    )
    env.filters |= formats.FILTERS
    return env


@dataclass(slots=True)
class Site:
    """The console as a whole."""

    config: ConsoleConfig
    apis: Apis
    keeper: Keeper
    env: jinja2.Environment = field(default_factory=environment)
    names: dict[str, str] = field(default_factory=dict)
    """Names of offices by id, remembered: they seldom change and are nobody's secret."""

    def visit(self, request: Request) -> Visit:
        """Start a visit."""
        return Visit(self, request, self.keeper.read(request))


@dataclass(slots=True)
class Visit:
    """One request: who asks, in which language, for which day."""

    site: Site
    request: Request
    session: Session | None
    clear: dict[tuple[str, ...], Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    stale: bool = False
    names: dict[str, str] = field(default_factory=dict)
    """Names of accounts, posts, employers by id, learnt for this page."""

    @property
    def lang(self) -> Lang:
        """Return the language asked for: `?lang=`, else the cookie, else Chinese."""
        asked = self.request.query_params.get("lang") or self.request.cookies.get(LANG_COOKIE, "zh")
        return "en" if asked == "en" else "zh"

    @property
    def me(self) -> Session:
        """Return the session. Raises Refused (401) where nobody is signed in."""
        if self.session is None:
            raise Refused(401, {"code": "unauthenticated"})
        return self.session

    @property
    def past(self) -> bool:
        """Tell whether the page shows another day or point than now; nothing is done there."""
        return any(self.request.query_params.get(name) for name in POINT)

    def past_words(self) -> str:
        """Say as of when the page is shown, or that it shows the present whatever was asked."""
        valid, known = self.query("valid"), self.query("known")
        path = self.request.url.path
        if _FIGURES.match(path):
            valid = self.query("to")
        if not (_ONE.fullmatch(path) or (_FIGURES.match(path) and known)):
            return self.t("known.not_here")
        key = "known.at_seq" if known.isdecimal() else "known.at" if known else "known.at_now"
        said = self.t(key, known=known)
        return self.t("known.past", day=valid or self.t("known.today"), known=said)

    @property
    def here(self) -> str:
        """Return the address of the page within the console."""
        return self.request.url.path + (f"?{q}" if (q := self.request.url.query) else "")

    def query(self, name: str, default: str = "") -> str:
        """Return one parameter of the address."""
        return self.request.query_params.get(name, default)

    def t(self, key: str, **words: object) -> str:
        """Return one of the console's words in the visitor's language."""
        return text(key, self.lang, **words)

    async def get(self, path: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask the read API, open what is sealed, note how far the data go."""
        return await self._opened(await self.site.apis.get(self.me.token, path, **query))

    async def send(
        self, name: str, command_id: str, body: dict[str, Any], version: str = ""
    ) -> dict[str, Any]:
        """Send a command as what one acts. Raises Refused; a term that is over says so (X10)."""
        me, apis = self.me, self.site.apis
        giver = giver_sent(me)
        said = {"on_behalf_of": giver} | body if giver else body
        try:
            return await apis.command(me.token, name, command_id, said, version, role_sent(me))
        except Refused as refused:
            if refused.status == 401 and giver and await self.maybe("/api/me"):
                raise Refused(403, OVER) from refused
            raise

    async def lines(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask for lines of the ledger; of the sealed cells only the names are opened."""
        found = await self.site.apis.get(self.me.token, "/api/ledger", **query)
        return await self._opened(answers.lean(found))

    async def _opened(self, answer: dict[str, Any]) -> dict[str, Any]:
        known = answer.get("known") or {}
        self.known = known if known.get("time") or not self.known else self.known
        self.stale = self.stale or bool(answer.get("stale"))
        return cast(dict[str, Any], await self._clear(answer))

    async def _clear(self, answer: Any) -> Any:  # noqa: ANN401
        """Open everything sealed in an answer, for this page."""
        kind = page_code(self.request.url.path)
        return await opened(self.site.apis, self.me.token, answer, self.lang, self.clear, kind)

    async def maybe(self, path: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask for something a page can do without; nothing where it is refused."""
        try:
            return await self.get(path, **query)
        except Refused as refused:
            if refused.status == 401:
                raise
            return {}

    def at(self, *names: str) -> dict[str, str]:
        """Return the parameters of the address that a query takes as they are."""
        return {f"{n}_": self.query(n) for n in names}

    async def with_offices(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put the offices' names beside their ids; each is asked for once."""
        await self.learn_offices(answers.offices_in(rows))
        names = self.site.names
        return [
            r | {"office_name": r.get("office_name") or names.get(str(r.get("office")))}
            for r in rows
        ]

    async def learn_offices(self, ids: Iterable[str]) -> None:
        """Learn the names of some offices that are not remembered yet."""
        names = self.site.names
        unknown = [o for o in ids if o not in names]
        found = await asyncio.gather(*(self.maybe(f"/api/offices/{o}") for o in unknown))
        if len(names) > NAMES:
            names.clear()
        names.update((o, str(f["name"])) for o, f in zip(unknown, found, strict=True) if f)

    async def register(self, name: str, ids: set[str], most: int) -> dict[str, str]:
        """Return id → name of some rows of a register; of the sealed ones only these are opened."""
        try:
            found = await self.site.apis.get(self.me.token, f"/api/registers/{name}", limit=most)
        except Refused as refused:
            if refused.status == 401:
                raise
            return {}
        rows = [
            {n: r.get(n) for n in ("id", "name", "title", "destination")}
            for r in found.get("items", ()) if r.get("id") in ids
        ]  # fmt: skip
        named = await self._clear(rows)
        return {r["id"]: str(r["name"] or r["title"] or r["destination"] or "") for r in named}

    async def person(self, ident: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return one person as the pages draw it. Raises Refused."""
        found = answers.person(await self.get(f"/api/persons/{ident}", **query))
        return (await self.with_offices([found]))[0]

    async def maybe_person(self, ident: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return a person a page can do without; nothing where it is refused."""
        found = answers.person(await self.maybe(f"/api/persons/{ident}", **query))
        return (await self.with_offices([found]))[0] if found else {}

    async def with_names(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put the persons' names beside their ids, asked and opened in one batch."""
        ids = answers.persons_in(rows)[:MOST_NAMES]
        found = await self._lines(ids) if ids else {}
        names = {r.get("person"): answers.row(r).get("name") for r in found.get("items", ())}
        return [r | {"name": r.get("name") or names.get(r.get("person"))} for r in rows]

    async def _lines(self, ids: list[str]) -> dict[str, Any]:
        try:
            return await self.lines(text_ids=",".join(ids), limit=MOST_NAMES, **self.at("office"))
        except Refused as refused:
            if refused.status == 401:
                raise
            return {}

    def address(self, path: str = "", **changes: object) -> str:
        """Return an address that keeps the day, point, period and filters of this page."""
        figures = _FIGURES.match(path) and _FIGURES.match(self.request.url.path)
        point = {n: self.query(n) for n in (SPAN if figures else POINT)}
        kept = point if path else dict(self.request.query_params)
        query = {k: str(v) for k, v in (kept | changes).items() if v not in (None, "")}
        target = path or self.request.url.path
        return f"{target}?{urlencode(query)}" if query else target

    def word(self, code: object, context: str = "") -> str:
        """Return the label of a code, or the name of an office."""
        found = str(code or "")
        return self.site.names.get(found) or word(found, context, self.lang)

    def listed(self, codes: Iterable[object], context: str = "") -> str:
        """Return the labels of some codes in a row."""
        return self.t("list.and").join(self.word(code, context) for code in codes)

    def in_words(self, sentence: object) -> str:
        """Return a refusal's sentence with its codes as words; English ones stay as they are."""
        return in_words(str(sentence or ""), self.lang) if self.lang == "zh" else str(sentence)

    def title(self, of: formats.Titled) -> str:
        """Return the title of a command, an event or a column."""
        return formats.title(of, self.lang)

    def acting_as(self) -> str:
        """Return the words for as what one acts, as the head of every page shows it."""
        if self.session is None:
            return ""
        found, roles = acting(self.session), sorted(self.session.roles)
        said = self.listed(roles[:SHOWN_ROLES])
        if len(roles) > SHOWN_ROLES:
            said = self.t("acting.more", roles=said, n=len(roles))
        if found["kind"] == "deputy":
            return self.t("acting.deputy", name=found.get("giver_name") or "", roles=said)
        return said

    def words(self) -> dict[str, Any]:
        """Return what every template may use."""
        return {
            "t": self.t,
            "lang": self.lang,
            "word": self.word,
            "listed": self.listed,
            "said": lambda row, name="": formats.said(row, name, self.lang),
            "in_words": self.in_words,
            **judging(self.lang, self.site.names, self.word),
            "field_word": lambda name: field_word(str(name), self.lang),
            "name_of": name_of,
            "named": lambda ident: self.names.get(str(ident), ""),
            "is_id": formats.is_id,
            "session": self.session,
            "acting": acting(self.session),
            "acting_as": self.acting_as,
            "menu": menu,
            "reads_cases": bool(self.session and self.session.roles & CASES),
            "watches": bool(self.session and self.session.roles & WATCHERS),
            "proves": bool(
                self.session
                and self.session.roles & WATCHERS
                and self.session.me.get("level") == "province"
            ),
            "csrf": self.site.keeper.csrf(self.session),
            "known": self.known,
            "stale": self.stale,
            "past": self.past,
            "past_words": self.past_words,
            "path": self.request.url.path,
            "here": self.here,
            "address": self.address,
            "query": self.query,
            "quote": quote,
            "valid": self.query("valid"),
        }

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
        """Answer a page."""
        html = self.site.env.get_template(template).render(self.words() | values)
        return HTMLResponse(html, status)

    def block(self, template: str, name: str, **values: Any) -> Markup:  # noqa: ANN401
        """Return one block of a page."""
        found = self.site.env.get_template(template)
        context = found.new_context(self.words() | values)
        return Markup("".join(found.blocks[name](context)))  # noqa: S704  # escaped by the template
