"""Facts about a person's moves between offices and about duplicate records (X6, X8)."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from events.contracts.base import Code, Day, Event, EventId, OfficeId, PersonId, Sealed, Short, Text


class TransferRequested(Event):
    """The person moved and the old office asks the new one to take over (X6, R43)."""

    type: ClassVar[str] = "registry.transfer_requested.v1"
    zh: ClassVar[str] = "已申请转出"
    en: ClassVar[str] = "Transfer requested"

    to: OfficeId
    address: Sealed[Short]
    moved_on: Day
    reason: Code


class TransferAccepted(Event):
    """The receiving community took the person over (X6, R43)."""

    type: ClassVar[str] = "registry.transfer_accepted.v1"
    zh: ClassVar[str] = "已接收转入"
    en: ClassVar[str] = "Transfer accepted"

    request: EventId
    to: OfficeId


class TransferRejected(Event):
    """The receiving community declined the transfer (X6)."""

    type: ClassVar[str] = "registry.transfer_rejected.v1"
    zh: ClassVar[str] = "转入已退回"
    en: ClassVar[str] = "Transfer rejected"

    request: EventId
    reason: Sealed[Text]


class _Merge(Event):
    survivor: PersonId
    absorbed: PersonId
    evidence: Sealed[Text]


class PersonsMerged(_Merge):
    """Another record of the same person was merged into this one (X8)."""

    type: ClassVar[str] = "registry.persons_merged.v1"
    zh: ClassVar[str] = "重复人员已合并"
    en: ClassVar[str] = "Persons merged"


class PersonAbsorbed(_Merge):
    """This record was merged into another one of the same person (X8)."""

    type: ClassVar[str] = "registry.person_absorbed.v1"
    zh: ClassVar[str] = "人员记录已并入"
    en: ClassVar[str] = "Person absorbed"


class PersonsUnmerged(Event):
    """A merge was undone; both records stand again (X8)."""

    type: ClassVar[str] = "registry.persons_unmerged.v1"
    zh: ClassVar[str] = "人员合并已撤销"
    en: ClassVar[str] = "Persons unmerged"

    merge: EventId
    reason: Sealed[Text]


class DuplicateDismissed(Event):
    """A likely duplicate proved to be somebody else (X8)."""

    type: ClassVar[str] = "registry.duplicate_dismissed.v1"
    zh: ClassVar[str] = "疑似重复已排除"
    en: ClassVar[str] = "Duplicate dismissed"

    other: PersonId
    reason: Sealed[Text]


MoveFact: TypeAlias = (
    TransferRequested
    | TransferAccepted
    | TransferRejected
    | PersonsMerged
    | PersonAbsorbed
    | PersonsUnmerged
    | DuplicateDismissed
)
