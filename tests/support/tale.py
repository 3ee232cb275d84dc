"""Tells histories as an auditor's export holds them: lines, without any of our contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID

Body = dict[str, Any]
Lines = list[Body]
PROVINCE, CITY, COUNTY = "140000000000", "140100000000", "140105000000"
STREET, COMMUNITY, OTHER = "140105001000", "140105001001", "140105001002"
PES = f"{COUNTY}:pes"
PIT, PIT_COMMUNITY = "140105002000", "140105002001"
_OFFICES = (
    (PROVINCE, "province", None, "14"),
    (CITY, "city", PROVINCE, "1401"),
    (COUNTY, "county", CITY, "140105"),
    (PES, "county", COUNTY, None),
    (STREET, "street", COUNTY, "140105001"),
    (COMMUNITY, "community", STREET, "140105001001"),
    (OTHER, "community", STREET, "140105001002"),
    (PIT, "street", COUNTY, "140105002"),
    (PIT_COMMUNITY, "community", PIT, "140105002001"),
)
STAFF = {
    "officer": ("community_officer", COMMUNITY),
    "head": ("community_head", COMMUNITY),
    "neighbour": ("community_officer", OTHER),
    "street": ("street_officer", STREET),
    "signer": ("street_signer", STREET),
    "reviewer": ("county_reviewer", COUNTY),
    "certifier": ("county_certifier", COUNTY),
    "second_reviewer": ("county_reviewer", COUNTY),
    "county_head": ("county_head", COUNTY),
    "city": ("city_officer", CITY),
    "city_head": ("city_head", CITY),
    "pes": ("pes_clerk", PES),
    "rules": ("rule_admin", PROVINCE),
    "operator": ("operator", PROVINCE),
    "province": ("province_head", PROVINCE),
    "pit_officer": ("community_officer", PIT_COMMUNITY),
    "pit_head": ("community_head", PIT_COMMUNITY),
}
PAPERS = ("id_card", "household_book", "unemployment_certificate", "photos")
SEALED = {"k": "key", "a": "A256GCM", "n": "nonce", "c": "cipher"}
BEGIN = date(2008, 6, 30)
"""A Monday on which offices, accounts and persons are put on record."""
END = date(2008, 12, 31)


@dataclass
class Tale:
    """A history under way; `tell` returns the id of the event told."""

    lines: Lines = field(default_factory=list)
    _ids: int = 0

    def id(self) -> str:
        """Return a new id."""
        self._ids += 1
        return str(UUID(int=self._ids))

    def tell(self, type_: str, stream: str, day: date, who: str, body: Body, **more: str) -> str:
        """Tell one event; `more`: command, subject, event (ids)."""
        role, office = STAFF.get(who, ("system", ""))
        at = _instant(day)
        event = more.get("event") or self.id()
        meta = {
            "actor": who, "role": role, "office": office, "occurred_at": at,
            "auth": "allow.area/3", "rule_set": "2008",
        }  # fmt: skip
        self.lines.append(
            {
                "seq": 0,
                "stream": stream,
                "subject": more.get("subject", stream),
                "type": f"{type_}.v1",
                "event_id": event,
                "command_id": more.get("command") or self.id(),
                "recorded_at": at,
                "hash": f"{self._ids:064x}",
                "meta": meta,
                "data": body,
            }
        )
        return event

    def opening(self) -> None:
        """Open the offices and give everyone an account and a role, as on an empty log."""
        for office, level, parent, code in _OFFICES:
            kind = "pes" if office == PES else "labour"
            body = {"name": office, "kind": kind, "level": level, "parent": parent, "code": code}
            self.tell("registry.office_opened", f"office-{office}", BEGIN, "system", body)
        for who, (role, office) in STAFF.items():
            user = f"user-{who}"
            self.tell("registry.account_opened", user, BEGIN, "system", {"office": office})
            asked: Body = {"role": role, "areas": [office], "from": "2008-06-30"}
            proposal = self.tell("registry.role_proposed", user, BEGIN, "system", asked)
            self.tell("registry.role_granted", user, BEGIN, "system", {"proposal": proposal})

    def person(self, name: str, community: str = COMMUNITY, who: str = "officer") -> None:
        """Put a person on record, unemployed."""
        hukou = {"division": "140105", "type": "urban"}
        body: Body = {"residence": community, "hukou": hukou, "name": SEALED, "sex": "female"}
        self.tell("registry.person_registered", f"person-{name}", BEGIN, who, body)
        body = {"last_ownership": "state", "proof": []}
        self.tell("registry.unemployment_registered", f"person-{name}", BEGIN, who, body)

    def filed(self, name: str, day: date, category: str = "aged_4050", who: str = "officer") -> str:
        """File a person's application; the case bears the person's name."""
        body = {
            "person": name, "categories": [category], "primary": category, "causes": [],
            "evidence": [{"kind": kind, "issuer": "x"} for kind in PAPERS],
            "attest_ability": True, "attest_wish": True, "case_no": "140105-2008-000001",
        }  # fmt: skip
        return self.case(name, "application_filed", day, who, body)

    def case(self, name: str, what: str, day: date, who: str, body: Body, **m: str) -> str:
        """Tell an event of a case."""
        stream = f"certification-{name}"
        return self.tell(
            f"certification.{what}", stream, day, who, body, subject=f"person-{name}", **m
        )

    def file(self, name: str, what: str, day: date, who: str, body: Body) -> str:
        """Tell an event of an assistance file."""
        return self.tell(f"assistance.{what}", f"assistance-{name}", day, who, body,
                         subject=f"person-{name}")  # fmt: skip

    def in_the_pit(self, name: str, filed: date) -> None:
        """Lead a case of a mining area to the county's refusal (R24)."""
        community = f"office-{PIT}"
        self.tell("registry.mining_area_set", community, filed, "county_head",
                  {"is_mining_area": True, "from": str(filed)})  # fmt: skip
        self.filed(name, filed, who="pit_officer")
        one, closed = (filed + timedelta(days=n) for n in (1, 16))
        self.case(name, "community_registered", one, "pit_officer", {"opinion": SEALED})
        body: Body = {"from": str(one), "until": str(filed + timedelta(days=15)), "place": "x"}
        notice = self.case(name, "public_notice_posted", one, "pit_officer", body)
        self.case(name, "public_notice_closed", closed, "system", {"notice": notice})
        self.case(name, "forwarded_to_county", closed, "pit_head", {"county": COUNTY})
        self.case(name, "county_reviewed", closed, "reviewer", {"opinion": "disagree"})
        body = {"grounds": ["x"], "reason": SEALED, "told_on": str(closed)}
        self.case(name, "certification_refused", closed, "certifier", body)

    def certified(self, name: str, filed: date, category: str = "aged_4050", **more: str) -> date:
        """Lead a case from its filing to the plan; returns the day of certification."""
        self.filed(name, filed, category)
        one, closed, sure = (filed + timedelta(days=n) for n in (1, 16, 19))
        self.case(name, "community_registered", one, "officer", {"opinion": SEALED})
        body = {"from": str(one), "until": str(filed + timedelta(days=15)), "place": "x"}
        notice = self.case(name, "public_notice_posted", one, "officer", body)
        self.case(name, "public_notice_closed", closed, "system", {"notice": notice})
        self.case(name, "street_reviewed", closed, "signer", {"opinion": "agree", "text": SEALED})
        self.case(name, "forwarded_to_county", closed, "street", {"county": COUNTY})
        command = self.id()
        member = more.get("member_of")
        self.case(name, "person_certified", sure, "certifier",
                  {"category": category, "responsible_office": COUNTY, "member_of": member},
                  command=command)  # fmt: skip
        if household := more.get("household"):
            self.tell("certification.household_certified", f"household-{household}", sure,
                      "certifier", {"member": name, "case": name}, command=command)  # fmt: skip
        self.file(name, "file_opened", sure, "system", {"case": name, "person": name})
        self.help(name, sure, one_to_one=category == "zero_household")
        return sure

    def help(self, name: str, sure: date, *, one_to_one: bool) -> None:
        """Give the mark, the agreement, a service and a plan, all in time."""
        day = sure + timedelta(days=2)
        self.case(name, "certificate_annotated", day, "reviewer", {"number": SEALED})
        self.file(name, "agreement_signed", day, "officer", {"one_to_one": one_to_one})
        self.file(
            name, "service_delivered", day, "officer", {"service": "career_guidance", "fee": 0}
        )
        self.file(name, "plan_made", day, "officer", {"facts": [self.id()], "measures": []})

    def visits(self, name: str, *days: date, employed: date | None = None) -> None:
        """Visit a person on days."""
        for day in days:
            working = employed is not None and employed <= day
            body: Body = {"mode": "visit", "status": "employed" if working else "unemployed",
                    "month": str(day)[:7], "on_job": {"at_work": True} if working else None,
                    "needs": []}  # fmt: skip
            self.file(name, "follow_up_done", day, "officer", body)

    def report(self, name: str, day: date) -> None:
        """Let a person report the status."""
        body = {"status": "unemployed", "since": str(BEGIN), "in_person": True}
        self.file(name, "status_reported", day, "officer", body)

    def post(self, name: str, day: date = BEGIN, places: int = 2) -> None:
        """List a vacancy."""
        body = {"employer": "factory", "places": places, "from": str(day), "until": "2009-06-30"}
        self.tell("posts.vacancy_listed", f"post-{name}", day, "pes", body)

    def offer(self, offer: str, name: str, day: date, post: str = "mill") -> None:
        """Offer a post that counts to a person."""
        body = {"person": name, "case": name, "post": post, "source": "pes", "counts": True,
                "suitable": True}  # fmt: skip
        self.tell("posts.job_offered", f"offer-{offer}", day, "pes", body)

    def refused(self, offer: str, name: str, day: date, tally: int) -> str:
        """Offer a post that the person refuses without cause; returns the command that counted."""
        self.offer(offer, name, day)
        stream = f"offer-{offer}"
        self.tell("posts.offer_refused", stream, day, "pes", {"reason": "no_wish"})
        body = {"judged": "unjust", "reason": "no_cause", "case": name, "counts": True}
        judged = self.tell("posts.refusal_judged", stream, day, "signer", body)
        command = self.id()
        body = {"offer": offer, "judged": "unjust", "judgement": judged, "tally": tally}
        self.case(name, "refusal_counted", day, "system", body, command=command)
        return command

    def placed(self, name: str, day: date, channel: str = "flexible", **more: object) -> str:
        """Place a person in a job, which ends the unemployment registration."""
        body = {"person": name, "case": name, "channel": channel, "continuous": False, **more}
        job = self.tell("posts.placed_in_job", f"employment-{name}", day, "pes", body,
                        subject=f"person-{name}")  # fmt: skip
        self.tell("registry.unemployment_registration_cancelled", f"person-{name}", day, "system",
                  {"ground": "employed"})  # fmt: skip
        return job

    def numbered(self) -> Lines:
        """Return the lines in the order told, numbered from 1."""
        for seq, line in enumerate(self.lines, 1):
            line["seq"] = seq
        return self.lines

    def find(self, type_: str, name: str = "") -> dict[str, Any]:
        """Give the first line of a type on a stream whose name ends so."""
        return next(
            line for line in self.lines
            if line["type"] == f"{type_}.v1" and line["stream"].endswith(name)
        )  # fmt: skip

    def change(self, type_: str, name: str, **body: object) -> Body:
        """Change fields of a body."""
        found: Body = self.find(type_, name)["data"]
        found.update(body)
        return found

    def drop(self, type_: str, name: str) -> Body:
        """Leave an event out."""
        return self.without(self.find(type_, name))

    def without(self, line: Body) -> Body:
        """Leave a line out."""
        self.lines.remove(line)
        return line

    def date(self, type_: str, name: str, day: date) -> Body:
        """Let an event have happened, and been recorded, on another day."""
        line = self.find(type_, name)
        line["meta"]["occurred_at"] = line["recorded_at"] = _instant(day)
        return line

    def by(self, type_: str, name: str, who: str) -> None:
        """Let another officer have acted."""
        role, office = STAFF[who]
        self.find(type_, name)["meta"] |= {"actor": who, "role": role, "office": office}

    def after(self, type_: str, name: str, tell: Callable[[], object]) -> None:
        """Tell more right after an event."""
        at = self.lines.index(self.find(type_, name)) + 1
        before, self.lines = self.lines, []
        tell()
        self.lines = [*before[:at], *self.lines, *before[at:]]


def _instant(day: date) -> str:
    noon = datetime.combine(day, time(9), timezone(timedelta(hours=8)))
    return noon.astimezone(UTC).isoformat().replace("+00:00", "Z")


def july(day: int) -> date:
    """Give a day counted from 1 July 2008 (32 is 1 August)."""
    return date(2008, 6, 30) + timedelta(days=day)
