"""Why posts refuses what concerns offers and their judgement."""

from __future__ import annotations

from services.kit.decider import Reason

EMPLOYED = Reason(
    "employed_no_offer",
    "意见第二条（一）",
    "该人员已就业，不再提供岗位。",
    "The person is at work; no post is offered.",
    "如已离岗，请先登记终止就业。",
    "Record the end of work first, if it ended.",
)
OFFER_OPEN = Reason(
    "offer_open",
    "意见第四条（二）",
    "该岗位已提供给此人，尚未结束。",
    "This post is on offer to the person already.",
    "请登记原提供的结果。",
    "Record the outcome of that offer.",
)
SOURCE_DIFFERS = Reason(
    "offer_source",
    "意见第二条（一）劳动保障行政部门提供就业岗位",
    "岗位来源与办理单位不符。",
    "The source is not the kind of office that makes the offer.",
    "请按本单位类型填写来源。",
    "Give the kind of your own office as the source.",
)
COMMISSION = Reason(
    "offer_commission",
    "意见第二条（一）劳动保障行政部门提供就业岗位",
    "委托单位须是上级县以上劳动保障行政部门。",
    "The commissioning office is a labour department of county level or above over this one.",
    "请选择上级劳动保障行政部门，或不填委托单位。",
    "Choose the labour department above, or name none.",
)
ANSWER_BY = Reason(
    "answer_by_past",
    "意见第四条（二）",
    "答复期限早于提供日期。",
    "The answer would be due before the offer.",
    "请改正答复期限。",
    "Correct the day.",
)
OFFER_ENDED = Reason(
    "offer_ended",
    "意见第二条（一）",
    "该岗位提供在目前状态下不能这样办理。",
    "This offer cannot take this step in its present state.",
    "请查看该岗位提供的最新状态。",
    "Look at the present state of the offer.",
)
REASON_MISSING = Reason(
    "refusal_reason_missing",
    "意见第二条（一）无正当理由",
    "拒绝或未上岗须写明原因。",
    "A refusal, or not taking up, states its reason.",
    "请选择原因。",
    "Choose a reason.",
)
NOT_OFFERING_OFFICE = Reason(
    "not_the_offering_office",
    "意见第二条（一）",
    "只有提供岗位的单位可以登记结果。",
    "Only the office that made the offer records its outcome.",
    "请由提供单位办理。",
    "Ask the office that made the offer.",
    403,
)
NOT_OFFERED_POST = Reason(
    "offer_differs",
    "意见第二条（一）",
    "岗位提供与人员或岗位不符。",
    "The offer is of another person or another post.",
    "请核对岗位提供记录。",
    "Check the offer.",
)
JUDGE = Reason(
    "not_the_judge",
    "意见第二条（一）无正当理由",
    "正当理由由街道认定；独立工矿区由县级认定。",
    "The street judges just cause; in an independent mining area the county does.",
    "请由街道签署人或县级审核人办理。",
    "Ask the street's signer, or the county's reviewer.",
    403,
)
SAME_JUDGE = Reason(
    "same_judge",
    "意见第二条（一）无正当理由",
    "重新认定须由另一人办理。",
    "Another person judges again.",
    "请由未参与原认定的人员办理。",
    "Ask somebody who has not judged this refusal.",
    403,
)
UNSUITABLE = Reason(
    "unsuitable_is_just",
    "意见第四条（二）提供合适的就业岗位",
    "岗位不合适，拒绝即有正当理由。",
    "The post was unsuitable: refusing it is just.",
    "请认定为有正当理由。",
    "Judge it as just.",
)
HEARD_ON = Reason(
    "heard_on",
    "意见第二条（一）无正当理由",
    "听取本人意见的日期应在提供岗位之后、认定之前。",
    "The person is heard after the offer and before the judgement.",
    "请改正日期，或先听取本人意见。",
    "Correct the day, or hear the person first.",
)
SUPERSEDED = Reason(
    "judgement_superseded",
    "意见第二条（一）无正当理由",
    "所指的认定已被新的认定取代。",
    "The judgement named is no longer the present one.",
    "请刷新后按当前认定办理。",
    "Load the offer again and name the present judgement.",
    409,
)
TARGET = Reason(
    "offer_or_person",
    "意见第二条（一）",
    "须写明岗位提供或人员，二者取一。",
    "Name either the offer or the person.",
    "请只填一项。",
    "Give one of the two.",
    400,
)
