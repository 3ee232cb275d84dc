"""What the read API answers in the console's unit tests: one case, its office, its figures."""

from __future__ import annotations

from typing import Any

PERSON = "01900000-0000-7000-8000-000000000001"
CASE = "01900000-0000-7000-8000-000000000002"
HOUSEHOLD = "01900000-0000-7000-8000-000000000003"
COMMUNITY = "140105001001"
COUNTY = "140105000000"
PROVINCE = "140000000000"
USER = "01900000-0000-7000-8000-0000000000bb"
EXPORT = "01900000-0000-7000-8000-0000000000cc"
PROPOSAL = "01900000-0000-7000-8000-0000000000dd"
SECOND = {"office": "140105001000", "name": "坞城街道", "roles": ["street_signer"]}
KNOWN = {"seq": 42, "time": "2009-03-02T01:59:00Z"}


def sealed(field_: str, subject: str = f"person-{PERSON}") -> dict[str, Any]:
    """Make a value as a query answers it: ciphertext with its place."""
    return {
        "k": "key-1", "a": "A256GCM", "n": field_, "c": "AAAA",
        "type": "registry.person_registered.v1", "stream": subject, "version": 1, "field": field_,
        "subject": subject,
    }  # fmt: skip


def cell(name: str, zh: str, **held: object) -> dict[str, Any]:
    """Make a cell with the events it comes from."""
    return {"name": name, "zh": zh, "en": name, "events": [1], **held}


def person(**changes: object) -> dict[str, Any]:
    """Make a person's answer."""
    name = cell("name", "姓名", sealed=sealed("name"))
    phone = cell("phone", "电话", sealed=sealed("phone"))
    return {
        "person": PERSON, "office": COMMUNITY, "path": COMMUNITY,
        "state": "filed", "work": "unemployed", "tracking": None, "category": "aged_4050",
        "case": CASE, "case_no": "140105-2009-000001", "tally": 0,
        "cells": [name, phone, cell("sex", "性别", value="female")],
        "groups": [
            {"group": "identity", "zh": "基本情况", "en": "Identity", "cells": [name, phone]},
        ],
        "clocks": [
            {"clock": "T1", "zh": "公示期", "en": "Notice", "rule": "R19", "from": "2009-02-20",
             "due": "2009-02-27", "days_left": -3, "overdue": True},
            {"clock": "T11", "zh": "可结束随访", "en": "May end", "rule": "R92",
             "from": "2008-08-01", "option_from": "2009-02-01"},
        ],
        "open": {"case": CASE, "offers": [], "proposals": {}}, "family": None, "file": None,
        "versions": {f"certification-{CASE}": 3, f"person-{PERSON}": 5},
    } | changes  # fmt: skip


