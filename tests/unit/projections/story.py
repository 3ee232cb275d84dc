"""One person, one household, one post: every fact that a read model folds, fixed and in order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry, streams
from events.contracts.base import Doc, Event, Recorded, SealedValue, StreamId
from events.contracts.catalogue import ALL
from events.rules.directory import Directory, fold
from tests.support.examples import example

NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
DAY = date(2008, 6, 1)
PROVINCE, CITY, COUNTY = "140000000000", "140100000000", "140105000000"
STREET, COMMUNITY, NEXT_DOOR = "140105001000", "140105001001", "140105001002"
OTHER_STREET, ELSEWHERE, PES = "140105002000", "140105002001", "140105000000:pes"
TRAINER = "140105000000:training"
DOC = Doc(kind="scan", issuer="社区", issued_on=DAY, sha256="a" * 64)
BOX = SealedValue(k="k1", a="A256GCM", n="bm9uY2U=", c="Y2lwaGVy")


def some_id(name: str) -> str:
    return str(uuid5(NAMESPACE, name))


ANNA, BERT, CASE, HOME, POST, OFFER, EMPLOYER, CLERK, COURSE = map(
    some_id, ("anna", "bert", "case", "home", "post", "offer", "employer", "clerk", "course")
)
ON_ANNA, ON_CASE, ON_FILE = (
    streams.PERSON.of(ANNA),
    streams.CERTIFICATION.of(CASE),
    streams.ASSISTANCE.of(CASE),
)
ON_OFFER, ON_WORK = streams.OFFER.of(OFFER), streams.EMPLOYMENT.of(ANNA)
ON_HOME, ON_POST = streams.HOUSEHOLD.of(HOME), streams.POST.of(POST)


class Log:
    """Numbers facts as a log would."""

    def __init__(self) -> None:
        self.facts: list[Recorded[Any]] = []
        self.versions: dict[StreamId, int] = {}

    def add(
        self,
        stream: StreamId,
        event: Event,
        day: str = "2008-06-02",
        *,
        subject: str = "",
        office: str = COMMUNITY,
        area: str = "140105001001",
        event_id: str = "",
        recorded: str = "",
        actor: str = "",
    ) -> Recorded[Any]:
        """Record a fact that happened on a day, known on the same day unless said otherwise."""
        seq = len(self.facts) + 1
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        fact = Recorded[Any](
            event=event,
            event_id=event_id or some_id(f"{stream}/{version}"),
            type=event.type,
            source="test",
            stream=stream,
            subject=subject or f"person-{ANNA}",
            version=version,
            position=seq,
            slice=7,
            command_id=some_id(f"command/{seq}"),
            occurred_at=at(day, seq),
            recorded_at=at(recorded or day, seq),
            actor=actor or CLERK,
            role="community_officer",
            office=office,
            area=area,
            seq=seq,
            prev_seq=seq - 1,
        )
        self.facts.append(fact)
        return fact


def at(day: str, seq: int) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(2), UTC) + timedelta(seconds=seq)


def any_event(type_: str) -> Event:
    """Return a complete example of a type of event, sealed where it is sealed."""
    return ALL.read(type_, json.dumps(example(ALL.classes[type_])).encode())


def office(
    log: Log,
    own: str,
    level: registry.OfficeLevel,
    parent: str | None,
    kind: registry.OfficeKind = "labour",
) -> None:
    code = own.partition(":")[0].rstrip("0") if level != "community" else own
    lengths = {"province": 2, "city": 4, "county": 6, "street": 9, "community": 12}
    event = registry.OfficeOpened(
        name=own,
        kind=kind,
        level=level,
        parent=parent,
        code=code.ljust(lengths[level], "0")[: lengths[level]],
        from_day=DAY,
    )
    log.add(streams.OFFICE.of(own), event, "2008-06-01", subject=f"office-{own}")


def account(log: Log, name: str, at: str, role: str) -> str:
    """Open an account with one role over its office's area."""
    user, subject = some_id(name), f"office-{at}"
    stream = streams.USER.of(user)
    opened = registry.AccountOpened(office=at, name=name, login=name)
    log.add(stream, opened, "2008-06-01", subject=subject)
    wish = registry.RoleProposed(role=role, areas=(at,), from_day=DAY)
    proposal = log.add(stream, wish, "2008-06-01", subject=subject)
    grant = registry.RoleGranted(proposal=proposal.event_id)
    log.add(stream, grant, "2008-06-01", subject=subject)
    return user


def offices(log: Log) -> None:
    office(log, PROVINCE, "province", None)
    office(log, CITY, "city", PROVINCE)
    office(log, COUNTY, "county", CITY)
    office(log, STREET, "street", COUNTY)
    office(log, COMMUNITY, "community", STREET)
    office(log, NEXT_DOOR, "community", STREET)
    office(log, OTHER_STREET, "street", COUNTY)
    office(log, ELSEWHERE, "community", OTHER_STREET)
    office(log, PES, "county", COUNTY, "pes")
    office(log, TRAINER, "county", COUNTY, "training")


