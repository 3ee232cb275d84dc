"""Why a correction is refused: stable code, clause, both languages, next step (X2)."""

from __future__ import annotations

from services.kit.decider import Reason

_TWO = "双人办理"
_LAW = "个人信息保护法第四十六条"

DECISION = Reason(
    "correction_of_decision", _LAW,
    "这是一项决定或办理步骤，不作更正。",
    "This is a decision or a step, not a fact: it is not corrected.",
    "请改用：{by}。", "Use {by} instead.",
)  # fmt: skip
NEVER = Reason(
    "correction_not_possible", _LAW,
    "该记录不可更正：{why_zh}。", "This record cannot be corrected: {why_en}.",
    "请按说明办理。", "Do as it says.",
)  # fmt: skip
NOT_VOIDABLE = Reason(
    "correction_void", _LAW,
    "该记录不能作废，其他事项以它为依据。",
    "This record cannot be declared void: other matters stand on it.",
    "可更正内容；如须撤销，请改用：{by}。", "Correct what it says, or use {by} to undo it.",
)  # fmt: skip
FIXED = Reason(
    "correction_fixed_field", _LAW,
    "更正不得改变：{fields}。", "A correction cannot change: {fields}.",
    "这些内容不同即为另一事项，请另行登记。",
    "With another value it would be another matter: record that one.",
)  # fmt: skip
DAY_FIXED = Reason(
    "correction_day", "意见第二条（一）",
    "该记录的日期已作为认定依据，不能更正。",
    "Its day is what the certification rests on and cannot be corrected.",
    "请撤回后重新申报。", "Withdraw the application and file it again.",
)  # fmt: skip
BODY = Reason(
    "correction_body", _LAW,
    "更正后的内容不符合该类记录的格式：{fields}。",
    "The replacement is not a body of this type: {fields}.",
    "请对照原记录逐项填写。", "Fill in every field as the record has it.",
)  # fmt: skip
VOID_ALREADY = Reason(
    "correction_of_void", _LAW,
    "该记录已作废，不能只改日期。", "The record is void: it has no day to correct.",
    "请填写更正后的内容，使其恢复。", "Say what it should say, and so restore it.", 409,
)  # fmt: skip
PENDING = Reason(
    "correction_pending", _TWO,
    "该记录已有待批准的更正提议。", "A correction of this record waits for its approval.",
    "请先批准或者不予批准该提议。", "Have that one approved or rejected first.", 409,
)  # fmt: skip
STALE = Reason(
    "correction_stale", _TWO,
    "提议之后该记录又有新的变化。", "Something happened on this record since the proposal.",
    "请核对最新情况，不予批准后重新提议。",
    "Look at the latest state; reject this proposal and propose anew.", 409,
)  # fmt: skip
SAME_HAND = Reason(
    "correction_same_person", _TWO,
    "提议人不得自行批准或者驳回。", "The proposer neither approves nor rejects.",
    "请由本单位负责人或上一级另一名工作人员办理。",
    "The head of the office or somebody one level up must act.", 403,
)  # fmt: skip
RANK = Reason(
    "correction_rank", _TWO,
    "更正由提议单位的负责人或者上一级单位批准。",
    "The head of the proposing office, or the level above it, decides.",
    "请提交有权的单位办理。", "Pass it to the office that may decide.", 403,
)  # fmt: skip
DECIDED = Reason(
    "correction_decided", _TWO,
    "该更正提议已经办结。", "This proposal was decided already.",
    "如仍有误，请重新提议。", "Propose anew where something is still wrong.", 409,
)  # fmt: skip
CLOSED = Reason(
    "correction_record_closed", _LAW,
    "该人员的记录已合并、限制或销毁，不能更正。",
    "The person's record was merged, restricted or destroyed.",
    "请在保留的记录上办理。", "Use the surviving record.", 409,
)  # fmt: skip
LATER = Reason(
    "correction_order", "意见第二条（三）台账",
    "更正后与前后记录的时间或次序不符。",
    "With this correction the record would contradict what came before or after it.",
    "请先更正在后的记录。", "Correct the later record first.", 409,
)  # fmt: skip