TASK = {
    "id": f"T2/{CASE}/e", "kind": "T2", "zh": "社区登记", "en": "Registration", "person": PERSON,
    "case_id": CASE, "office": COMMUNITY, "due": "2009-02-27", "days_left": -3, "state": "overdue",
    "outcome": "open", "ended": None, "clause": "意见第二条（一）", "start_seq": 7,
}  # fmt: skip
EVENT = {
    "seq": 7, "event_id": "01900000-0000-7000-8000-000000000007", "zh": "已提出认定申请",
    "en": "Application filed", "type": "certification.application_filed.v1",
    "stream": f"certification-{CASE}", "version": 1, "subject": f"person-{PERSON}",
    "occurred_at": "2009-02-20T02:00:00Z", "recorded_at": "2009-02-20T02:00:01Z",
    "role": "community_officer", "office": COMMUNITY,
    "clauses": [{"rule": "R17", "clause": "二（一）", "zh": "由本人提出申请", "en": "Application"}],
    "body": {"causes": ["skill"], "cause_text": {"sealed": sealed("cause_text")}},
}  # fmt: skip
METRIC = {
    "metric": "M2", "zh": "就业率", "en": "Employment rate", "value": 29920, "rate": 0.826,
    "denominator": 36206, "clause": "意见第二条（三）", "unit_zh": "人", "unit_en": "persons",
    "requirements": ["R17", "R18"], "version": 1,
    "kind": "ratio", "definition_zh": "实现就业÷应就业", "definition_en": "Placed ÷ due",
    "parts": [{"part": "placed", "zh": "实现就业", "en": "Placed", "value": 29920,
               "how": "flow"}],
}  # fmt: skip
CITIES = [
    {"office": "140100000000", "path": "1401", "name": "太原市", "value": 2625, "rate": 0.901,
     "denominator": 2914, "light": "yellow"},
    {"office": "140900000000", "path": "1409", "name": "忻州市", "value": 4442, "rate": 0.969,
     "denominator": 4582, "light": "green"},
    {"office": "140200000000", "path": "1402", "name": "大同市", "value": 3, "rate": 0.5,
     "denominator": 6, "light": "red"},
    {"office": None, "path": "1499", "name": "1499", "value": 1, "rate": None, "denominator": 0},
]  # fmt: skip
ME = {
    "user": "01900000-0000-7000-8000-0000000000aa", "name": "刘敏", "office": COMMUNITY,
    "office_name": "学府社区", "level": "community", "path": COMMUNITY,
    "roles": ["community_officer", "community_head"],
}  # fmt: skip
READS: list[dict[str, Any]] = [
    {
        "seq": 9, "type": "registry.fields_revealed.v1", "recorded_at": "2009-03-02T01:00:00Z",
        "actor_name": "王强", "actor_roles": ["street_signer"], "office": COMMUNITY,
        "body": {"fields": ["phone"], "reason": "contact"},
    },
    {
        "seq": 8, "type": "registry.person_read.v1", "recorded_at": "2009-03-02T01:00:00Z",
        "actor_name": "刘敏", "actor_roles": ["community_officer"], "office": COMMUNITY,
        "body": {"fields": ["name"], "page": "person", "mode": "view"},
    },
]  # fmt: skip
ACCESS: dict[str, Any] = {
    "grants": [
        {"role": r, "areas": [{"path": COMMUNITY, "name": "学府社区"}], "from": "2009-01-01",
         "until": None, "in_force": True}
        for r in ("community_head", "community_officer")
    ],
    "given": [],
    "received": [
        {"delegation": CASE, "giver": USER, "deputy": "me", "scope": ["community_head"],
         "roles": ["community_head"], "cases": [], "from": "2009-03-01", "until": "2009-03-31",
         "in_force": True},
    ],
    "names": {USER: "周芳"},
    "emergencies": [{"person": PERSON, "until": "2009-03-02T06:00:00Z", "seq": 7}],
}  # fmt: skip
ACCOUNT: dict[str, Any] = {
    "id": USER, "office": COMMUNITY, "name": "周芳", "login": "zhou", "since": "2009-03-01",
    "roles": [], "closed": None, "version": 2, "received": [], "names": {},
    "proposed": [
        {"role": "community_head", "areas": [COMMUNITY], "from": "2009-03-02", "until": None,
         "proposal": PROPOSAL, "by": CASE, "on": "2009-03-02", "seconds": [SECOND],
         "own_hand": True, "may_approve": False},
    ],
}  # fmt: skip
WAITING: list[dict[str, Any]] = [
    {"kind": "role", "user": USER, "user_name": "周芳", "role": "community_head",
     "office": COMMUNITY, "office_name": "学府社区", "by_name": "运维", "on": "2009-03-02"},
    {"kind": "export", "export": EXPORT, "reason": "报送名册", "office": COMMUNITY,
     "office_name": "学府社区", "by_name": "刘敏", "on": "2009-03-02"},
]  # fmt: skip
ASKED: dict[str, Any] = {
    "id": EXPORT, "office": COMMUNITY, "office_name": "学府社区", "since": "2009-03-02",
    "state": "requested", "standing": "waiting", "until": "2009-03-09", "yours": True,
    "masked": False, "reason": "报送名册", "format": "csv",
    "query": {"kind": "ledger", "office": COMMUNITY}, "request": PROPOSAL, "by": USER,
    "requested_seq": 5, "names": {USER: "周芳"}, "seconds": [SECOND], "own_hand": True,
    "may_approve": False, "version": 1,
}  # fmt: skip
OFFICE = {
    "office": PROVINCE, "path": "14", "name": "山西省", "level": "province",
    "parents": [], "children": [],
}  # fmt: skip

