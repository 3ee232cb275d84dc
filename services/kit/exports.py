"""What an export may hold, and whether its file may be had now (X15). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import orjson
from pydantic import Field, ValidationError

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Body, Code, Day, OfficeId, Recorded, ident
from events.rules.time import shanghai_day
from services.kit.decider import DomainError, Fold, Reason

Kind: TypeAlias = Literal["ledger", "households", "obligations", "audit_trail"]
Standing: TypeAlias = Literal["asked", "approved", "rejected", "completed"]
FORMATS = ("csv", "ndjson")
"""Formats of which a file is made; process mining files come from the audit export."""

QUERY = Reason(
    "export_query", "", "导出条件有误：{field}。", "The query of the export is not right: {field}.",
    "请改正后重新申请。", "Correct it and ask again.",
)  # fmt: skip
FORMAT = Reason(
    "export_format", "", "此处只生成 CSV 和 NDJSON 文件。",
    "Only CSV and NDJSON files are made here.",
    "请选择 CSV 或 NDJSON；OCEL、XES 由审计导出生成。",
    "Choose one of them; OCEL and XES come from the audit export.",
)  # fmt: skip
NOT_YOURS = Reason(
    "export_not_yours", "", "导出文件只交给申请人本人。", "The file is for who asked for it.",
    "请自行申请导出。", "Ask for an export of your own.", 403,
)  # fmt: skip
WAITS = Reason(
    "export_waits", "不相容职责分离", "未遮盖个人信息的导出尚未批准。",
    "The unmasked export is not approved.", "请由单位负责人或上级负责人批准。",
    "The head of the office or the one above decides first.", 409,
)  # fmt: skip
REJECTED = Reason(
    "export_rejected", "不相容职责分离", "该导出申请已被退回。", "The export was turned down.",
    "请查看理由；如仍需要，请重新申请。", "See the reason; ask again if still needed.", 409,
)  # fmt: skip
EXPIRED = Reason(
    "export_expired", "", "导出已于{last}到期。", "The export ended on {last}.",
    "如仍需要，请重新申请并说明理由。", "Ask again, with the reason, if still needed.", 410,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its titles, and whether its values are sealed."""

    name: str
    zh: str
    en: str
    sealed: bool = False


