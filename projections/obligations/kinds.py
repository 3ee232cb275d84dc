"""The kinds of duty of domain.md C4: clause, owner, length. Numbers come from the directory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["workdays", "months", "given", "month_end"]
Owner: TypeAlias = Literal["community", "street", "county"]
Bound: TypeAlias = Literal["at_most", "at_least"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of duty; `length` is the parameter of its length, `person` whose duty it is."""

    code: str
    zh: str
    en: str
    clause: str
    owner: Owner
    length: str = ""
    unit: Unit = "workdays"
    bound: Bound = "at_most"
    of_person: bool = False


_CERTIFYING, _HELPING = "意见第二条（一）", "意见第四条（一）"

KINDS: dict[str, Kind] = {
    k.code: k
    for k in (
        Kind(
            "T1", "公示期", "Public notice", _CERTIFYING, "community",
            "certification.notice_days", "given", "at_least",
        ),
        Kind(
            "T2", "社区核实登记", "Community check and registration", _CERTIFYING, "community",
            "certification.community_days",
        ),
        Kind(
            "T3", "街道审核上报", "Street review", _CERTIFYING, "street",
            "certification.street_days",
        ),
        Kind(
            "T4", "县级认定", "County decision", _CERTIFYING, "county",
            "certification.county_days",
        ),
        Kind(
            "T5", "就业失业状况登记", "Status report", _CERTIFYING, "community",
            "assistance.report_months", "months", of_person=True,
        ),
        Kind(
            "T8", "零就业家庭一个月内实现就业", "Work for a zero-employment household",
            _HELPING, "street", "text.household_months", "months",
        ),
        Kind(
            "T9", "首次就业服务", "First service", _HELPING, "community",
            "assistance.first_service_days",
        ),
        Kind(
            "T10", "按月跟踪随访", "Monthly follow-up", _HELPING, "community", "", "month_end",
        ),
        Kind(
            "T16", "帮助实现就业", "Help into work", "意见第二条（三）", "county",
            "assistance.placement_months", "months",
        ),
        Kind(
            "T20a", "答复异议", "Objection answer", _CERTIFYING, "street",
            "certification.objection_days",
        ),
        Kind(
            "T22", "证件加注", "Annotate the certificate", _CERTIFYING, "county",
            "certification.annotation_days",
        ),
        Kind(
            "T23", "签订就业援助协议", "Sign the agreement", _HELPING, "street",
            "assistance.agreement_days",
        ),
        Kind(
            "T24", "制订就业援助计划", "Make the plan", _HELPING, "street",
            "assistance.plan_days",
        ),
        Kind(
            "T25", "决定退出提议", "Decide a proposed exit", _CERTIFYING, "county",
            "certification.exit_decision_days",
        ),
    )
}  # fmt: skip
"""Every kind by its code."""