COMPLETE: dict[str, Any] = {
    "steps": [
        {"step": "appended", "count": 42, "difference": 0, "verdict": "equal"},
        {"step": "sequenced", "count": 42, "difference": 0, "verdict": "equal"},
        {"step": "numbers", "count": 42, "difference": 0, "verdict": "equal"},
        {"step": "published", "count": 40, "difference": 2, "verdict": "waiting"},
    ],
    "models": [
        {"projection": "ledger", "projected": 38, "parked": 2, "parked_subjects": 1,
         "parked_first": 7, "parked_type": "registry.person_registered.v1", "difference": 2,
         "verdict": "waiting"},
    ],
    "published_noted": "2009-03-02T01:00:00Z", "verdict": "waiting",
}  # fmt: skip

CHECK = "01900000-0000-7000-8000-0000000000ee"
CHECKED: dict[str, Any] = {
    "id": CHECK, "state": "findings", "by": USER, "on_behalf_of": None, "names": {USER: "周芳"},
    "asked_at": "2009-03-02T01:00:00Z", "ended_at": "2009-03-02T01:00:05Z", "requested_seq": 40,
    "ended_seq": 41, "office": PROVINCE,
    "result": {
        "verdict": "findings", "events": 1204, "signed": 1200, "tail": 4, "seconds": 5,
        "served": 6, "root": "ab" * 32, "key": "bangfu+1a2b3c4d+AbCd",
        "findings": [
            {"code": "data_changed", "seq": 7, "stream": f"person-{PERSON}", "version": 2},
            {"code": "later_code", "seq": 0, "detail": "tiles/0/000"},
        ],
    },
}  # fmt: skip
RUNNING: dict[str, Any] = {
    "id": "01900000-0000-7000-8000-0000000000ff", "state": "running", "by": USER,
    "names": {USER: "周芳"}, "asked_at": "2009-03-02T01:59:00Z", "requested_seq": 42,
}  # fmt: skip
LOOKS: list[dict[str, Any]] = [
    READS[0] | {"actor": USER, "person": PERSON, "on_behalf_of": CASE, "under": None},
    {
        "seq": 6, "type": "registry.person_read.v1", "recorded_at": "2009-03-01T01:00:00Z",
        "actor": USER, "actor_name": "周芳", "actor_roles": ["community_officer"],
        "office": COMMUNITY, "person": PERSON,
        "body": {"fields": ["name"], "page": "export", "mode": "export", "under": PROPOSAL},
        "under": {"seq": 5, "type": "registry.export_requested.v1", "stream": f"export-{EXPORT}"},
    },
    {
        "seq": 4, "type": "registry.person_read.v1", "recorded_at": "2009-03-01T00:00:00Z",
        "actor": USER, "actor_name": "周芳", "actor_roles": ["community_officer"],
        "office": COMMUNITY, "person": PERSON,
        "body": {"fields": ["name"], "page": "person", "mode": "view", "under": CASE,
                 "purpose": "case_handling"},
        "under": {"seq": 3, "type": "registry.emergency_access_opened.v1", "stream": "access-1"},
    },
    {
        "seq": 2, "type": "registry.export_completed.v1", "recorded_at": "2009-02-01T01:00:00Z",
        "actor": USER, "actor_name": "周芳", "actor_roles": [], "role": "system",
        "office": COMMUNITY, "person": None, "body": {"rows": 3, "persons": 2, "request": PROPOSAL},
        "under": {"seq": 5, "type": "registry.export_requested.v1", "stream": f"export-{EXPORT}"},
    },
]  # fmt: skip


