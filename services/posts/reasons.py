"""Why posts refuses what concerns employers, posts, batches and work; offers have their own."""

from __future__ import annotations

from services.kit.decider import Reason

NOT_CERTIFIED = Reason(
    "not_certified",
    "意见第二条（一）",
    "该人员在这一天不是经认定的就业困难人员，也不是零就业家庭的应计成员。",
    "On that day the person is neither certified nor a counted member of a certified household.",
    "请先按程序办理认定，或核对日期。",
    "Have the person certified first, or check the day.",
)
PUBLIC_POST_CERTIFIED = Reason(
    "public_post_needs_certificate",
    "意见第三条（四）公益性岗位安置就业困难人员就业",
    "公益性岗位只安置本人经认定的就业困难人员。",
    "Public-welfare posts are for persons who are certified themselves.",
    "请改用其他就业渠道，或先办理认定。",
    "Choose another channel, or have the person certified.",
)
OTHER_CASE = Reason(
    "case_of_other_person",
    "意见第二条（一）",
    "个案不属于该人员。",
    "The case is not this person's.",
    "请核对个案编号。",
    "Check the case.",
)
PERSON_CLOSED = Reason(
    "person_closed",
    "意见第二条（一）",
    "该人员记录已并入其他记录或已停止处理。",
    "The person's record was merged into another one or is no longer processed.",
    "请在合并后的记录上办理。",
    "Use the surviving record.",
)
EMPLOYER_KNOWN = Reason(
    "employer_known",
    "意见第三条（三）",
    "该统一代码的用人单位已登记。",
    "An employer with this code is registered already.",
    "请使用已登记的单位。",
    "Use the registered employer.",
)
EMPLOYER_MISSING = Reason(
    "employer_missing",
    "意见第三条（三）鼓励各类企业吸纳",
    "企业吸纳就业须写明已登记的用人单位。",
    "Work in an enterprise names a registered employer.",
    "请先登记用人单位，再登记就业。",
    "Register the employer first, then the placement.",
)
EMPLOYER_DIFFERS = Reason(
    "employer_differs",
    "意见第三条（三）",
    "用人单位与岗位所属单位不一致。",
    "The employer is not the one of the post.",
    "请核对岗位和用人单位。",
    "Check the post and the employer.",
)
POST_DATES = Reason(
    "post_dates",
    "意见第四条（二）",
    "岗位截止日期早于开始日期。",
    "The last day of the post comes before its first.",
    "请改正日期。",
    "Correct the days.",
)
WAGE_RANGE = Reason(
    "wage_range",
    "意见第四条（二）",
    "最低工资高于最高工资。",
    "The lower wage is above the higher one.",
    "请改正工资范围。",
    "Correct the range.",
)
LOGISTICS_HOST = Reason(
    "logistics_host",
    "意见第三条（四）鼓励党政机关、事业单位开发后勤服务岗位",
    "后勤服务岗位由党政机关或事业单位开发。",
    "Logistics posts are opened by party or government bodies and public institutions.",
    "请改正岗位类型或用人单位类型。",
    "Correct the type of the post or of its host.",
)
HOST_DIFFERS = Reason(
    "host_type_differs",
    "意见第三条（四）",
    "用人单位类型与其登记不符。",
    "The type of the host is not the one registered.",
    "请核对用人单位登记。",
    "Check the register of employers.",
)
POST_CLOSED = Reason(
    "post_closed",
    "意见第四条（二）",
    "岗位已关闭或已过期。",
    "The post is closed or past its last day.",
    "请选择其他岗位。",
    "Choose another post.",
)
POST_NOT_BEGUN = Reason(
    "post_not_begun",
    "意见第四条（二）",
    "岗位在这一天尚未开放。",
    "The post is not open yet on that day.",
    "请核对日期或选择其他岗位。",
    "Check the day, or choose another post.",
)
POST_FULL = Reason(
    "post_full",
    "意见第三条（四）",
    "岗位在这一天没有空余名额。",
    "No place of the post is free on that day.",
    "请选择其他岗位，或先增加名额、核对离岗日期。",
    "Choose another post, add places, or check when others left.",
)
PLACE_LOST = Reason(
    "place_taken",
    "意见第三条（四）",
    "该名额刚被占用。",
    "The place was just taken.",
    "请重新办理。",
    "Try again.",
    409,
)
PLACES_BELOW_TAKEN = Reason(
    "places_below_taken",
    "意见第四条（二）",
    "名额不能少于已占用的数量。",
    "There cannot be fewer places than are taken.",
    "请提高名额，或先登记离岗。",
    "Give more places, or record the ends of work first.",
)
NOT_FULL = Reason(
    "post_not_full",
    "意见第四条（二）",
    "岗位仍有空余名额，不能以招满关闭。",
    "Places are left; the post is not filled.",
    "请改选关闭原因。",
    "Choose another reason.",
)
NOT_EXPIRED = Reason(
    "post_not_expired",
    "意见第四条（二）",
    "岗位尚未到期。",
    "The post has not reached its last day.",
    "请改选关闭原因。",
    "Choose another reason.",
)
ALREADY_EMPLOYED = Reason(
    "already_employed",
    "意见第二条（一）",
    "该人员已有主要工作。",
    "The person has a main job.",
    "请先登记原工作终止。",
    "Record the end of the present job first.",
)
OVERLAPS = Reason(
    "overlaps_employment",
    "意见第二条（一）",
    "开始日期与已记录的工作重叠。",
    "The first day falls into work that is on record.",
    "请核对日期；原记录有误的，请提出更正。",
    "Check the day; propose a correction if the record is wrong.",
)
NOT_EMPLOYED = Reason(
    "not_employed",
    "意见第二条（一）",
    "该人员在这一天没有工作记录。",
    "The person is not at work on that day.",
    "请先登记就业，或核对日期。",
    "Record the placement first, or check the day.",
)
END_BEFORE_START = Reason(
    "end_before_start",
    "意见第二条（一）",
    "最后工作日早于开始日期。",
    "The last day of work comes before the first.",
    "请改正日期。",
    "Correct the day.",
)
CONTRACT_MISSING = Reason(
    "contract_missing",
    "意见第三条（三）（四）",
    "企业吸纳和公益性岗位须有劳动合同。",
    "Work in an enterprise and in a public-welfare post needs a labour contract.",
    "请补充合同期限和合同文本。",
    "Add the contract with its days.",
)
PROOF_MISSING = Reason(
    "proof_missing",
    "意见第三条（二）灵活就业方式",
    "灵活就业须有证明。",
    "Flexible employment needs a proof.",
    "请补充街道、社区出具或本人申报的证明。",
    "Add the proof or the person's own declaration to the street.",
)
FLEXIBLE_KIND = Reason(
    "flexible_kind",
    "意见第三条（二）个体经营或非全日制工作等灵活就业方式",
    "灵活就业须写明方式，其他渠道不填。",
    "Flexible employment names its kind; other channels do not.",
    "请选择个体经营、非全日制或其他。",
    "Choose sole trader, part time or other.",
)
POST_MISSING = Reason(
    "post_missing",
    "意见第三条（四）",
    "公益性岗位就业须写明公益性岗位；其他渠道不得占用公益性岗位。",
    "The public-post channel names a public-welfare post, and only that channel does.",
    "请选择公益性岗位或改正就业渠道。",
    "Choose a public-welfare post, or correct the channel.",
)
BATCH_MISSING = Reason(
    "batch_missing",
    "意见第三条（四）提高劳务输出的组织化程度",
    "劳务输出须在已开的输出批次内登记；其他渠道不填批次。",
    "Labour export is recorded inside an open batch, and only labour export is.",
    "请先开设批次，或改正就业渠道。",
    "Open a batch first, or correct the channel.",
)
BATCH_CLOSED = Reason(
    "batch_closed",
    "意见第三条（四）",
    "该输出批次已结束。",
    "The batch is closed.",
    "请选择尚未结束的批次。",
    "Choose an open batch.",
)
NOT_CROSS_REGION = Reason(
    "batch_not_cross_region",
    "意见第三条（四）跨地区转移就业",
    "输出地与输入地在同一地区。",
    "Origin and destination lie in one region.",
    "请改正输入地。",
    "Correct the destination.",
)
NOT_ORGANISER = Reason(
    "not_the_organiser",
    "意见第三条（四）",
    "只有组织单位可以结束批次。",
    "Only the organiser may close the batch.",
    "请由组织单位办理。",
    "Ask the organiser.",
    403,
)
BATCH_FIGURES = Reason(
    "batch_figures",
    "意见第三条（四）",
    "安置人数多于批次名额。",
    "More persons were placed than the batch had places.",
    "请核对人数。",
    "Check the figure.",
)
OFFICE_UNKNOWN = Reason(
    "office_unknown",
    "意见第四条（二）",
    "没有这个单位，或单位在这一天不办公。",
    "There is no such office, or it does not work on that day.",
    "请从单位名录中选择。",
    "Choose an office from the directory.",
)
