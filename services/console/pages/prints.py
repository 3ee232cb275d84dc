"""Papers of a case: the public notice, the agreement, the county's decision (C5, X20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from events.contracts import assistance, certification
from events.rules.prints import Document
from events.rules.time import full_years
from services.console.apis import Refused
from services.console.paper import Fact, Paper, Row, cells_of
from services.console.site import Visit

NOTICE = certification.PublicNoticePosted.type
CERTIFIED, REFUSED = certification.PersonCertified.type, certification.CertificationRefused.type
ANNOTATED = certification.CertificateAnnotated.type
SIGNED = assistance.AgreementSigned.type
REVIEW_DAYS = "certification.review_days"


def _missing(zh: str, en: str, next_zh: str, next_en: str) -> Refused:
    words = {"zh": zh, "en": en, "next_zh": next_zh, "next_en": next_en}
    return Refused(404, {"code": "not_found"} | words)


async def _begun(visit: Visit, document: Document) -> tuple[Paper, dict[str, Any]]:
    """Decide, then ask for the person whom a paper is about. Raises Refused."""
    paper = Paper(visit, document)
    await paper.begin()
    ident = visit.request.path_params["id"]
    return paper, await paper.get(f"/api/persons/{ident}", after=visit.query("after"))


def _places(visit: Visit, notice: Mapping[str, Any]) -> list[str]:
    """Return where a notice hangs: its place, and the channels that the place does not name."""
    place = str(notice.get("place") or "")
    channels = [visit.word(c, "certification") for c in notice.get("channels") or ()]
    return [place, *(c for c in channels if c.casefold() not in place.casefold())]


async def load_notice(visit: Visit) -> dict[str, Any]:
    """Load the public notice: name, sex, age, category, period, whom to object to (R19, R20).

    No ID number is asked for, so none can stand on it.
    """
    paper, person = await _begun(visit, "notice")
    found = await paper.latest(person["person"], str(person.get("case")), NOTICE)
    if found is None:
        raise _missing(
            "该人员的申请尚未公示。", "The person's application is not on notice.",
            "请先办理“张贴公示”，再打印公示表。", "Post the notice first, then print its sheet.",
        )  # fmt: skip
    _, fact = found
    who = await paper.opened(cells_of(person, "name", "sex", "birth_date"))
    office = await paper.office(fact.office)
    case = person.get("certification") or {}
    return paper.drawn(
        who=who,
        age=_age(who.get("birth_date"), str(fact.body["from"])),
        categories=case.get("categories") or [person.get("category")],
        case_no=person.get("case_no"),
        notice=fact.body,
        places=_places(visit, fact.body),
        posted=fact,
        rules=fact.rule_set,
        office=office,
        above=[o for o in office.get("parents") or () if o.get("level") in {"street", "county"}],
        handler=await paper.name(str(fact.body.get("handler")), fact.office),
    )


def _age(birth: object, on: str) -> int | None:
    """Return the age on a day; None where the day of birth may not be seen."""
    try:
        return full_years(date.fromisoformat(str(birth)), date.fromisoformat(on))
    except ValueError:
        return None


async def load_agreement(visit: Visit) -> dict[str, Any]:
    """Load the agreement and its plan; before it is signed a form to sign (R83–R86, P7)."""
    paper, person = await _begun(visit, "agreement")
    file = person.get("file")
    if not file:
        raise _missing(
            "该人员尚未认定，没有援助档案。", "The person is not certified and has no file yet.",
            "认定后由街道或社区签订协议书。", "Sign the agreement after the certification.",
        )  # fmt: skip
    names = ("name", "national_id", "address", "agreement", "plan")
    who = await paper.opened(cells_of(person, *names))
    agreement = _mapping(who.get("agreement"))
    signed = await _signed(paper, person, str(file["case"])) if agreement else None
    office = await paper.office(signed.office if signed else str(file["community"]))
    plan = _mapping(who.get("plan"))
    await visit.learn_offices(str(m["provider"]) for m in plan.get("measures") or ())
    helper = str(agreement.get("helper") or "")
    return paper.drawn(
        who=who,
        agreement=agreement,
        plan=plan,
        case_no=person.get("case_no"),
        office=office,
        helper=await paper.name(helper, str(office.get("office") or "")),
    )


async def _signed(paper: Paper, person: Row, case: str) -> Fact | None:
    found = await paper.latest(str(person["person"]), case, SIGNED)
    return found[1] if found else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


async def load_decision(visit: Visit) -> dict[str, Any]:
    """Load the county's decision with its findings, and the mark on the certificate (R22, R25)."""
    paper, person = await _begun(visit, "decision")
    ident, case = person["person"], str(person.get("case"))
    found = await paper.latest(ident, case, CERTIFIED, REFUSED)
    if found is None:
        raise _missing(
            "该人员的申请尚未作出认定决定。", "The application is not decided yet.",
            "县级认定后再打印。", "Print it after the county has decided.",
        )  # fmt: skip
    kind, fact = found
    marked = await paper.latest(ident, case, ANNOTATED)
    sealed = {
        "who": cells_of(person, "name", "sex", "national_id"),
        "body": fact.body,
        "mark": marked[1].body if marked else None,
    }
    shown = await paper.opened(sealed)
    office = await paper.office(fact.office)
    return paper.drawn(
        **shown,
        certified=kind == CERTIFIED,
        decided=fact,
        rules=fact.rule_set,
        marked=marked[1] if marked else None,
        cancelled=(person.get("certification") or {}).get("annotation_cancelled_on"),
        case_no=person.get("case_no"),
        office=office,
        city=next((o for o in office.get("parents") or () if o.get("level") == "city"), {}),
        days="" if kind == CERTIFIED else await _review_days(visit),
    )


async def _review_days(visit: Visit) -> str:
    """Return how many working days one has to ask for a review, as in force (X3)."""
    rule = await visit.maybe("/api/rules/X3")
    parameters = {p["key"]: p["value"] for p in rule.get("parameters") or ()}
    return str(parameters.get(REVIEW_DAYS, ""))
