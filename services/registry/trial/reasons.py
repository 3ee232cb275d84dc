"""Why a trial of rules is refused."""

from __future__ import annotations

from services.kit.decider import Reason

_RULES = "规则参数及其来源"
TRIAL_OF_ONE = Reason(
    "trial_of_one", _RULES,
    "试算应给出一个规则集，或一个参数及其值。",
    "A trial names one rule set, or one parameter with its value.",
    "请只给出其中一项。", "Give one of the two.",
)  # fmt: skip
RULE_SET_UNKNOWN = Reason(
    "rule_set_unknown", _RULES,
    "没有规则集：{rule_set}。", "There is no rule set {rule_set}.",
    "可选：{known}。", "Choose one of {known_en}.",
)  # fmt: skip
NOT_SUPPOSABLE = Reason(
    "not_supposable", _RULES,
    "不能试算参数{key}的这个值。", "This value of {key} cannot be tried.",
    "可试算的参数：{known}；取值须符合该参数的类型和范围。",
    "Parameters that can be tried: {known_en}; the value must fit its kind and bounds.",
)  # fmt: skip
NOT_KNOWN_YET = Reason(
    "not_known_yet", _RULES,
    "知悉点{known}尚未到达。", "The point {known} is not reached yet.",
    "请给出已有的事件编号，或留空。", "Give the number of an event there is, or leave it out.",
)  # fmt: skip
TRIAL_NOT_APPROVED = Reason(
    "trial_not_approved", "不相容职责分离",
    "该试算尚未批准。", "The trial is not approved.",
    "请由本单位或上级单位负责人批准。", "The head of the office or the one above decides first.",
)  # fmt: skip
