"""Employers, posts, offers and one certified person, on the offices of the assistance facts."""

from __future__ import annotations

from datetime import date

from events.contracts import certification as cert
from events.contracts import posts as ev
from events.contracts import registry, streams
from events.contracts.base import Event, StreamId
from services.posts import CONTEXT
from services.posts.batch import commands as batch
from services.posts.employer import commands as employer
from services.posts.offer import commands as offer
from services.posts.post import commands as post
from services.posts.work import commands as work
from tests.support.scenario import Happened, Scenario, happened, some_id
from tests.unit.services.assistance.facts import (
    ANNA,
    CASE,
    COMMUNITY,
    COUNTY,
    DIRECTORY,
    DOC,
    OFFICES,
    PES,
    PES_CLERK,
    STREET,
    certified,
    officer,
    registered,
)

BERTA, FIRM, BUREAU = some_id("berta"), some_id("firm"), some_id("bureau")
VACANCY, SWEEPER, OFFER, BATCH = map(some_id, ("vacancy", "sweeper", "offer", "batch"))
HOUSEHOLD = some_id("household")
STREET_CLERK = officer("street_officer", STREET)
SIGNER = officer("street_signer", STREET)
REVIEWER = officer("county_reviewer", COUNTY)


def employer_known(own: str, kind: ev.EmployerKind) -> Happened:
    event = ev.EmployerRegistered(
        name="某单位", unified_code=own[:8].upper(), ownership="state", kind=kind, division="140105"
    )
    return happened(streams.EMPLOYER.of(own), event, f"office-{own}", office=PES)


def on_post(event: Event, day: str = "2008-06-02", which: str = VACANCY) -> Happened:
    return happened(streams.POST.of(which), event, day=day, office=PES)


def on_offer(
    event: Event,
    day: str = "2008-06-03",
    *,
    office: str = PES,
    actor: str = "user-setup",
    event_id: str = "",
) -> Happened:
    stream, subject = streams.OFFER.of(OFFER), f"person-{ANNA}"
    return happened(stream, event, subject, day=day, office=office, actor=actor, event_id=event_id)


def listed(
    places: int = 2, suits: ev.Suits | None = None, until: date = date(2008, 12, 31)
) -> Happened:
    event = ev.VacancyListed(
        employer=FIRM,
        title="营业员",
        occupation="sales",
        places=places,
        work_division="140105",
        wage=ev.WageRange(from_wage=70_000, to=90_000),
        suits=suits or ev.Suits(),
        source="employer",
        from_day=date(2008, 6, 2),
        until=until,
    )
    return on_post(event)


def developed(places: int = 1, until: date | None = None) -> Happened:
    event = ev.PublicPostDeveloped(
        post_type="sanitation",
        host=BUREAU,
        host_type="public_institution",
        title="保洁员",
        places=places,
        work_division="140105",
        wage=72_000,
        from_day=date(2008, 6, 2),
        until=until,
    )
    return on_post(event, which=SWEEPER)


def batch_open(organiser: str = COUNTY) -> Happened:
    event = ev.LabourExportOrganised(
        origin=COUNTY,
        destination="120000",
        organiser=organiser,
        places=20,
        leaves_on=date(2008, 7, 1),
    )
    return happened(streams.BATCH.of(BATCH), event, f"office-{organiser}", office=COUNTY)


def offered(*, suitable: bool = True, counts: bool = True, office: str = PES) -> Happened:
    event = ev.JobOffered(
        person=ANNA,
        case=CASE,
        post=VACANCY,
        source="pes",
        mode="individual",
        suitable=suitable,
        checks=(),
        answer_by=date(2008, 6, 10),
        counts=counts,
    )
    return on_offer(event, office=office)


OFFER_CLAIM = {f"open-offer/{ANNA}/{VACANCY}": StreamId(f"offer-{OFFER}")}
CERTIFIED_CLAIM = {f"open-certification/{ANNA}": StreamId(f"certification-{CASE}")}


def household(counts_as: registry.CountsAs = "normal", who: str = BERTA) -> tuple[Happened, ...]:
    stream, subject = streams.HOUSEHOLD.of(HOUSEHOLD), f"household-{HOUSEHOLD}"
    formed = registry.HouseholdFormed(
        community=COMMUNITY,
        address="测试路1号",
        members=(registry.Member(person=who, relation="head", counts_as=counts_as),),
        book=DOC,
    )
    mark = cert.HouseholdCertified(member=ANNA, case=CASE, responsible_office=STREET)
    return happened(stream, formed, subject), happened(stream, mark, subject)


def member_claim(who: str = BERTA) -> dict[str, StreamId]:
    return {f"household-member/{who}": StreamId(f"household-{HOUSEHOLD}")}


CONTRACT = ev.Contract(from_day=date(2008, 6, 16), until=date(2009, 6, 15), doc=DOC)
REGISTER = employer.RegisterEmployer(
    name="某超市", unified_code="91140105X", ownership="private", kind="enterprise",
    division="140105",
)  # fmt: skip
LIST = post.ListVacancy(
    employer=FIRM, title="营业员", occupation="sales", places=2, work_division="140105",
    source="employer", from_day=date(2008, 6, 16), until=date(2008, 12, 31),
)  # fmt: skip
DEVELOP = post.DevelopPublicPost(
    post_type="sanitation", host=BUREAU, host_type="public_institution", title="保洁员",
    places=2, work_division="140105", wage=72_000, from_day=date(2008, 6, 16),
)  # fmt: skip
MAKE_OFFER = offer.OfferJob(
    person=ANNA, post=VACANCY, source="pes", mode="individual", answer_by=date(2008, 6, 30)
)
JUDGE = offer.JudgeRefusal(
    offer=OFFER, judged="unjust", reason="no_cause", text="无正当理由", heard_on=date(2008, 6, 12)
)
FLEXIBLE = work.PlaceInJob(
    person=ANNA, channel="flexible", flexible_kind="part_time", proof=DOC, work_division="140105"
)
ENTERPRISE = work.PlaceInJob(
    person=ANNA, channel="enterprise", post=VACANCY, contract=CONTRACT, work_division="140105"
)
PUBLIC = work.PlaceInJob(
    person=ANNA, channel="public_post", post=SWEEPER, contract=CONTRACT, work_division="140105"
)
EXPORT = work.PlaceInJob(person=ANNA, channel="labour_export", batch=BATCH, work_division="120000")
END = work.EndEmployment(person=ANNA, reason="resigned", then="unemployed")
OPEN_BATCH = batch.OpenExportBatch(
    origin=COUNTY, destination="120000", organiser=COUNTY, places=20, leaves_on=date(2008, 7, 1)
)

given = Scenario(
    CONTEXT,
    DIRECTORY,
    PES_CLERK,
    (
        *OFFICES,
        registered(),
        registered(BERTA),
        certified(),
        employer_known(FIRM, "enterprise"),
        employer_known(BUREAU, "public_institution"),
        listed(),
        developed(),
        batch_open(),
    ),
    CERTIFIED_CLAIM,
)
with_offer = given.given(offered(), claims=OFFER_CLAIM)
