"""What a form offers for an open code list, and the labels of codes no contract names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from events.contracts import assistance, certification, posts, registry
from events.contracts.registry import CODE_LISTS
from events.rules.roles import ROLES

SERVICES = (
    "policy_advice", "career_guidance", "job_introduction", "job_choice_education",
    "startup_advice", "opening_guidance", "project_offer", "expert_advice", "venue_stall",
    "training", "other",
)  # fmt: skip
EVIDENCE = (
    "id_card", "household_book", "unemployment_certificate", "photos", "last_contract",
    "file_record", "preference_certificate", "firm_letter", "household_statement",
    "home_visit_record", "dibao_certificate", "termination", "skill_certificate", "labour_contract",
    "business_licence", "signed_form", "agreement", "photo", "official_document", "other",
)  # fmt: skip
REFUSAL_REASONS = (
    "health", "family_care", "too_far", "wage_too_low", "unsuitable", "in_training", "no_answer",
    "no_wish", "other",
)  # fmt: skip

LISTS: dict[str, tuple[str, ...]] = {
    **CODE_LISTS,
    "evidence": EVIDENCE,
    "service": SERVICES,
    "template": ("standard_2008",),
    "helper_change": ("helper_left", "workload", "person_asked", "other"),
    "agreement_end": ("by_consent", "aim_reached", "moved_away", "other"),
    "plan_change": ("new_needs", "measure_failed", "person_asked", "other"),
    "result": ("done", "partly", "other"),
    "place": ("home", "workplace", "office", "other"),
    "insurance": ("pension", "medical", "unemployment", "injury", "maternity"),
    "policy": ("post_subsidy", "social_insurance", "tax_fee", "small_loan", "other"),
    "need": ("job", "training", "subsidy", "guidance", "other"),
    "training_form": ("short_course", "day_class", "other"),
    "training_left": ("illness", "found_work", "other"),
    "department": ("pes", "tax", "finance", "commerce", "bank", "civil_affairs", "other"),
    "role": tuple(ROLES),
    "return": (
        "missing_papers", "papers_expired", "papers_unclear", "objection_upheld",
        "wrong_category", "other",
    ),
    "certification_refusal": (
        "category_not_met", "hukou_not_urban", "working_age", "not_registered", "not_able",
        "no_wish", "false_statement", "data_check_failed", "other",
    ),
    "data_source": ("police", "civil_affairs", "market", "disabled_federation", "social_insurance"),
    "end": ("exited", "lapsed", "revoked"),
    "ownership": ("state", "collective", "private", "foreign", "other"),
    "vacancy_source": ("employer", "fair", "pes", "street", "community", "other"),
    "refusal_reason": REFUSAL_REASONS,
    "just_cause": (
        "health", "family_care", "too_far", "wage_below_minimum", "unsuitable", "in_training",
        "no_cause", "other",
    ),
    "offer_end": ("status_ended", "post_gone", "other"),
    "job_end": (
        "contract_expired", "dismissed", "resigned", "employer_closed", "job_changed", "other",
    ),
    "decline": ("unsuitable", "expired", "other"),
    "category": ("aged_4050", "zero_household", "long_term", "city"),
    "finding": ("sex", "age", "skill", "schooling", "area", "wage_wish", "occupation"),
}  # fmt: skip
"""List name → entries."""

BY_NAME: dict[str, str] = {
    "education": "education", "schooling": "education", "relation": "relation",
    "occupation": "occupation", "occupations": "occupation", "skills": "occupation",
    "level": "skill_level", "content": "service", "service": "service", "services": "service",
    "template": "template", "insurance": "insurance", "policies": "policy", "needs": "need",
    "place": "place", "form": "training_form", "department": "department", "role": "role",
    "ownership": "ownership", "source": "vacancy_source", "result": "result",
    "missing": "evidence", "reasons": "return", "condition": "finding", "ground": "end",
    "grounds": "certification_refusal", "purpose": "purpose", "basis": "restriction",
    "kind": "evidence", "measure": "", "id": "",
}  # fmt: skip
"""Field name → list, where every command means the same."""

PAPER_OF: dict[str, str] = {
    "signature": "signature", "signed": "application", "statement": "statement",
    "scan": "agreement", "book": "household_book",
}  # fmt: skip
"""Field that must hold one paper → the kind of paper that it is."""

BY_FIELD: dict[str, str] = {
    "registry.cancel_unemployment_registration.ground": "registration_end",
    "registry.change_household.leave.reason": "leave",
    "registry.split_household.reason": "split",
    "registry.request_transfer.reason": "move",
    "registry.revoke_role.reason": "role_end",
    "registry.delegate.scope": "role",
    "registry.reveal_fields.reason": "reveal",
    "assistance.change_helper.reason": "helper_change",
    "assistance.end_agreement.reason": "agreement_end",
    "assistance.revise_plan.reason": "plan_change",
    "assistance.answer_referral.reason": "decline",
    "assistance.leave_training.reason": "training_left",
    "assistance.record_follow_up.found.end.reason": "job_end",
    "certification.cancel_annotation.reason": "end",
    "certification.certify.data_checks.source": "data_source",
    "posts.record_offer_outcome.reason": "refusal_reason",
    "posts.judge_refusal.reason": "just_cause",
    "posts.rejudge_refusal.reason": "just_cause",
    "posts.withdraw_offer.reason": "offer_end",
    "posts.end_employment.reason": "job_end",
    "posts.decline_proposed_post.reason": "decline",
    **{
        f"{context}.propose_correction.reason": "correction"
        for context in ("registry", "certification", "assistance", "posts")
    },
}
"""Command and field → list, where the name alone does not tell."""

OWN: dict[str, tuple[str, str]] = {
    "photo": ("照片", "Photograph"),
    "labour_contract": ("劳动合同", "Labour contract"),
    "business_licence": ("营业执照", "Business licence"),
    "signed_form": ("本人签字的表格", "Form signed by the person"),
    "agreement": ("协议书", "Agreement"),
    "tax": ("税务", "Tax"),
    "finance": ("财政", "Finance"),
    "commerce": ("工商", "Industry and commerce"),
    "bank": ("经办银行", "Bank"),
}
"""Labels of the suggested codes that the contracts do not name."""

STATES: dict[str, Mapping[str, tuple[str, str]]] = {
    "projection": {
        "ledger": ("基础台账", "Ledger"),
        "obligations": ("待办期限", "Duties"),
        "cube": ("目标考核数据", "Figures"),
        "registers": ("资源库", "Registers"),
        "audit_trail": ("审计时间线", "Audit timeline"),
    },
    "page": {
        "tasks": ("我的待办", "My tasks"),
        "persons": ("基础台账", "Ledger"),
        "person": ("个人档案", "Person"),
        "household": ("家庭档案", "Household"),
        "households": ("零就业家庭", "Households"),
        "apply": ("认定申请", "Application"),
        "done": ("办理结果", "Result"),
        "form": ("办理表单", "Form"),
        "figures": ("目标考核", "Accountability"),
        "audit": ("审计时间线", "Audit timeline"),
        "event": ("事件", "Event"),
        "reveal": ("显示完整号码", "Full number"),
        "notice": ("公示表", "Notice sheet"),
        "agreement": ("协议书", "Agreement"),
        "decision": ("认定决定", "Decision"),
        "roster": ("台账清单", "List of the ledger"),
        "export": ("导出", "Export"),
        "open": ("查看", "View"),
    },
    "household": {
        "formed": ("已建档", "On record"),
        "certified": ("已认定零就业家庭", "Certified"),
        "cleared": ("已消零", "Cleared"),
        "absorbed": ("已并入其他家庭", "Merged into another"),
        "left": ("已迁出", "Left"),
    },
    "certification": {"refused": ("不予认定", "Refused")},
    "agreement": {
        "none": ("未签订", "None"),
        "active": ("履行中", "In force"),
        "ended": ("已终止", "Ended"),
    },
    "assistance": {"active": ("跟踪中", "Active"), "ended": ("跟踪已结束", "Ended")},
}
"""States that the contracts' words do not name, by context."""
CONTEXT_WORDS: dict[str, Mapping[str, tuple[str, str]]] = {
    "registry": registry.WORDS,
    "certification": certification.WORDS,
    "assistance": assistance.WORDS,
    "posts": posts.WORDS,
}
_CODE = re.compile(r"(?<![\w-])[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?![\w-])", re.ASCII)
_ROLE_WORDS = {name: (role.zh, role.en) for name, role in ROLES.items()}


def word(code: str, context: str = "", lang: str = "zh") -> str:
    """Return the label of a code: the context's own first, then any other; else the code."""
    for words in (
        STATES.get(context, {}),
        CONTEXT_WORDS.get(context, {}),
        OWN,
        *CONTEXT_WORDS.values(),
        _ROLE_WORDS,
    ):
        if code in words:
            return words[code][0 if lang == "zh" else 1]
    return code


def in_words(text: str, lang: str = "zh") -> str:
    """Return a sentence with every code that has a label put into words."""
    return _CODE.sub(lambda m: word(m[0], "", lang) if is_known(m[0]) else m[0], text)


def is_known(code: str) -> bool:
    """Tell whether a code has a label."""
    return any(code in words for words in (OWN, *CONTEXT_WORDS.values(), _ROLE_WORDS))


def list_of(command: str, path: str) -> tuple[str, ...]:
    """Return the suggested entries of a code field; none where anything may be typed."""
    name = BY_FIELD.get(f"{command}.{path}") or BY_NAME.get(path.rsplit(".", 1)[-1], "")
    return LISTS.get(name, ())
