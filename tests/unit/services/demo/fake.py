"""A node that accepts every wish and remembers what it was asked, without a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

MADE = {
    "registry.open_account": ("user", "registry.account_opened"),
    "registry.propose_role": ("user", "registry.role_proposed"),
    "registry.define_city_category": ("category", "registry.city_category_defined"),
    "registry.register_person": ("person", "registry.person_registered"),
    "registry.form_household": ("household", "registry.household_formed"),
    "certification.file_application": ("certification", "certification.application_filed"),
    "certification.lodge_objection": ("certification", "certification.objection_lodged"),
    "certification.certify": ("certification", "certification.person_certified"),
    "certification.refuse_certification": (
        "certification", "certification.certification_refused",
    ),
    "certification.request_review": ("certification", "certification.review_requested"),
    "certification.confirm_exit": ("certification", "certification.exited"),
    "certification.withdraw_wish": ("certification", "certification.exit_proposed"),
    "certification.propose_exit_reversal": (
        "certification", "certification.exit_reversal_proposed",
    ),
    "posts.offer_job": ("offer", "posts.job_offered"),
    "posts.judge_refusal": ("offer", "posts.refusal_judged"),
    "posts.place_in_job": ("employment", "posts.placed_in_job"),
    "posts.end_employment": ("employment", "posts.employment_ended"),
    "posts.register_employer": ("employer", "posts.employer_registered"),
    "posts.list_vacancy": ("post", "posts.vacancy_listed"),
    "posts.develop_public_post": ("post", "posts.public_post_developed"),
    "posts.open_export_batch": ("batch", "posts.labour_export_organised"),
    "assistance.organise_activity": ("activity", "assistance.activity_organised"),
}  # fmt: skip
"""What a command begins or causes, as far as a script asks for it."""
PROPOSED = ("certification.exit_proposed", "certification.reassessment_proposed")


@dataclass
class FakeNode:
    """Answers like the command API; `trouble` may answer a bulk otherwise.

    The first command of the type `refused_once` is refused by a rule.
    """

    lines: list[dict[str, Any]] = field(default_factory=list)
    moves: list[datetime] = field(default_factory=list)
    bulks: int = 0
    refused_once: str = ""
    trouble: Callable[[int], httpx.Response | None] = lambda _: None

    def client(self) -> httpx.AsyncClient:
        """Return a client of this node."""
        return httpx.AsyncClient(
            transport=httpx.MockTransport(self._answer), base_url="http://node"
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/api/token":
                return httpx.Response(200, json={"token": json.loads(request.content)["login"]})
            case "/api/clock":
                self.moves.append(datetime.fromisoformat(json.loads(request.content)["now"]))
                return httpx.Response(
                    200, json={"now": datetime(2008, 6, 1, tzinfo=UTC).isoformat()}
                )
            case "/api/commands":
                return self._bulk(request)
            case _:
                return httpx.Response(200, json={})

    def _bulk(self, request: httpx.Request) -> httpx.Response:
        self.bulks += 1
        asked = [json.loads(line) for line in request.content.splitlines()]
        if (other := self.trouble(self.bulks)) is not None:
            return other
        self.lines += asked
        rows = "\n".join(json.dumps(self._line(line)) for line in asked)
        return httpx.Response(200, text=rows)

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        if line["type"] == self.refused_once:
            self.refused_once = ""
            return {"id": line["id"], "status": 422, "code": "file_closed"}
        if "expected" in line:
            newer = [
                {"type": f"{name}.v1", "event_id": ident(line["id"], name)} for name in PROPOSED
            ]
            return {
                "id": line["id"], "status": 409, "code": "version_conflict",
                "data": {"newer": newer},
            }  # fmt: skip
        kind, name = MADE.get(line["type"], ("other", line["type"]))
        event = {
            "type": f"{name}.v1", "event_id": ident(line["id"], "event"), "version": 1,
            "stream": f"{kind}-{ident(line['id'], kind)}",
        }  # fmt: skip
        return {"id": line["id"], "status": 200, "events": [event], "after": "fake:7:1"}


def ident(*parts: str) -> str:
    """Make an id that is the same in every run."""
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))