def directory(facts: Iterable[Recorded[Any]] = ()) -> Directory:
    log = Log()
    offices(log)
    return fold(Directory(), [*log.facts, *facts])


DIRECTORY = directory()


def registered(**more: object) -> registry.PersonRegistered:
    fields: dict[str, object] = {
        "name": BOX,
        "sex": "female",
        "birth_date": BOX,
        "national_id": BOX,
        "phone": BOX,
        "address": BOX,
        "residence": COMMUNITY,
        "hukou": registry.Hukou(division="140105", type="urban"),
        "worker_type": "worker",
        "special_work": False,
        "education": "senior",
        "health": BOX,
        "age_band": "45_49",
    }
    return registry.PersonRegistered.model_validate(fields | more)


def filed() -> cert.ApplicationFiled:
    return cert.ApplicationFiled(
        person=ANNA,
        categories=("aged_4050",),
        household=HOME,
        causes=("skill",),
        evidence=(DOC,),
        attest_ability=True,
        attest_wish=True,
        signed=DOC,
        case_no="140105-2008-000001",
        primary="aged_4050",
        continuous_unemployment=cert.ContinuousUnemployment(from_day=DAY, days=400),
        findings=(),
    )


def certified() -> cert.PersonCertified:
    return cert.PersonCertified(category="aged_4050", findings=(), responsible_office=COUNTY)


def offered() -> posts.JobOffered:
    return posts.JobOffered(
        person=ANNA,
        case=CASE,
        post=POST,
        source="community",
        mode="home",
        suitable=True,
        checks=(),
        answer_by=date(2008, 8, 8),
        counts=True,
    )


def placed(**more: object) -> posts.PlacedInJob:
    fields: dict[str, object] = {
        "person": ANNA,
        "case": CASE,
        "channel": "enterprise",
        "employer": EMPLOYER,
        "post": POST,
        "offer": OFFER,
        "wage": 90_000,
        "work_division": "140105",
        "cross_region": False,
        "continuous": False,
    }
    return posts.PlacedInJob.model_validate(fields | more)


MEASURE = help_.Measure(id="m1", service="training", provider=PES, due=date(2008, 9, 1))


def application(log: Log) -> None:
    """Register a person and certify her, all steps of the ordinary route."""
    log.add(ON_ANNA, registered(), "2008-06-02")
    unemployed = registry.UnemploymentRegistered(last_ownership="state", proof=(DOC,))
    log.add(ON_ANNA, unemployed, "2007-04-01", recorded="2008-06-02")
    wish = registry.WishesRecorded(wants_work=True, able_to_work=True, startup_wish=False)
    log.add(ON_ANNA, wish, "2008-06-02")
    log.add(ON_CASE, filed(), "2008-06-03")
    log.add(ON_CASE, cert.CommunityRegistered(originals_seen=(0,), opinion=BOX), "2008-06-05")
    notice = cert.PublicNoticePosted(
        from_day=date(2008, 6, 5),
        until=date(2008, 6, 16),
        place="公示栏",
        channels=("board",),
        handler=CLERK,
        office_phone="0351-1234567",
        sheet="b" * 64,
    )
    posted = log.add(ON_CASE, notice, "2008-06-05")
    closed = cert.PublicNoticeClosed(notice=posted.event_id, objections_open=0)
    log.add(ON_CASE, closed, "2008-06-17")
    review = cert.StreetReviewed(opinion="agree", text=BOX, signature=DOC)
    log.add(ON_CASE, review, "2008-06-18", office=STREET, area="140105001")
    log.add(ON_CASE, cert.ForwardedToCounty(county=COUNTY), "2008-06-18")
    log.add(ON_CASE, certified(), "2008-06-20", office=COUNTY, area="140105")


def assistance(log: Log) -> None:
    """Open the file, sign, plan."""
    opened = help_.FileOpened(
        case=CASE, person=ANNA, household=HOME, from_day=date(2008, 6, 20), community=COMMUNITY
    )
    log.add(ON_FILE, opened, "2008-06-20")
    signed = help_.AgreementSigned(
        template="standard_2008",
        helper=CLERK,
        content=("job_introduction",),
        measures=BOX,
        one_to_one=False,
        scan=DOC,
    )
    log.add(ON_FILE, signed, "2008-06-25")
    plan = help_.PlanMade(facts=(), goals=BOX, measures=(MEASURE,))
    log.add(ON_FILE, plan, "2008-06-27")
    served = help_.ServiceDelivered(service="policy_advice", provider=COMMUNITY, fee=0)
    log.add(ON_FILE, served, "2008-06-27")


def certified_person() -> Log:
    """Return the offices and a certified person with her file."""
    log = Log()
    offices(log)
    application(log)
    assistance(log)
    return log


def late(fact: Recorded[Any], day: str) -> Recorded[Any]:
    """Return a fact as if it had been recorded on a later day."""
    return replace(fact, recorded_at=at(day, fact.seq))
