"""Who may do what, read from the papers by hand: C7 for roles, C3 for commands, A14 for reads.

Nothing here comes from the code that decides; a difference between the two is a fault of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["province", "city", "county", "street", "community"]
LEVELS: tuple[Level, ...] = ("province", "city", "county", "street", "community")
LABOUR: dict[Level, tuple[str, ...]] = {
    "community": ("community_officer", "community_head"),
    "street": ("street_officer", "street_signer"),
    "county": ("county_reviewer", "county_certifier", "county_head"),
    "city": ("city_officer", "city_head"),
    "province": ("province_officer", "province_assessor", "province_head"),
}
PES = ("pes_clerk", "pes_head")
DEPARTMENTS = ("tax", "finance", "commerce", "bank", "civil_affairs")
MASS = ("union", "youth", "women")
OUTSIDE = (
    "trainer", "appraiser", "agency", "employer", "expert", "participant", "media",
)  # fmt: skip
OTHERS = ("secretary", "auditor", "operator")
ANYWHERE = (*PES, *DEPARTMENTS, *MASS, *OUTSIDE, *OTHERS)
HEADS = (
    "community_head", "street_signer", "county_head", "city_head", "province_head", "pes_head",
)  # fmt: skip

ALL_LABOUR = frozenset(role for roles in LABOUR.values() for role in roles)
CASE_READERS = ALL_LABOUR | {*PES, "auditor"}
"""Offices that handle persons, and the auditor, who reads all in scope."""
OFFICE_READERS = CASE_READERS | {*DEPARTMENTS, *MASS, "secretary", "operator", "rule_admin"}
"""Outside bodies have their own referrals only, and so no figures and no registers."""
NAME_READERS = ALL_LABOUR | {*PES}
"""Who reads persons in clear by his post; an auditor needs a stated purpose."""
WATCHERS = frozenset({"auditor", "operator"})
"""Who looks after the node and who examines it."""
PRINTED: dict[str, frozenset[str]] = {
    "notice": ALL_LABOUR,
    "agreement": ALL_LABOUR,
    "decision": ALL_LABOUR,
    "roster": NAME_READERS,
}
"""Who prints a document in his own area: papers of a case are the labour offices' (C5)."""

Who: TypeAlias = Literal[
    "anybody", "signed in", "offices", "cases", "watchers", "auditors", "labour", "names"
]
By: TypeAlias = Literal[
    "", "office", "person", "household", "event", "case", "account", "export", "check"
]


@dataclass(frozen=True)
class Rule:
    """The decision of one route: who, and by what its area is named."""

    who: Who
    by: By = ""
    level: Level | None = None
    """The only level at which the roles may; None for each."""

    @property
    def roles(self) -> frozenset[str] | None:
        """Return the roles that may; None where no role is asked for."""
        found = {"offices": OFFICE_READERS, "cases": CASE_READERS, "watchers": WATCHERS,
                 "auditors": frozenset({"auditor"}), "labour": ALL_LABOUR,
                 "names": NAME_READERS}  # fmt: skip
        return found.get(self.who)


OPEN, SIGNED = Rule("anybody"), Rule("signed in")
READ: dict[str, Rule] = {
    "/openapi.json": OPEN,
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/metrics": OPEN,
    "/api/queries": SIGNED,
    "/api/me": SIGNED,
    "/api/me/access": SIGNED,
    "/api/waiting": SIGNED,
    "/api/offices": SIGNED,
    "/api/offices/{id}": SIGNED,
    "/api/rules": SIGNED,
    "/api/rules/{number}": SIGNED,
    "/api/event_types": SIGNED,
    "/api/metrics": SIGNED,
    "/api/status": SIGNED,
    "/api/completeness": Rule("watchers"),
    "/api/figures": Rule("offices", "office"),
    "/api/figures/{metric}": Rule("offices", "office"),
    "/api/registers/{name}": Rule("offices", "office"),
    "/api/stream": Rule("offices", "office"),
    "/api/accounts/{id}": Rule("offices", "account"),
    "/api/exports": Rule("offices", "office"),
    "/api/exports/{id}": Rule("offices", "export"),
    "/api/checks": Rule("watchers", "", "province"),
    "/api/checks/{id}": Rule("watchers", "check", "province"),
    "/api/ledger": Rule("cases", "office"),
    "/api/households": Rule("cases", "office"),
    "/api/obligations": Rule("cases", "office"),
    "/api/audit_trail": Rule("cases", "office"),
    "/api/reads": Rule("auditors", "office"),
    "/api/figures/{metric}/cases": Rule("cases", "office"),
    "/api/figures/{metric}/cases/{id}/events": Rule("cases", "case"),
    "/api/persons/{id}": Rule("cases", "person"),
    "/api/persons/{id}/events": Rule("cases", "person"),
    "/api/households/{id}": Rule("cases", "household"),
    "/api/events/{seq}": Rule("cases", "event"),
}
"""Every address of the read role."""

WRITE: dict[str, str] = {
    "POST /api/token": "anybody with the password",
    "POST /api/token/exchange": "anybody with a token of the issuer",
    "POST /api/token/renew": "signed in",
    "POST /api/token/end": "signed in",
    "POST /api/commands": "each line as its command says",
    "GET /api/commands": "signed in",
    "POST /api/open": "readers of names, in their area",
    "POST /api/search": "readers of names; hits outside the area are only counted",
    "GET /api/checks/{id}/progress": "auditors and operators over the whole of the node",
    "GET /api/exports/{id}/file": "who asked for it, when it may be had",
    "GET /openapi.json": "anybody: it describes, and holds no data",
    "GET /asyncapi.json": "anybody: it describes, and holds no data",
    "GET /api/inbox-key": "anybody: a public key",
    "POST /api/accounts/password": "operators, for accounts of their area",
    "POST /api/accounts/unbind": "operators, for accounts of their area",
    "GET /api/clock": "signed in, on a simulated node",
    "POST /api/clock": "operators, on a simulated node",
}
"""Every address of the write role beside `/api/commands/<name>`."""
