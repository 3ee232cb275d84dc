"""Facts about employers, posts and batches of labour export (R70, R74, R75, R79, R95, R122)."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.base import (
    Code,
    Count,
    Day,
    Division,
    Doc,
    EmployerId,
    Event,
    FromDay,
    Money,
    OfferId,
    OfficeId,
    Open,
    PersonId,
    Sealed,
    Short,
)
from events.contracts.posts.values import (
    CloseReason,
    EmployerKind,
    HostType,
    PlaceNo,
    Places,
    PostType,
    Suits,
    UnifiedCode,
    WageRange,
)


class EmployerRegistered(Event):
    """An employer came into the register (R70)."""

    type: ClassVar[str] = "posts.employer_registered.v1"
    zh: ClassVar[str] = "用人单位已登记"
    en: ClassVar[str] = "Employer registered"

    name: Open[Short]
    unified_code: UnifiedCode
    ownership: Code
    kind: Open[EmployerKind]
    division: Division
    contact: Sealed[Short] | None = None


class EmployerChanged(Event):
    """Something about the employer changed in the world from a day on (R70)."""

    type: ClassVar[str] = "posts.employer_changed.v1"
    zh: ClassVar[str] = "用人单位信息已变更"
    en: ClassVar[str] = "Employer changed"

    field: Code
    value: Open[Short]
    from_day: FromDay


class VacancyListed(Event):
    """A vacancy came into the pool of suitable posts (R95)."""

    type: ClassVar[str] = "posts.vacancy_listed.v1"
    zh: ClassVar[str] = "岗位信息已登记"
    en: ClassVar[str] = "Vacancy listed"

    employer: EmployerId
    title: Open[Short]
    occupation: Code
    places: Places
    work_division: Division
    wage: WageRange | None = None
    suits: Suits
    source: Code
    from_day: FromDay
    until: Day


class PublicPostDeveloped(Event):
    """A public-welfare post was developed (R74, R75)."""

    type: ClassVar[str] = "posts.public_post_developed.v1"
    zh: ClassVar[str] = "公益性岗位已开发"
    en: ClassVar[str] = "Public-welfare post developed"

    post_type: Open[PostType]
    host: EmployerId
    host_type: Open[HostType]
    title: Open[Short]
    places: Places
    work_division: Division
    wage: Money
    from_day: FromDay
    until: Day | None = None
    document: Doc | None = None


class PostChanged(Event):
    """Places, last day or wage of a post changed (R95)."""

    type: ClassVar[str] = "posts.post_changed.v1"
    zh: ClassVar[str] = "岗位已变更"
    en: ClassVar[str] = "Post changed"

    places: Places | None = None
    until: Day | None = None
    wage: Money | None = None


class PostClosed(Event):
    """The post takes nobody any more; persons placed stay placed (R74, R95)."""

    type: ClassVar[str] = "posts.post_closed.v1"
    zh: ClassVar[str] = "岗位已关闭"
    en: ClassVar[str] = "Post closed"

    reason: Open[CloseReason]


class PostProposed(Event):
    """Society proposed a post; it waits at a public employment service (R122)."""

    type: ClassVar[str] = "posts.post_proposed.v1"
    zh: ClassVar[str] = "岗位已推荐"
    en: ClassVar[str] = "Post proposed"

    employer: EmployerId
    title: Open[Short]
    occupation: Code
    places: Places
    work_division: Division
    wage: WageRange | None = None
    suits: Suits
    source: Code
    from_day: FromDay
    until: Day
    to: OfficeId


class ProposedPostDeclined(Event):
    """The public employment service did not take a proposed post (R122)."""

    type: ClassVar[str] = "posts.proposed_post_declined.v1"
    zh: ClassVar[str] = "推荐岗位未采纳"
    en: ClassVar[str] = "Proposed post declined"

    reason: Code


class PlaceTaken(Event):
    """A person took a place of the post; the day of the fact is the first day of work (R74)."""

    type: ClassVar[str] = "posts.place_taken.v1"
    zh: ClassVar[str] = "岗位已占用"
    en: ClassVar[str] = "Place taken"

    person: PersonId
    place: PlaceNo
    offer: OfferId | None = None


class PlaceFreed(Event):
    """A place became free after the person's last day of work, the day of the fact (R74)."""

    type: ClassVar[str] = "posts.place_freed.v1"
    zh: ClassVar[str] = "岗位已腾出"
    en: ClassVar[str] = "Place freed"

    person: PersonId
    place: PlaceNo


class LabourExportOrganised(Event):
    """A batch of organised labour export was opened (R79, R80)."""

    type: ClassVar[str] = "posts.labour_export_organised.v1"
    zh: ClassVar[str] = "劳务输出已组织"
    en: ClassVar[str] = "Labour export organised"

    origin: OfficeId
    destination: Division
    organiser: OfficeId
    employer: EmployerId | None = None
    places: Places
    leaves_on: Day
    contact_station: Open[Short] | None = None


class ExportBatchClosed(Event):
    """The batch of labour export takes nobody any more (R79)."""

    type: ClassVar[str] = "posts.export_batch_closed.v1"
    zh: ClassVar[str] = "劳务输出批次已结束"
    en: ClassVar[str] = "Export batch closed"

    placed: Count


EmployerEvent: TypeAlias = EmployerRegistered | EmployerChanged
PostEvent: TypeAlias = (
    VacancyListed
    | PublicPostDeveloped
    | PostChanged
    | PostClosed
    | PostProposed
    | ProposedPostDeclined
    | PlaceTaken
    | PlaceFreed
)
BatchEvent: TypeAlias = LabourExportOrganised | ExportBatchClosed
