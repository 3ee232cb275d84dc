"""OCEL 2.0 and XES: valid, whole, pointing back to what can be proved, and free of persons."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from events.audit.facts import fact_of
from events.audit.objects import objects_of
from events.audit.ocel import write_ocel
from events.audit.xes import write_xes
from tests.support.history import good
from tests.support.tale import Lines, Tale, july

SCHEMA = json.loads(Path("tests/contract/ocel20.schema.json").read_text("utf-8"))
XES = "{http://www.xes-standard.org/}"
SECRET = "张三的秘密"  # noqa: S105


@pytest.fixture
def lines() -> Lines:
    return good().numbered()


def ocel(lines: Lines) -> dict[str, Any]:
    out = io.StringIO()
    write_ocel(lines, out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def xes(lines: Lines) -> str:
    out = io.StringIO()
    write_xes(lines, out)
    return out.getvalue()


@pytest.mark.requirement("X13")
def test_the_object_centric_log_is_what_ocel_2_asks_for(lines: Lines) -> None:
    document = ocel(lines)
    Draft202012Validator(SCHEMA).validate(document)
    del document["events"][0]["time"]
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_every_event_is_written_once_with_its_seq_and_hash(lines: Lines) -> None:
    events = ocel(lines)["events"]
    assert [e["id"] for e in events] == [line["event_id"] for line in lines]
    values = [{a["name"]: a["value"] for a in e["attributes"]} for e in events]
    assert [int(v["seq"]) for v in values] == list(range(1, len(lines) + 1))
    assert [v["hash"] for v in values] == [line["hash"] for line in lines]


def test_types_and_attributes_are_declared_and_relations_lead_to_objects(lines: Lines) -> None:
    document = ocel(lines)
    objects = {o["id"]: o for o in document["objects"]}
    assert len(objects) == len(document["objects"])
    for kind, rows in (("eventTypes", "events"), ("objectTypes", "objects")):
        declared = {t["name"]: {a["name"] for a in t["attributes"]} for t in document[kind]}
        assert {row["type"] for row in document[rows]} == set(declared)
        for row in document[rows]:
            assert {a["name"] for a in row["attributes"]} <= declared[row["type"]]
            assert {r["objectId"] for r in row["relationships"]} <= set(objects)


def test_an_event_names_its_objects_and_what_they_are_to_it(lines: Lines) -> None:
    named = {
        line["type"]: {(i, q) for _, i, q in objects_of(fact_of(line))}
        for line in lines
        if line["stream"].endswith(("-anna", "-home", "-second"))
    }
    assert ("person-anna", "applicant") in named["certification.application_filed.v1"]
    assert ("office-140105001000", "reviewed-by") in named["certification.street_reviewed.v1"]
    assert ("office-140105000000", "certified-by") in named["certification.person_certified.v1"]
    assert ("person-chen", "member") in named["registry.household_formed.v1"]
    assert ("post-mill", "offers") in named["posts.job_offered.v1"]
    assert ("post-mill", "placed-in") in named["posts.placed_in_job.v1"]


def test_what_changes_about_an_object_is_told_with_its_time(lines: Lines) -> None:
    dong = next(o for o in ocel(lines)["objects"] if o["id"] == "certification-dong")
    states = [(a["value"], a["time"][:10]) for a in dong["attributes"]]
    assert states[0] == ("filed", "2008-07-01")
    assert states[-1] == ("exited", str(july(80)))
    assert {(r["objectId"], r["qualifier"]) for r in dong["relationships"]} == {
        ("person-dong", "applicant")
    }


@pytest.mark.requirement("X13")
def test_a_trace_holds_the_events_of_one_case_in_order(lines: Lines) -> None:
    log = ET.fromstring(xes(lines))  # noqa: S314 - our own text
    assert log.tag == f"{XES}log"
    traces = {
        trace.find(f"{XES}string").attrib["value"]: trace.findall(f"{XES}event")  # type: ignore[union-attr]
        for trace in log.findall(f"{XES}trace")
    }
    assert set(traces) == {"anna", "bao", "dong", "gao"}
    names = [values(event)["concept:name"] for event in traces["anna"]]
    assert names[:3] == [
        f"certification.{name}.v1"
        for name in ("application_filed", "community_registered", "public_notice_posted")
    ]
    assert Counter(names)["posts.job_offered.v1"] == 2
    assert Counter(names)["posts.placed_in_job.v1"] == 1
    seqs = [int(values(event)["seq"]) for event in traces["anna"]]
    assert seqs == sorted(seqs)


def test_each_event_of_a_trace_says_what_when_who_and_which(lines: Lines) -> None:
    log = ET.fromstring(xes(lines))  # noqa: S314 - our own text
    first = values(next(log.iter(f"{XES}event")))
    assert first["time:timestamp"] == "2008-07-01T01:00:00.000+00:00"
    assert (first["org:resource"], first["org:role"]) == ("officer", "community_officer")
    assert first["org:group"] == "140105001001"
    assert first["lifecycle:transition"] == "complete"
    assert {"identity:id", "hash"} <= set(first)


def test_a_name_with_markup_is_escaped() -> None:
    tale, name = Tale(), 'a"<b>&'
    tale.filed(name, july(1))
    log = ET.fromstring(xes(tale.numbered()))  # noqa: S314 - our own text
    [trace] = log.iter(f"{XES}trace")
    assert trace[0].attrib == {"key": "concept:name", "value": name}


@pytest.mark.requirement("X15")
def test_no_value_by_which_a_person_is_known_is_written(lines: Lines) -> None:
    for line in lines:
        for name in ("name", "national_id", "phone", "address", "text", "reason", "birth_date"):
            line["data"][name] = SECRET
        line["data"] |= {"category": SECRET, "causes": [SECRET], "wage": 12_345_678}
    written = json.dumps(ocel(lines), ensure_ascii=False) + xes(lines)
    assert SECRET not in written
    assert "12345678" not in written


def values(event: ET.Element) -> dict[str, str]:
    return {value.attrib["key"]: value.attrib["value"] for value in event}
