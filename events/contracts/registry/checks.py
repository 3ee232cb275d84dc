"""Facts of checks of the live log: who asked for one, and what it came to (X13, P18)."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from events.contracts.base import Body, Code, Count, Event, Open, Seq, Sha256, Short, Text

CheckVerdict: TypeAlias = Literal["clean", "findings", "unusable"]


class CheckRequested(Event):
    """Somebody asked to have the whole log checked against its signed checkpoints (X13)."""

    type: ClassVar[str] = "registry.check_requested.v1"
    zh: ClassVar[str] = "已申请校验日志"
    en: ClassVar[str] = "Check of the log requested"


class CheckCancelled(Event):
    """The check was broken off before it came to a result (P18)."""

    type: ClassVar[str] = "registry.check_cancelled.v1"
    zh: ClassVar[str] = "日志校验已取消"
    en: ClassVar[str] = "Check of the log cancelled"


class CheckFinding(Body):
    """Something wrong: a stable code, and the event that it shows at (seq 0: no single event)."""

    code: Code
    seq: Seq
    stream: Open[Short] | None = None
    version: Seq | None = None
    detail: Open[Text] | None = None


class CheckCompleted(Event):
    """The check ended: what was read, up to where it is signed, and what was found (X13).

    `tail` events at the end are covered by no checkpoint yet; `key` is the public key that the
    checkpoints were held to, `served` the tiles that were compared as they are served. An
    unusable check proves nothing; `why` names what stopped it.
    """

    type: ClassVar[str] = "registry.check_completed.v1"
    zh: ClassVar[str] = "日志校验已完成"
    en: ClassVar[str] = "Check of the log completed"

    verdict: Open[CheckVerdict]
    events: Seq
    signed: Seq
    tail: Seq
    seconds: Count
    served: Count
    root: Sha256 | None = None
    key: Open[Short] | None = None
    findings: tuple[CheckFinding, ...] = ()
    why: Code | None = None


CheckFact: TypeAlias = CheckRequested | CheckCancelled | CheckCompleted
