"""Why certification refuses: stable code, clause, both languages, next step."""

from __future__ import annotations

from services.kit.decider import Reason

_APPLY = "意见第二条（一）持有效证明到居住地社区申报"
_NOTICE = "意见第二条（一）经社区登记公示"
_CHAIN = "意见第二条（一）社区登记公示、街道审核、县级认定"
_MINING = "意见第二条（一）独立工矿区"
_ANNOTATE = "意见第二条（一）加注“就业困难人员”标志"
_EXIT = "意见第二条（一）不再作为就业困难人员"
_SCOPE = "意见第一条 对象范围"
_HOUSEHOLD = "意见第一条（二）“零就业”家庭"
_CAUSE = "意见第一条 难以实现就业的原因"

WRONG_STATE = Reason(
    "wrong_state", _CHAIN,
    "本案现为“{state_zh}”，不能办理“{wish_zh}”；须为：{allowed_zh}。",
    "The case is '{state_en}'; '{wish_en}' needs: {allowed_en}.",
    "请按顺序办理：申报、登记、公示、审核、报送、认定。",
    "Keep the order: application, registration, notice, review, forwarding, certification.",
)  # fmt: skip
PERSON_CLOSED = Reason(
    "person_closed", "个人信息保护",
    "该人员记录已合并、限制处理或销毁，不能办理。",
    "The person's record was merged, restricted or destroyed.",
    "请在保留的记录上办理。", "Use the record that stands.",
)  # fmt: skip
NOT_IN_FORCE = Reason(
    "rules_not_in_force", "二00八年五月二十八日",
    "该日尚无生效的规则。", "No rules were in force on that day.",
    "请核对发生日期。", "Check the day of the fact.",
)  # fmt: skip
FACTS_SEALED = Reason(
    "facts_sealed", "个人信息保护",
    "无法读取判定条件所需的个人信息。", "The personal facts needed for the judgement are closed.",
    "请联系系统管理员检查密钥服务。", "Ask the operator to look at the key service.",
)  # fmt: skip
NO_CATEGORY = Reason(
    "no_category", _SCOPE,
    "申请须至少选择一类对象，各类不得重复。", "Choose at least one category, each once.",
    "请选择申报类别。", "Choose the category.",
)  # fmt: skip
CITY_CATEGORY_NEEDED = Reason(
    "city_category_needed", "意见第一条（四）",
    "申报市定类别须指明本市现行的类别；其他类别不得填写。",
    "A city category must name one in force in this city; other categories name none.",
    "请选择本市现行的市定类别。", "Choose a category of this city that is in force.",
)  # fmt: skip
HOUSEHOLD_NEEDED = Reason(
    "household_needed", _HOUSEHOLD,
    "申报“零就业”家庭成员须指明本人所在的家庭。",
    "An application as a household member names the household that the person belongs to.",
    "请先在登记中建立家庭。", "Put the household on record first.",
)  # fmt: skip
CAUSE_TEXT_NEEDED = Reason(
    "cause_text_needed", _CAUSE,
    "选择“其他”原因须填写说明。", "The cause 'other' needs a text.",
    "请补充原因说明。", "Add the text.",
)  # fmt: skip
ATTESTATION_MISSING = Reason(
    "attestation_missing", "意见第一条 有就业能力和要求",
    "申请人须声明有就业能力和就业要求。",
    "The applicant must attest both the ability and the wish to work.",
    "请本人签署两项声明。", "Have the applicant sign both.",
)  # fmt: skip
EVIDENCE_MISSING = Reason(
    "evidence_missing", _APPLY,
    "证明材料不齐或已过期：{what}。", "Papers are missing or expired: {what_en}.",
    "请补齐有效证明后再提交。", "Bring the valid papers and submit again.",
)  # fmt: skip
NOT_ELIGIBLE = Reason(
    "not_eligible", _SCOPE,
    "不符合认定条件：{what}。", "The conditions are not met: {what}.",
    "请核对未满足的条件；符合其他类别的可另行申报。",
    "Look at the conditions that are not met; another category may fit.",
)  # fmt: skip
OPEN_CASE = Reason(
    "open_certification", _CHAIN,
    "该人员已有未办结的申请或有效的认定。", "The person has an open application or certification.",
    "请在已有的认定上办理。", "Use the certification that is open.", 409,
)  # fmt: skip
NUMBER_TAKEN = Reason(
    "case_number_taken", _CHAIN, "认定编号已被使用。", "The case number is taken.",
    "请重新提交。", "Submit again.", 409,
)  # fmt: skip
PREVIOUS_CASE = Reason(
    "previous_case", "意见第二条（一）须按规定程序重新认定",
    "前次认定须属于本人且已结束。", "The previous case must be the person's own and ended.",
    "请核对前次认定编号。", "Check the previous case.",
)  # fmt: skip
ORIGINALS = Reason(
    "originals_unknown", _APPLY,
    "所列原件不在申请材料中。", "An original is not among the papers of the application.",
    "请按材料序号勾选已核对的原件。", "Tick originals by their number in the list.",
)  # fmt: skip
NOT_HOLDER = Reason(
    "not_holder", _CHAIN,
    "本案现由{holder_zh}经办。", "The case is with the {holder_en} now.",
    "请由经办单位办理。", "The office that holds the case must act.",
)  # fmt: skip
OFFICER = Reason(
    "officer_elsewhere", _CHAIN,
    "经办人须为经办单位的在岗人员。", "The officer must work in the office that holds the case.",
    "请选择本单位的经办人。", "Choose an officer of that office.",
)  # fmt: skip
ASSIGN_SELF = Reason(
    "assign_self_only", _CHAIN,
    "经办人只能为自己认领；分派他人须由负责人办理。",
    "An officer takes cases for himself only; the head assigns others.",
    "请由本单位负责人分派。", "Ask the head of the office.",
)  # fmt: skip
NOTICE_SHORT = Reason(
    "notice_too_short", _NOTICE,
    "公示期不得少于{days}个工作日，最早到{earliest}。",
    "The notice lasts at least {days} working days, to {earliest} or later.",
    "请延后公示截止日。", "Choose a later last day.",
)  # fmt: skip
NOTICE_BACKDATED = Reason(
    "notice_backdated", _NOTICE,
    "公示开始日不得早于张贴日。", "A notice begins on the day it is posted or later.",
    "请改正公示开始日。", "Correct the first day.",
)  # fmt: skip
NOTICE_RUNNING = Reason(
    "notice_running", _NOTICE,
    "公示期未满，最后一日为{until}。", "The notice runs until {until}.",
    "请于次日起办理。", "Act on the day after.",
)  # fmt: skip
NOTICE_OVER = Reason(
    "notice_over", _NOTICE,
    "不在公示期内，不能提出异议。", "An objection can be made only while the notice runs.",
    "可通过投诉渠道反映。", "Use the complaint channel.",
)  # fmt: skip
OTHER_NOTICE = Reason(
    "other_notice", _NOTICE, "该公示不是本案现行公示。", "This is not the notice in force.",
    "请刷新后重试。", "Reload and try again.",
)  # fmt: skip
OBJECTOR_NAMED = Reason(
    "objector_named", _NOTICE,
    "匿名异议不得填写姓名；实名异议须填写姓名。",
    "An anonymous objection carries no name, another one needs it.",
    "请改正后提交。", "Correct it and submit again.",
)  # fmt: skip
NO_OBJECTION = Reason(
    "objection_unknown", _NOTICE, "没有该项待处理的异议。", "There is no such open objection.",
    "请核对异议。", "Check the objection.", 404,
)  # fmt: skip
OBJECTION_OPEN = Reason(
    "objection_open", _NOTICE,
    "尚有异议未处理，不能进入下一步。",
    "An objection is open; nothing goes on before it is decided.",
    "请先处理异议。", "Decide the objection first.",
)  # fmt: skip
DECIDER_LEVEL = Reason(
    "wrong_objection_office", _NOTICE,
    "本案异议须由{holder_zh}处理。", "Objections in this case are decided by the {holder_en}.",
    "请由规定单位处理。", "The prescribed office must act.",
)  # fmt: skip
NO_STREET_STEP = Reason(
    "no_street_step", _MINING,
    "独立工矿区由县级审核认定，没有街道审核环节。",
    "In an independent mining area the county reviews; there is no street step.",
    "请由社区直接报县级。", "The community forwards straight to the county.",
)  # fmt: skip
STREET_STEP_NEEDED = Reason(
    "street_step_needed", _CHAIN,
    "非独立工矿区须经街道审核并签署意见。", "Outside a mining area the street reviews and signs.",
    "请先由街道审核。", "The street must review first.",
)  # fmt: skip
COUNTY_REVIEW_NEEDED = Reason(
    "county_review_needed", _MINING,
    "须先由县级另一名工作人员审核。", "Another officer of the county must review first.",
    "请先办理县级审核。", "Do the county review first.",
)  # fmt: skip
NO_COUNTY_STEP = Reason(
    "no_county_step", _MINING,
    "街道已审核；县级审核只用于独立工矿区。",
    "The street has reviewed; the county reviews in an independent mining area only.",
    "请由认定人直接作出决定。", "The certifier decides.",
)  # fmt: skip
WRONG_COUNTY = Reason(
    "wrong_county", _CHAIN, "须报送居住地所在县（市、区）。", "It goes to the county of residence.",
    "请改正接收单位。", "Correct the county.",
)  # fmt: skip
STREET_DISAGREED = Reason(
    "street_disagreed", _CHAIN,
    "街道意见为不同意，按现行规定应退回社区。",
    "The street disagreed; under the parameter in force the case goes back.",
    "请退回社区。", "Return the application.",
)  # fmt: skip
DUTY_TAKEN = Reason(
    "duty_taken", _CHAIN,
    "同一人不得在本案中兼任申报、审核、认定。",
    "Nobody files, reviews and certifies in one case; each person does one of them.",
    "请由另一名工作人员办理。", "Another officer must act.", 403,
)  # fmt: skip
SAME_PERSON = Reason(
    "same_person", "双人办理",
    "提出人不得自行批准。", "The proposer cannot approve.",
    "请由另一名工作人员办理。", "Another officer must act.", 403,
)  # fmt: skip
REASON_NEEDED = Reason(
    "reason_needed", _CHAIN,
    "与审核意见不一致的认定须说明理由。", "Certifying against the opinion needs a reason.",
    "请填写理由。", "Give the reason.",
)  # fmt: skip
CATEGORY_NOT_APPLIED = Reason(
    "category_not_applied", _SCOPE,
    "认定类别须为申报并公示的类别。",
    "Only a category that was applied for and posted is certified.",
    "请选择申报的类别，或退回更改。", "Choose an applied category, or return the case.",
)  # fmt: skip
GROUNDS_NEEDED = Reason(
    "grounds_needed", _CHAIN, "不予认定须列明依据。", "A refusal names its grounds.",
    "请选择不予认定的依据。", "Choose the grounds.",
)  # fmt: skip
TOLD_EARLY = Reason(
    "told_before_decision", _CHAIN,
    "告知日不得早于决定日。", "The person is told on the day of the decision or later.",
    "请改正告知日。", "Correct the day.",
)  # fmt: skip
CATEGORY_DIFFERS = Reason(
    "category_differs", _ANNOTATE,
    "加注类别须与认定类别一致。", "The mark shows the certified category.",
    "请按认定类别加注。", "Use the certified category.",
)  # fmt: skip
NOT_ANNOTATED = Reason(
    "not_annotated", _ANNOTATE, "该证件没有加注。", "There is no mark to cancel.",
    "无须办理。", "Nothing needs to be done.",
)  # fmt: skip
OTHER_END = Reason(
    "other_end", _EXIT, "所引决定不是本案现行的结束决定。", "This is not the ending that stands.",
    "请引用现行决定。", "Name the decision that stands.",
)  # fmt: skip
REVIEW_LATE = Reason(
    "review_too_late", "复核",
    "申请复核的期限为{last}，已经届满。", "A review had to be requested by {last}.",
    "可依法申请行政复议。", "Administrative reconsideration remains open by law.",
)  # fmt: skip
REVIEWED_ALREADY = Reason(
    "reviewed_already", "复核", "对该决定已申请过复核。",
    "A review of this decision was asked before.",
    "可依法申请行政复议。", "Administrative reconsideration remains open by law.",
)  # fmt: skip
NO_REVIEW = Reason(
    "review_unknown", "复核", "没有该项待处理的复核申请。", "There is no such open review.",
    "请核对复核申请。", "Check the request.", 404,
)  # fmt: skip
NO_PROPOSAL = Reason(
    "proposal_unknown", _EXIT, "没有该项待决定的提议。", "There is no such open proposal.",
    "请核对提议是否已处理或撤回。", "See whether it was decided or withdrawn.", 404,
)  # fmt: skip
JUDGEMENTS_NEEDED = Reason(
    "judgements_needed", "意见第二条（一）无正当理由超过3次",
    "须逐次确认每一次无正当理由未上岗的认定。",
    "Each unjust refusal in the tally must be confirmed or not, one by one.",
    "请对每一次作出确认。", "Answer for every one.",
)  # fmt: skip
TOO_FEW_CONFIRMED = Reason(
    "too_few_confirmed", "意见第二条（一）无正当理由超过3次",
    "确认的次数为{confirmed}，未超过{limit}次，不能退出。",
    "{confirmed} are confirmed, which does not exceed {limit}.",
    "请驳回退出提议。", "Reject the proposal.",
)  # fmt: skip
REPORTED_IN_TIME = Reason(
    "reported_in_time", "意见第二条（一）超过半年未按规定申报",
    "查明已在期限内申报，不能退出。", "A report in time is known; there is no ground of exit.",
    "请驳回或撤回退出提议。", "Reject or withdraw the proposal.",
)  # fmt: skip
ONLY_NO_REPORT = Reason(
    "only_no_report", _EXIT,
    "只有未申报的退出提议可以因补报查明而撤回。",
    "Only a proposal for want of a report can be withdrawn by a report.",
    "其他提议请由县级决定。", "The county decides the others.",
)  # fmt: skip
REPORT_NOT_IN_TIME = Reason(
    "report_not_in_time", "意见第二条（一）超过半年未按规定申报",
    "该次申报不在期限内，不能撤回提议。", "The report was not in time; the proposal stands.",
    "请由县级认定人决定。", "The county certifier decides.",
)  # fmt: skip
GROUND_NEEDED = Reason(
    "lapse_ground_needed", _EXIT,
    "失效须说明情形；其他结果不得填写。", "A lapse states its ground, other outcomes do not.",
    "请改正后提交。", "Correct it and submit again.",
)  # fmt: skip
CATEGORY_NEEDED = Reason(
    "new_category_needed", _SCOPE,
    "变更类别须选择现仍符合的其他类别。", "A change names another category that is still met.",
    "请选择仍符合的类别。", "Choose a category that is met.",
)  # fmt: skip
HOUSEHOLD_TAKEN = Reason(
    "household_certified", _HOUSEHOLD, "该家庭已经认定。", "The household is certified already.",
    "请刷新后重试。", "Reload and try again.", 409,
)  # fmt: skip
WHICH_CASE = Reason(
    "which_case", _SCOPE, "须指明认定或人员。", "Name the certification or the person.",
    "请补充后提交。", "Add one of them.",
)  # fmt: skip
