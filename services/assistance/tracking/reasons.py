"""Why assistance refuses what concerns reports and follow-up."""

from __future__ import annotations

from services.kit.decider import Reason

STATUS_DIFFERS = Reason(
    "status_differs",
    "意见第二条（一）履行就业或失业状况登记手续",
    "申报的状况与系统记录不符。",
    "The reported status differs from what is on record.",
    "请登记就业或终止就业，或注明“与记录不符”后再提交。",
    "Record the placement or the end of work, or mark the report as differing.",
)
SINCE_AFTER_REPORT = Reason(
    "since_after_report",
    "意见第二条（一）履行就业或失业状况登记手续",
    "状况起始日期晚于申报日期。",
    "The state cannot have begun after the report.",
    "请改正起始日期。",
    "Correct the first day of the state.",
)
REPORT_ENDED = Reason(
    "report_duty_ended",
    "意见第二条（一）履行就业或失业状况登记手续",
    "跟踪结束后不再申报（本地规定）。",
    "By the local rule the duty to report ended with the follow-up.",
    "无需办理。",
    "Nothing needs to be done.",
)
TRACKING_ENDED = Reason(
    "tracking_ended",
    "意见第四条（一）可以结束跟踪随访",
    "该人员的跟踪随访已经结束。",
    "Follow-up of this person has ended.",
    "无需再随访；状况申报仍可办理。",
    "No visit is needed; status reports go on.",
)
ON_JOB_MISSING = Reason(
    "on_job_missing",
    "意见第四条（一）及时了解其上岗情况和落实各项扶持政策的情况",
    "就业人员的随访须填写上岗情况。",
    "A visit to an employed person records how it stands at work.",
    "请填写是否在岗、工资、合同、社会保险和已享受的政策。",
    "Give: at work, wage, contract, insurance, policies received.",
)
ON_JOB_NOT_EMPLOYED = Reason(
    "on_job_not_employed",
    "意见第四条（一）",
    "失业人员的随访不应填写上岗情况。",
    "A visit to an unemployed person records no state at work.",
    "请改正就业状况或删除上岗情况。",
    "Correct the status, or leave the state at work out.",
)
CHANGE_MISSING = Reason(
    "found_change_missing",
    "意见第四条（一）及时了解他们的就业、失业动态变化情况",
    "随访发现的状况与记录不同，须写明变化。",
    "The visit found another state than the one on record; say what changed.",
    "请填写就业（岗位、开始日期）或终止就业（最后工作日、原因）。",
    "Give the placement with its first day, or the end of work with its last day.",
)
CHANGE_CONTRADICTS = Reason(
    "found_change_contradicts",
    "意见第四条（一）及时了解他们的就业、失业动态变化情况",
    "随访发现的变化与所填状况或日期矛盾。",
    "What the visit found contradicts the status or its day.",
    "请核对状况、变化内容和日期，只填一项变化。",
    "Check status, change and day; give one change only.",
)
NOT_EMPLOYED = Reason(
    "not_employed",
    "意见第四条（一）稳定就业在半年以上",
    "该人员在这一天没有就业。",
    "The person is not at work on that day.",
    "就业稳定满半年后方可结束随访。",
    "Follow-up may end after half a year of stable work.",
)
NOT_STABLE_YET = Reason(
    "not_stable_yet",
    "意见第四条（一）稳定就业在半年以上",
    "稳定就业自{since}起算，{allowed}起方可结束随访。",
    "Stable work runs from {since}; follow-up may end from {allowed}.",
    "请继续按月随访，到期后再办理。",
    "Go on with monthly follow-up until then.",
)
