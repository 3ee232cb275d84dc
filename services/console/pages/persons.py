"""基础台账 and 个人档案 (P2, P3)."""

from __future__ import annotations

from typing import Any

from services.console import answers
from services.console.apis import Refused
from services.console.bodies import with_told
from services.console.naming import name_all
from services.console.papers import may_print, papers_of
from services.console.people import acts, address_of, state_of
from services.console.records import group
from services.console.site import Visit

PAGE = 50
CATEGORIES = ("aged_4050", "zero_household", "long_term", "city")
STATES = (
    "filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county", "returned",
    "certified", "exited", "lapsed", "revoked", "refused", "withdrawn",
)  # fmt: skip
MOST_FOUND = 200
TIMELINE = 20
"""Entries of the timeline on one page."""
SHORTEST = 2
"""Letters that a search needs at least."""


async def load_list(visit: Visit) -> dict[str, Any]:
    """Load a page of the ledger, or the persons that a search finds."""
    ids, outside = await search(visit, visit.query("q"))
    answer = await visit.lines(limit=PAGE, text_ids=",".join(ids or ()),
        **visit.at("office", "state", "category", "cursor", "after"),
    ) if ids != [] else {}  # fmt: skip
    return {
        "items": await _lines(visit, answer),
        "outside": outside,
        "total": answer.get("total"),
        "next": answer.get("next"),
        "states": STATES,
        "printable": may_print(visit, "roster"),
        "categories": CATEGORIES,
    }


async def _lines(visit: Visit, answer: dict[str, Any]) -> list[dict[str, Any]]:
    return await visit.with_offices([answers.row(r) for r in answer.get("items", ())])


async def search(visit: Visit, text: str) -> tuple[list[str] | None, int]:
    """Find persons by name, initials or id tail (X23): ids, and how many lie outside.

    The ids are None where nothing was asked.
    """
    if len(text.strip()) < SHORTEST:
        return None, 0
    answer = await visit.site.apis.search(visit.me.token, text.strip())
    ids = [s.removeprefix("person-") for s in answer.get("subjects", ())]
    return ids[:MOST_FOUND], int(answer.get("outside", 0))


async def load_one(visit: Visit) -> dict[str, Any]:
    """Load one person's whole story and what may be done now."""
    ident = visit.request.path_params["id"]
    person = await visit.person(ident, **visit.at("valid", "known", "after"))
    events = await visit.maybe(
        f"/api/persons/{ident}/events", limit=TIMELINE, **visit.at("cursor", "known")
    )
    items = await visit.with_offices(list(events.get("items", ())))
    await name_all(visit, person["groups"], person["offers"], items)
    offered = [] if visit.past else acts(visit, person)
    return {
        "person": person,
        "state": state_of(person),
        "duties": await _duties(visit, person),
        "papers": papers_of(visit, person),
        "groups": [group(visit, g) for g in person["groups"]],
        "legal": [(o.command, address_of(visit, o.command, person)) for o in offered if o.legal],
        "barred": [o for o in offered if not o.legal],
        "events": with_told(visit, items),
        "next": events.get("next"),
    }


