"""Pages and acts as endpoints: signed in first, and every refusal a page that says who can help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from services.console.apis import Refused
from services.console.helping import helped
from services.console.site import Site, Visit
from services.console.staying import ask_to_sign_in, renew

Load: TypeAlias = Callable[[Visit], Awaitable[dict[str, Any]]]
Act: TypeAlias = Callable[[Visit], Awaitable[Response]]


class Endpoint:
    """A page or an act for people who are signed in; every refusal becomes a page."""

    def __init__(self, site: Site, act: Act, view: tuple[str, Load] | None = None) -> None:
        self._site, self._act, self.view = site, act, view

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        visit = self._site.visit(request)
        now = self._site.config.now()
        if visit.session is None or not visit.session.live(now):
            return await ask_to_sign_in(visit)
        renewed = await renew(visit)
        try:
            response = await self._act(visit)
        except Refused as refused:
            if refused.status == 401:
                return await ask_to_sign_in(visit)
            response = await _refusal(visit, refused)
        if renewed:
            self._site.keeper.write(response, visit.me)
        return response


def page(site: Site, template: str, load: Load) -> Endpoint:
    """Make the endpoint of a page that can be drawn again, whole or its live part."""

    async def act(visit: Visit) -> Response:
        values = await load(visit)
        return visit.page(template, **values)

    return Endpoint(site, act, (template, load))


async def _refusal(visit: Visit, refused: Refused) -> Response:
    """Answer a refusal as a page: what right is missing and who can give it."""
    ids = visit.request.path_params
    person = str(ids.get("id", "")) if visit.request.url.path.startswith("/persons/") else ""
    problem = await helped(visit, refused.problem, person=person)
    return visit.page("error.html", refused.status, problem=problem)
