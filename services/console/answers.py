"""Answers of the read API as the pages draw them: persons, rows, clocks, households.

The names on the right are those of the API; nothing is computed here but which word stands where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Answer: TypeAlias = Mapping[str, Any]
View: TypeAlias = dict[str, Any]

PROPOSALS = {
    "exit_": "exit_proposal",
    "exit_reversal": "reversal",
    "reassessment": "reassessment",
    "revocation": "revocation",
}
"""Beginning of a proposal's name → the axis it stands on."""


def cells(answer: Answer) -> dict[str, Any]:
    """Return cell name → value of a person's or a row's cells, opened where they were sealed."""
    groups = answer.get("groups") or [{"cells": answer.get("cells") or ()}]
    return {c["name"]: shown(c) for g in groups for c in g.get("cells", ())}


def shown(cell: Answer) -> Any:  # noqa: ANN401
    """Return what a cell holds."""
    return cell["sealed"] if "sealed" in cell else cell.get("value")


LISTED = frozenset({"name", "sex", "age_band"})
"""Cells that a list shows; the others are not opened for it, since every opening is a read."""


def lean(answer: Answer) -> View:
    """Return an answer's rows with the cells of a list alone."""
    rows = answer.get("items") or ()
    return {**answer, "items": [_lean(r) for r in rows]}


def _lean(answer: Answer) -> View:
    return {**answer, "cells": [c for c in answer.get("cells") or () if c["name"] in LISTED]}


def row(answer: Answer) -> View:
    """Return a line of the ledger."""
    found = cells(answer)
    return {
        "id": answer.get("person", ""),
        "name": found.get("name"),
        "sex": found.get("sex"),
        "age_band": found.get("age_band"),
        "office": answer.get("office"),
        "category": answer.get("category"),
        "case_no": answer.get("case_no"),
        "state": {
            "certification": answer.get("state") or "",
            "work": answer.get("work") or "",
            "tracking": answer.get("tracking") or "",
        },
    }


def person(answer: Answer) -> View:
    """Return one person; nothing but the id's absence where the answer is empty."""
    if not answer.get("person"):
        return {}
    opened = answer.get("open") or {}
    proposals = _proposals(opened.get("proposals") or {})
    family = answer.get("family") or {}
    ids = {k: opened.get(k) for k in ("case", "assistance", "employment")}
    ids["case"] = ids["case"] or answer.get("case")
    ids["household"] = family.get("household")
    out = row(answer)
    out["state"] |= dict.fromkeys(proposals, "open")
    out["state"] |= {"agreement": _agreement(answer), "household": family.get("state") or ""}
    out["state"]["review"] = _review(answer)
    return out | {
        "access": answer.get("access"),
        "since": answer.get("since"),
        "tally": answer.get("tally"),
        "groups": [_group(g) for g in answer.get("groups") or ()],
        "clocks": [clock(c) for c in answer.get("clocks") or ()],
        "offers": [_offer(o) for o in _listed(cells(answer).get("offers"))],
        "ids": {k: v for k, v in ids.items() if v},
        "versions": answer.get("versions") or {},
        "proposals": proposals,
    }


def _review(answer: Answer) -> str:
    """Tell who reviews the case before the decision: the county in a mining area (R21, R24).

    `done`: nobody any more; nothing where the answer cannot tell, as after a decision set aside.
    """
    mining, opinion = answer.get("mining_area"), (answer.get("certification") or {}).get("opinion")
    match answer.get("state"):
        case "notice_closed" if mining is not None:
            return "county" if mining else "street"
        case "at_county" if mining is not None:
            return "county" if opinion is None else "" if mining else "done"
        case _:
            return ""


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else []


def _proposals(told: Answer) -> dict[str, str]:
    """Return axis → event of the proposal that waits."""
    out: dict[str, str] = {}
    for name, event in told.items():
        axis = PROPOSALS.get(name) or next(
            (a for p, a in PROPOSALS.items() if name.startswith(p)), ""
        )
        if axis:
            out[axis] = event
    return out


def _agreement(answer: Answer) -> str:
    state = str((answer.get("file") or {}).get("agreement") or "none")
    plan = cells(answer).get("plan")
    return "plan_in_force" if state == "active" and isinstance(plan, dict) else state


def _group(answer: Answer) -> View:
    return {
        **answer,
        "cells": [c | {"code": c["name"], "value": shown(c)} for c in answer.get("cells", ())],
    }


def _offer(answer: Answer) -> View:
    state = "judged" if answer.get("judged") else answer.get("state", "")
    return {**answer, "id": answer.get("offer", ""), "state": state}


def clock(answer: Answer) -> View:
    """Return a clock; an option has no last day and is never overdue (R92)."""
    option, done = answer.get("option_from"), answer.get("done")
    return {
        **answer,
        "kind": answer.get("clock"),
        "started": answer.get("from"),
        "due": None if option else answer.get("due"),
        "state": "option" if option else "met" if done else "open",
        "counted": f"{answer['tally']} / {answer['limit']}" if "tally" in answer else "",
    }


def household(answer: Answer) -> View:
    """Return a household with its members' names where their lines came along."""
    known = {p.get("person"): row(p) | cells(p) for p in answer.get("persons") or ()}
    members = [
        {
            **m,
            **{n: known.get(m["person"], {}).get(n) for n in ("name", "national_id", "phone")},
            "work": known.get(m["person"], {}).get("state", {}).get("work"),
            "certification": known.get(m["person"], {}).get("state", {}).get("certification"),
        }
        for m in answer.get("members") or ()
    ]  # fmt: skip
    return {**answer, "id": answer.get("household", ""), "members": members}


def offices_in(rows: Iterable[Answer]) -> set[str]:
    """Return the ids of the offices that some rows name without their words."""
    return {str(r["office"]) for r in rows if r.get("office") and not r.get("office_name")}


def persons_in(rows: Iterable[Answer]) -> list[str]:
    """Return the ids of the persons that some rows are about, each once."""
    return list(dict.fromkeys(str(r["person"]) for r in rows if r.get("person")))


def duty(answer: Answer) -> View:
    """Return a duty; the notice's last day is the first on which it may be closed (T1)."""
    state = answer.get("outcome") if answer.get("ended") else answer.get("state")
    return {
        **answer,
        "case": answer.get("case_id"),
        "seq": answer.get("start_seq"),
        "state": "notice" if answer.get("kind") == "T1" else state,
    }


def figure(answer: Answer, lang: str) -> View:
    """Return a figure: its value, what it is divided by, its rate, its parts, its meaning."""
    return {
        **answer,
        "id": answer.get("metric", ""),
        "unit": answer.get(f"unit_{lang}"),
        "definition": answer.get(f"definition_{lang}"),
        "parts": [{**p, "id": p["part"]} for p in answer.get("parts") or ()],
    }


def case(answer: Answer) -> View:
    """Return a person or household within a figure."""
    about = {"person": answer["id"]} if answer.get("kind") == "person" else {}
    return {**answer, **about}