async def _duties(visit: Visit, person: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the offices' open duties about a person today, but those that a clock shows."""
    if visit.past:
        return []
    asked = {"person": person["id"], "state": "open"} | visit.at("after")
    found = await visit.maybe("/api/obligations", **asked)
    shown = {clock["kind"] for clock in person["clocks"]}
    rows = (answers.duty(d) for d in found.get("items", ()) if d.get("kind") not in shown)
    return await visit.with_offices(list(rows))


async def load_households(visit: Visit) -> dict[str, Any]:
    """Load the households of the office, the nearest deadline first."""
    answer = await visit.get("/api/households", **visit.at("office", "state", "cursor"))
    items = await visit.with_offices([answers.household(h) for h in answer.get("items", ())])
    heads = [{"person": h["members"][0]["person"]} for h in items if h["members"]]
    names = {r["person"]: r.get("name") for r in await visit.with_names(heads)}
    for row in items:
        row["name"] = names.get(row["members"][0]["person"]) if row["members"] else None
    return {"items": items, "next": answer.get("next")}


async def load_household(visit: Visit) -> dict[str, Any]:
    """Load one household with its members and countdown (P9)."""
    ident = visit.request.path_params["id"]
    found = answers.household(
        await visit.get(f"/api/households/{ident}", **visit.at("valid", "known"))
    )
    household = (await visit.with_offices([found]))[0]
    household["members"] = await visit.with_names(household["members"])
    like_person = {
        "id": "",
        "ids": {"household": household["id"]},
        "state": {"household": household.get("state") or ""},
        "versions": household.get("versions") or {},
    }
    offered = [] if visit.past else acts(visit, like_person, "household")
    return {
        "household": household,
        "state": state_of(like_person),
        "legal": [
            (o.command, address_of(visit, o.command, like_person)) for o in offered if o.legal
        ],
        "barred": [o for o in offered if not o.legal],
    }


async def load_apply(visit: Visit) -> dict[str, Any]:
    """Load the application's steps for a person, or the search for one (P4)."""
    ident = visit.query("person")
    if not ident:
        return {"person": None, "steps": []} | await _found(visit)
    try:
        person = await visit.person(ident, after=visit.query("after"))
    except Refused as refused:
        if refused.status != 404 or not visit.query("after"):
            raise
        person, visit.stale = {}, True
    person["id"] = ident
    steps = _steps(visit, person)
    return {
        "person": person,
        "found": None,
        "outside": 0,
        "steps": steps,
        "evidence": await _papers(visit),
        "papers": papers_of(visit, person),
    }


OWNERSHIP = "last_employer_ownership"
"""The proof that is no paper of its own: any one of some papers is taken for it (AS 21)."""


async def _papers(visit: Visit) -> dict[str, str]:
    """Return in words the papers that each category asks for in the own office (R18, AS 21)."""
    rule = await visit.maybe("/api/rules/R18")
    values = {p["key"]: p["value"] for p in rule.get("parameters", ())}
    found: dict[str, list[str]] = values.get("certification.evidence") or {}
    proofs = visit.listed(values.get("certification.ownership_proof") or (), "certification")

    def named(kind: str) -> str:
        paper = visit.word(kind, "certification")
        any_of = kind == OWNERSHIP and proofs
        return visit.t("apply.papers_any", paper=paper, proofs=proofs) if any_of else paper

    words = visit.t("list.and")
    return {category: words.join(map(named, kinds)) for category, kinds in found.items() if kinds}


async def _found(visit: Visit) -> dict[str, Any]:
    ids, outside = await search(visit, visit.query("q"))
    answer = await visit.lines(text_ids=",".join(ids)) if ids else {}
    return {"found": None if ids is None else await _lines(visit, answer), "outside": outside}


STEPS = (
    ("apply.unemployment", "registry.record_unemployment_registration", False),
    ("apply.wishes", "registry.record_wishes", True),
    ("apply.household", "registry.form_household", True),
    ("apply.file", "certification.file_application", False),
    ("apply.register", "certification.register_at_community", False),
    ("apply.notice", "certification.post_notice", False),
)
"""Key of the words, command, whether it may be left out."""


def _steps(visit: Visit, person: dict[str, Any]) -> list[dict[str, Any]]:
    state = state_of(person)
    legal = {o.command.type: o for o in acts(visit, person)}
    done = _done(person, state["certification"])
    return [
        {
            "key": key,
            "command": offer.command,
            "go": address_of(visit, offer.command, person) if offer.legal else "",
            "done": name in done,
            "optional": optional,
        }
        for key, name, optional in STEPS
        if (offer := legal.get(name)) is not None
    ]


_AFTER = ("registered", "on_notice", "notice_closed", "street_reviewed", "at_county", "certified")


def _done(person: dict[str, Any], certification: str) -> set[str]:
    """Name the steps that are behind, as far as the state and the file tell."""
    groups = person.get("groups") or []
    cells = {str(c.get("code", "")) for g in groups for c in g.get("cells", ()) if c.get("events")}
    done = set()
    if "registration" in cells:
        done.add("registry.record_unemployment_registration")
    if "wishes" in cells:
        done.add("registry.record_wishes")
    if (person.get("ids") or {}).get("household"):
        done.add("registry.form_household")
    if certification in {"filed", *_AFTER, "county_reviewed", "returned"}:
        done.add("certification.file_application")
    if certification in _AFTER:
        done.add("certification.register_at_community")
    if certification in _AFTER[1:]:
        done.add("certification.post_notice")
    return done