def _columns(*rows: str) -> tuple[Column, ...]:
    """Read columns from `name 中文 English`; a leading `*` marks a sealed one."""
    split = (row.split(" ", 2) for row in rows)
    return tuple(Column(n.lstrip("*"), zh, en, n.startswith("*")) for n, zh, en in split)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be exported: the query that gives its rows, its filters and columns."""

    path: str
    filters: tuple[str, ...]
    columns: tuple[Column, ...]


_PERSON = _columns(
    "person 人员编号 Person", "*name 姓名 Name", "*national_id 公民身份号码 National ID",
    "sex 性别 Sex", "*birth_date 出生日期 Date of birth", "*phone 电话 Phone",
    "age_band 年龄段 Age band", "office 社区 Community", "category 类别 Category",
    "state 认定状态 State", "since 状态日期 Since", "case_no 认定编号 Case number",
    "certified_on 认定日期 Certified on", "work 就业状态 Work", "work_since 就业日期 Work since",
    "channel 就业渠道 Channel", "tracking 跟踪 Tracking", "report_due 申报期限 Report due",
    "tally 拒绝次数 Refusals counted", "household 家庭编号 Household",
)  # fmt: skip
_HOUSEHOLD = _columns(
    "household 家庭编号 Household", "*address 住址 Address", "office 社区 Community",
    "state 状态 State", "since 状态日期 Since", "due 期限 Due",
)  # fmt: skip
_DUTY = _columns(
    "kind 时限 Kind", "zh 事项 Duty", "clause 依据 Clause", "person 人员编号 Person",
    "household 家庭编号 Household", "case_id 认定 Case", "office 责任单位 Owner",
    "officer 责任人 Officer", "started 起算 Started", "due 期限 Due", "state 状态 State",
    "days_left 剩余天数 Days left",
)  # fmt: skip
_EVENT = _columns(
    "seq 序号 Number", "type 类型 Type", "zh 事件 Event", "occurred_at 发生时间 Happened",
    "recorded_at 记录时间 Recorded", "actor 办理人 Who", "role 岗位 Role", "office 单位 Office",
    "area 区划 Area", "person 人员编号 Person", "stream 档案 Stream", "version 版本 Version",
    "hash 校验值 Hash",
)  # fmt: skip
LISTS: Mapping[Kind, Listing] = {
    "ledger": Listing("/api/ledger", ("state", "category", "work", "tracking"), _PERSON),
    "households": Listing("/api/households", ("state", "certified"), _HOUSEHOLD),
    "obligations": Listing("/api/obligations", ("state", "owner"), _DUTY),
    "audit_trail": Listing("/api/audit_trail", ("person", "user", "type", "from", "to"), _EVENT),
}


class Wanted(Body):
    """The query of an export: a list, its office, its filters, and the columns in order."""

    kind: Kind
    office: OfficeId | None = None
    columns: tuple[Code, ...] = ()
    state: Code | None = None
    category: Code | None = None
    work: Code | None = None
    tracking: Code | None = None
    certified: Literal["true", "false"] | None = None
    owner: OfficeId | None = None
    person: str | None = Field(default=None, max_length=40)
    user: str | None = Field(default=None, max_length=40)
    type: str | None = Field(default=None, max_length=100)
    from_day: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    @property
    def listing(self) -> Listing:
        """Return the list that is exported."""
        return LISTS[self.kind]

    def shown(self) -> tuple[Column, ...]:
        """Return the columns asked for, all where none is named."""
        named = {column.name: column for column in self.listing.columns}
        return tuple(named[n] for n in self.columns) if self.columns else self.listing.columns

    def words(self) -> dict[str, str]:
        """Return the filters as the query takes them."""
        given = self.model_dump(mode="json", exclude_none=True)
        return {n: str(given[n]) for n in self.listing.filters if n in given}


def wanted(query: Any) -> Wanted:  # noqa: ANN401 - any JSON value
    """Read the query of an export. Raises DomainError (export_query)."""
    try:
        found = Wanted.model_validate_json(orjson.dumps(query))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])[:60]
        raise DomainError(QUERY, field=place or "query") from None
    named = {column.name for column in found.listing.columns}
    filters = {"kind", "office", "columns", *found.listing.filters}
    given = found.model_dump(exclude_none=True).keys()
    for odd in (*sorted(given - filters), *(n for n in found.columns if n not in named)):
        raise DomainError(QUERY, field=odd)
    return found


@dataclass(frozen=True, slots=True)
class Export:
    """An export: whose, of what, why, and how far it came."""

    id: str = ""
    request: str = ""
    office: str = ""
    by: str = ""
    query: Any = None
    masked: bool = True
    format: ev.ExportFormat = "csv"
    reason: str = ""
    asked_on: date = date.min
    hands: tuple[str | None, ...] = ()
    standing: Standing = "asked"
    approved_on: date | None = None
    file: str = ""
    """Hash of the file handed over last."""

    def last(self, days: int) -> date:
        """Return the last day on which the file may be had."""
        return (self.approved_on or self.asked_on) + timedelta(days=days)


def _evolve(state: Export, fact: Recorded[Any]) -> Export:
    match fact.event:
        case ev.ExportRequested() as asked:
            return Export(
                ident(fact.stream), fact.event_id, ident(fact.subject), fact.actor, asked.query,
                asked.masked, asked.format, asked.reason, shanghai_day(fact.recorded_at),
                (fact.actor, fact.attribute("on_behalf_of")),
            )  # fmt: skip
        case ev.ExportApproved():
            approved_on = shanghai_day(fact.recorded_at)
            return replace(state, standing="approved", approved_on=approved_on)
        case ev.ExportRejected():
            return replace(state, standing="rejected")
        case ev.ExportCompleted(sha256=sha256):
            return replace(state, standing="completed", file=sha256)
        case _:
            return state


EXPORT = Fold(streams.EXPORT, Export(), _evolve)


def need_file(export: Export, user: str, today: date, days: int) -> None:
    """Refuse a file that is another's, not approved, or past its last day. Raises DomainError."""
    if export.by != user:
        raise DomainError(NOT_YOURS)
    if export.standing == "rejected":
        raise DomainError(REJECTED)
    if not export.masked and export.approved_on is None:
        raise DomainError(WAITS)
    if today > (last := export.last(days)):
        raise DomainError(EXPIRED, last=last.isoformat())
    if export.format not in FORMATS:
        raise DomainError(FORMAT)
