"""Why assistance refuses: stable code, clause, both languages, next step."""

from __future__ import annotations

from services.kit.decider import Reason

NOT_CERTIFIED = Reason(
    "not_certified",
    "意见第二条（一）",
    "该人员在这一天不是经认定的就业困难人员。",
    "The person is not certified on that day.",
    "请先按程序办理认定，或核对发生日期。",
    "Have the person certified first, or check the day of the fact.",
)
PERSON_CLOSED = Reason(
    "person_closed",
    "意见第二条（一）",
    "该人员记录已并入其他记录或已停止处理。",
    "The person's record was merged into another one or is no longer processed.",
    "请在合并后的记录上办理。",
    "Use the surviving record.",
)
FILE_CLOSED = Reason(
    "file_closed",
    "意见第二条（一）不再作为就业困难人员",
    "该人员的援助档案已关闭。",
    "The assistance file is closed.",
    "如需继续援助，请重新认定，或由县级撤销退出。",
    "Have the person certified anew, or the exit reversed by the county.",
)
AGREEMENT_ACTIVE = Reason(
    "agreement_active",
    "意见第四条（一）签订《接受就业援助协议书》",
    "该人员已有一份有效的援助协议。",
    "An agreement with this person is already active.",
    "请签订补充协议，或先终止现有协议。",
    "Supplement the agreement, or end it first.",
)
NO_AGREEMENT = Reason(
    "no_agreement",
    "意见第四条（一）签订《接受就业援助协议书》",
    "该人员没有有效的援助协议。",
    "No agreement with this person is active.",
    "请先签订《接受就业援助协议书》。",
    "Sign the Agreement to Receive Employment Assistance first.",
)
AGREEMENT_INCOMPLETE = Reason(
    "agreement_incomplete",
    "意见第四条（一）明确援助责任人、援助内容和援助措施",
    "协议没有写明援助内容。",
    "The agreement names no content of assistance.",
    "请至少选择一项援助内容。",
    "Choose at least one content of assistance.",
)
ONE_TO_ONE = Reason(
    "one_to_one_required",
    "意见第四条（一）“一对一”的就业援助服务",
    "零就业家庭成员须实行“一对一”服务。",
    "A member of a zero-employment household is served one to one.",
    "请在协议中选择“一对一”并指定专门责任人。",
    "Mark the agreement one to one, with a dedicated helper.",
)
HELPER_UNKNOWN = Reason(
    "helper_not_of_office",
    "意见第四条（一）明确援助责任人",
    "援助责任人不是本单位在岗人员。",
    "The helper is not an officer of this office on that day.",
    "请选择本单位在岗的工作人员。",
    "Choose an officer who works in this office.",
)
NOT_THE_HELPER = Reason(
    "not_the_helper",
    "意见第四条（一）明确援助责任人",
    "原责任人与记录不符，可能已经变更。",
    "The helper named as the present one is not; somebody may have changed it.",
    "请刷新后按当前责任人办理。",
    "Load the file again and name the present helper.",
    409,
)
PLAN_EXISTS = Reason(
    "plan_in_force",
    "意见第四条（一）制订就业援助计划和帮扶措施",
    "援助计划已经制订。",
    "A plan is in force.",
    "请调整现有计划。",
    "Revise the plan that is in force.",
)
NO_PLAN = Reason(
    "no_plan",
    "意见第四条（一）制订就业援助计划和帮扶措施",
    "该人员没有执行中的援助计划。",
    "No plan is in force for this person.",
    "请先制订就业援助计划。",
    "Make a plan first.",
)
PLAN_WITHOUT_FACT = Reason(
    "plan_without_fact",
    "意见第四条（一）针对就业困难人员的具体情况和特点",
    "计划没有依据该人员的档案事实。",
    "The plan rests on no fact of the person's profile.",
    "请至少引用一条档案事实，如求职意愿、技能或健康状况。",
    "Refer to at least one fact of the profile, such as wishes, skills or health.",
)
NO_MEASURES = Reason(
    "plan_without_measures",
    "意见第四条（一）帮扶措施",
    "计划没有帮扶措施，或措施编号重复。",
    "The plan has no measures, or two with the same number.",
    "请至少填写一项措施，编号各不相同。",
    "Give at least one measure; number them differently.",
)
MEASURE_UNKNOWN = Reason(
    "measure_unknown",
    "意见第二条（三）确保就业援助工作措施落实到位",
    "当前计划中没有这项措施。",
    "The current plan has no such measure.",
    "请按当前计划中的措施编号填写。",
    "Use a measure of the current plan.",
)
OFFICE_UNKNOWN = Reason(
    "office_unknown",
    "意见第四条（二）",
    "没有这个单位，或单位在这一天不办公。",
    "There is no such office, or it does not work on that day.",
    "请从单位名录中选择。",
    "Choose an office from the directory.",
)
FEE = Reason(
    "service_not_free",
    "意见第四条（二）免费提供",
    "对就业困难人员的就业服务必须免费。",
    "Services for persons with difficulty finding work are free.",
    "请将费用改为0，已收费用应退还。",
    "Set the fee to 0; give back what was charged.",
)
NO_STARTUP_WISH = Reason(
    "no_startup_wish",
    "意见第三条（二）有创业愿望的就业困难人员",
    "没有记录该人员的创业愿望。",
    "No start-up wish of the person is on record.",
    "请先登记创业愿望，或填写提供该服务的理由。",
    "Record the wish first, or say why the service is given.",
)
EXPERT_MISSING = Reason(
    "expert_missing",
    "意见第三条（二）创业专家",
    "专家指导须写明专家。",
    "Expert advice names an expert.",
    "请选择一位创业专家。",
    "Choose an expert.",
)
PROJECT_MISSING = Reason(
    "project_missing",
    "意见第三条（二）创业项目",
    "项目推介须写明项目。",
    "A project offer names a project.",
    "请选择一个已发布的项目。",
    "Choose a published project.",
)
NOT_OWN_PROVIDER = Reason(
    "provider_not_own",
    "意见第四条（三）",
    "只能登记本单位提供的服务。",
    "Only services of one's own body may be recorded.",
    "请把提供单位改为本单位。",
    "Name your own body as the provider.",
)
ACTIVITY_DATES = Reason(
    "activity_dates",
    "意见第四条（二）",
    "结束日期早于开始日期。",
    "The last day comes before the first.",
    "请改正活动日期。",
    "Correct the days of the activity.",
)
COURSE_MISSING = Reason(
    "course_missing",
    "意见第四条（三）",
    "培训须写明培训机构、等级、形式和职业。",
    "A training names its institution, level, form and occupation.",
    "请补充培训课程信息。",
    "Add the course.",
)
ACTIVITY_CLOSED = Reason(
    "activity_closed",
    "意见第四条（二）",
    "该活动已结束。",
    "The activity is closed.",
    "请选择尚未结束的活动。",
    "Choose an activity that is still open.",
)
ACTIVITY_FIGURES = Reason(
    "activity_figures",
    "意见第四条（二）",
    "参加人数不能多于邀请人数，结业人数不能多于参加人数。",
    "No more can attend than were invited, nor complete than attended.",
    "请核对人数。",
    "Check the figures.",
)
NOT_ORGANISER = Reason(
    "not_the_organiser",
    "意见第四条（二）",
    "只有组织该活动的单位可以办理。",
    "Only the office that organises the activity may do this.",
    "请由组织单位办理。",
    "Ask the organising office.",
    403,
)
NOT_INVITED = Reason(
    "not_invited",
    "意见第二条（一）积极参加培训和招聘活动",
    "没有邀请该人员参加此活动。",
    "The person was not invited to this activity.",
    "请先登记邀请。",
    "Record the invitation first.",
)
NOT_YET_HELD = Reason(
    "activity_not_yet_held",
    "意见第二条（一）积极参加培训和招聘活动",
    "活动尚未开始，不能登记参加情况。",
    "The activity has not begun yet.",
    "请在活动开始后登记。",
    "Record attendance once it has begun.",
)
ATTENDANCE_KNOWN = Reason(
    "attendance_recorded",
    "意见第二条（一）积极参加培训和招聘活动",
    "参加情况已经登记，且与此不同。",
    "Attendance was recorded already, and differently.",
    "如记录有误，请提出更正。",
    "Propose a correction if it is wrong.",
)
NOT_REOPENABLE = Reason(
    "exit_still_stands",
    "意见第二条（一）",
    "退出尚未撤销，不能恢复档案。",
    "The exit still stands; the file cannot be opened again.",
    "请先撤销退出。",
    "Have the exit reversed first.",
)