def household() -> dict[str, Any]:
    """Make a household's answer."""
    member = {"person": PERSON, "relation": {"sealed": sealed("relation")}, "counts_as": "normal"}
    return {
        "household": HOUSEHOLD, "state": "certified", "due": "2009-03-31", "office": COMMUNITY,
        "members": [member],
    }  # fmt: skip


PAPERS = {
    "key": "certification.evidence", "zh": "各类对象证明材料", "en": "Evidence by category",
    "value": {"all": ["id_card", "photos"], "long_term": ["dibao_certificate"],
              "aged_4050": ["last_employer_ownership"], "city": []},
    "unit": None, "source": "R18 AS 1", "clause": "须持有效证明",
}  # fmt: skip


PROOFS = {
    "key": "certification.ownership_proof", "zh": "所有制证明（任一）", "en": "Proof, any of",
    "value": ["last_contract", "file_record"], "unit": None, "source": "AS 21", "clause": "",
}  # fmt: skip


def answers() -> dict[str, Any]:
    """Return the read API's canned answers by path."""
    return {
        "/api/me": ME,
        "/api/obligations": {
            "items": [TASK],
            "counts": [{"queue": "open", "count": 1}, {"queue": "overdue", "count": 1}],
        },
        "/api/ledger": {"items": [person(groups=None)], "total": 1, "next": "c2"},
        f"/api/persons/{PERSON}": person(),
        f"/api/persons/{PERSON}/events": {"items": [EVENT]},
        "/api/households": {"items": [household()]},
        f"/api/households/{HOUSEHOLD}": household() | {"persons": [person()]},
        f"/api/offices/{PROVINCE}": OFFICE,
        f"/api/offices/{COMMUNITY}": OFFICE
        | {"office": COMMUNITY, "name": "学府社区", "path": COMMUNITY},
        "/api/figures": {"items": [METRIC], "period": {"from": "2009-01-01", "to": "2009-03-02"}},
        "/api/figures/M2": METRIC | {"children": CITIES},
        "/api/figures/M2/cases": {
            "items": [{"id": PERSON, "kind": "person", "amount": 1, "events": [7]}],
            "part": "placed",
            "total": 1,
        },
        f"/api/figures/M2/cases/{PERSON}/events": {"items": [EVENT]},
        "/api/audit_trail": {"items": [EVENT]},
        "/api/events/7": EVENT,
        "/api/rules/R17": {"rule": "R17", "zh": "由本人向居住地社区提出申请",
                           "term": "Apply at the station", "statement": "ApplicationFiled carries"},
        "/api/rules/X16": {"rule": "X16", "clause": "补充", "zh": "", "term": "Idempotent"},
        "/api/rules/R18": {"rule": "R18", "zh": "须持有效证明", "parameters": [PAPERS, PROOFS]},
        "/api/completeness": COMPLETE,
        "/api/metrics": {"items": [METRIC | {"events": [EVENT["type"]], "numerator": ["placed"]}]},
        "/api/event_types": {"items": [{n: EVENT[n] for n in ("type", "zh", "en")}]},
        "/api/status": {
            "projections": [{"projection": "ledger", "known": 42, "lag": 0, "parked": 0}],
        },
        "/api/registers/accounts": {"items": [{"user": ME["user"], "name": "刘敏"}]},
        "/api/me/access": ACCESS,
        "/api/queries": {"items": [
            {"name": "person", "zh": "个人档案", "en": "Person", "roles": ["community_officer"]},
        ]},
        f"/api/accounts/{USER}": ACCOUNT,
        "/api/waiting": {"items": WAITING},
        "/api/exports": {"items": [ASKED]},
        "/api/checks": {"items": [RUNNING, CHECKED]},
        f"/api/checks/{CHECK}": CHECKED,
        f"/api/checks/{RUNNING['id']}": RUNNING,
        f"/api/checks/{RUNNING['id']}/progress": {
            "running": True, "done": 2000, "total": 5000, "seconds": 3,
        },
        "/api/reads": {"items": LOOKS, "names": {CASE: "王强"}, "next": "c2"},
        f"/api/exports/{EXPORT}": ASKED,
    }  # fmt: skip
