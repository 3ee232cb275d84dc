"""Why reads, exports, restriction and destruction of personal data are refused (X15, A14)."""

from __future__ import annotations

from services.kit.decider import Reason

_KEEPING = "个人信息保护法第四十七条"
_FOUR_EYES = "不相容职责分离"

EXPORT_MASKED = Reason(
    "export_masked",
    _FOUR_EYES,
    "已遮盖个人信息的导出无需批准。",
    "A masked export needs no approval.",
    "请直接下载。",
    "It runs by itself.",
)
EXPORT_NOT_APPROVED = Reason(
    "export_not_approved",
    _FOUR_EYES,
    "未遮盖个人信息的导出尚未批准。",
    "The unmasked export is not approved.",
    "请由单位负责人或上级负责人批准。",
    "The head of the office or the one above decides first.",
)
RETENTION_RUNS = Reason(
    "retention_runs",
    _KEEPING,
    "保存期限未满：该人员仍有未办结的认定、就业或岗位提供。",
    "Retention has not ended: a certification, job or offer of the person is still open.",
    "请先办结，再提议销毁。",
    "Bring it to its end first.",
)
RETENTION_UNTIL = Reason(
    "retention_until",
    _KEEPING,
    "保存期限未满，最早可于{first}提议销毁。",
    "Retention has not ended; the first possible day is {first}.",
    "请在该日或以后提议；需要停止使用的，可先限制处理。",
    "Propose it on that day or later; to stop the use of the data, restrict the processing.",
)
RESTRICT_FIRST = Reason(
    "restrict_first",
    _KEEPING,
    "应先限制处理，再提议销毁。",
    "Processing is restricted before destruction is proposed.",
    "请先办理限制处理。",
    "Restrict the processing first.",
)
NO_SHREDDING = Reason(
    "no_shredding_proposed",
    _KEEPING,
    "没有这一销毁提议，或已有更新的提议。",
    "There is no such proposal, or a newer one has taken its place.",
    "请核对提议。",
    "Check the proposal.",
    404,
)
COOLING_OFF = Reason(
    "cooling_off",
    _KEEPING,
    "销毁冷静期未满，最早可于{first}批准。",
    "The cooling-off has not passed; the first possible day is {first}.",
    "请在该日或以后批准。",
    "Approve on that day or later.",
)
