"""Why the registry refuses: stable code, clause, both languages, next step."""

from __future__ import annotations

from events.rules.idnumber import ID_ERROR_TEXTS, IdError
from services.kit.decider import Reason

_RESIDENCE = "意见第二条（一）到居住地社区劳动保障工作站申报"
_SCOPE = "意见第一条"
_TERRITORY = "意见第二条（三）属地管理"
_LEDGER = "意见第二条（三）台账"

ID_REFUSALS: dict[IdError, Reason] = {
    error: Reason(
        error.value,
        "GB 11643-1999",
        f"{zh}。",
        f"{en}.",
        "请对照身份证核对后重新填写。",
        "Compare it with the ID card and enter it again.",
    )
    for error, (zh, en) in ID_ERROR_TEXTS.items()
}
"""One refusal for each thing that can be wrong with an ID number (A8)."""

ALREADY_REGISTERED = Reason(
    "already_registered",
    _LEDGER,
    "该公民身份号码已经登记。",
    "This ID number is in the register already.",
    "请在已有记录上办理；如已迁居，请由原社区申请转出。",
    "Use the existing record; if the person moved, the old community asks for the transfer.",
    409,
)
NOT_A_COMMUNITY = Reason(
    "not_a_community",
    _RESIDENCE,
    "居住地应为正在工作的社区劳动保障工作站。",
    "The residence must be a community station that is open on that day.",
    "请选择居住地所在的社区。",
    "Choose the community in which the person lives.",
)
HUKOU_DIVISION = Reason(
    "hukou_division",
    f"{_SCOPE}具有我省城市户口",
    "户籍地区划代码不正确。",
    "The division code of the hukou is not one.",
    "请填写2、4、6、9或12位区划代码。",
    "Give a division code of 2, 4, 6, 9 or 12 digits.",
)
PERSON_ABSORBED = Reason(
    "person_absorbed",
    _LEDGER,
    "该人员记录已并入另一条记录。",
    "This record was merged into another one of the same person.",
    "请在保留的记录上办理。",
    "Use the surviving record.",
    409,
)
PERSON_SHREDDED = Reason(
    "person_shredded",
    "个人信息保护法第四十七条",
    "该人员的个人信息已销毁，不能再办理。",
    "The person's data was destroyed; nothing more can be recorded.",
    "如本人重新申请，请新登记人员。",
    "Register the person anew if they apply again.",
    410,
)
PROCESSING_RESTRICTED = Reason(
    "processing_restricted",
    "个人信息保护法第四十七条",
    "该人员的个人信息已限制处理。",
    "The processing of the person's data is restricted.",
    "请向县级负责人了解限制的依据。",
    "Ask the county head for the basis of the restriction.",
)
FACT_VALUE = Reason(
    "fact_value",
    _LEDGER,
    "填写的内容不符合该项信息的格式。",
    "The value does not fit this fact.",
    "户口填“区划代码 urban或rural”，特殊工种填true或false，身份填worker、cadre或unknown。",
    "Hukou: 'division urban|rural'; special work: true or false; type: worker, cadre, unknown.",
)
DATE_ORDER = Reason(
    "date_order",
    _LEDGER,
    "日期先后顺序不对。",
    "The dates are in the wrong order.",
    "请核对起止日期和发生日期。",
    "Check the first and last day and the day of the fact.",
)
PROOF_MISSING = Reason(
    "proof_missing",
    "意见第二条（一）持有效证明",
    "缺少证明材料。",
    "A proof is missing.",
    "请至少附上一份证明材料。",
    "Add at least one document.",
)
REGISTRATION_OPEN = Reason(
    "registration_open",
    f"{_SCOPE}已进行失业登记",
    "该人员已有有效的失业登记。",
    "The person's unemployment registration is open already.",
    "如登记日期有误，请申请更正。",
    "Propose a correction if its day is wrong.",
)
REGISTRATION_OVERLAPS = Reason(
    "registration_overlaps",
    f"{_SCOPE}已进行失业登记",
    "登记日期早于上一次失业登记的注销日期。",
    "The day lies before the end of the previous registration.",
    "请核对登记日期。",
    "Check the day of registration.",
)
NO_REGISTRATION = Reason(
    "no_registration",
    f"{_SCOPE}已进行失业登记",
    "该人员没有有效的失业登记。",
    "The person has no open unemployment registration.",
    "请先办理失业登记，或核对人员。",
    "Register the person as unemployed first, or check whom you mean.",
)
STILL_EMPLOYED = Reason(
    "still_employed",
    f"{_SCOPE}已进行失业登记",
    "该人员目前处于就业状态。",
    "The person is employed.",
    "请先登记就业终止，再办理失业登记。",
    "Record the end of the employment first.",
)
DIBAO_RUNNING = Reason(
    "dibao_running",
    f"{_SCOPE}享受城市居民最低生活保障",
    "该人员正在享受城市低保。",
    "The person draws the living allowance already.",
    "如期限有变，请先登记停发。",
    "Record its end first if the term changed.",
)
NO_DIBAO = Reason(
    "no_dibao",
    f"{_SCOPE}享受城市居民最低生活保障",
    "该人员在这一天没有享受城市低保。",
    "The person draws no living allowance on that day.",
    "请核对日期。",
    "Check the day.",
)
NOT_YET_RETIRED = Reason(
    "not_yet_retired",
    f"{_SCOPE}在法定劳动年龄内",
    "该人员在这一天尚未达到法定退休年龄。",
    "The person has not reached retirement age on that day.",
    "请核对身份类别和特殊工种；提前领取养老金的请选择“领取养老金”。",
    "Check worker type and special work; choose 'pension' for one drawn earlier.",
)
UNKNOWN_OFFICE = Reason(
    "unknown_office",
    _TERRITORY,
    "没有这个单位，或它在这一天不工作。",
    "There is no such office, or it is not open on that day.",
    "请从单位目录中选择。",
    "Choose one from the list of offices.",
)
HOUSEHOLD_ELSEWHERE = Reason(
    "household_elsewhere",
    _TERRITORY,
    "家庭成员中没有人居住在本社区。",
    "None of the members lives in this community.",
    "请由成员居住地的社区办理。",
    "The community in which a member lives must act.",
)
MEMBER_TWICE = Reason(
    "member_twice",
    f"{_SCOPE}“零就业”家庭成员",
    "同一人员重复列为家庭成员。",
    "A person is named twice.",
    "请删除重复的成员。",
    "Remove the second entry.",
)
IN_OTHER_HOUSEHOLD = Reason(
    "in_other_household",
    f"{_SCOPE}“零就业”家庭成员",
    "该人员已属于另一个家庭。",
    "The person belongs to another household.",
    "请先登记离开原家庭。",
    "Record that the person left it first.",
    409,
)
NOT_A_MEMBER = Reason(
    "not_a_member",
    f"{_SCOPE}“零就业”家庭成员",
    "该人员不是这个家庭的成员。",
    "The person is no member of this household.",
    "请核对家庭和人员。",
    "Check household and person.",
)
HOUSEHOLD_ABSORBED = Reason(
    "household_absorbed",
    f"{_SCOPE}“零就业”家庭成员",
    "该家庭已并入另一个家庭。",
    "This household was merged into another one.",
    "请在合并后的家庭上办理。",
    "Use the surviving household.",
    409,
)
ONE_CHANGE = Reason(
    "one_change",
    _LEDGER,
    "一次只能办理增加、离开、变更计入方式中的一项。",
    "Exactly one of add, leave and set is changed at a time.",
    "请分次办理。",
    "Send one change after the other.",
)
SAME_PERSON = Reason(
    "same_person",
    "不相容职责分离",
    "提出人（或当事人）不能自己批准。",
    "Who proposed it, or whom it concerns, cannot decide it.",
    "请由另一名有权人员办理。",
    "Another person with the right must act.",
    403,
)
PROPOSAL_CLOSED = Reason(
    "proposal_closed",
    "不相容职责分离",
    "该提议已经处理。",
    "The proposal was decided already.",
    "如仍需办理，请重新提出。",
    "Propose it again if it is still wanted.",
    409,
)
FROM_IN_PAST = Reason(
    "from_in_past",
    "意见第六条",
    "生效日期不能早于办理当日。",
    "The first day lies before the day of the decision.",
    "请改为今天或以后的日期，重新提出。",
    "Propose it again from today or a later day.",
)
NO_RULE_SET = Reason(
    "no_rule_set",
    "意见第六条自发布之日起",
    "这一天没有生效的规则集。",
    "No rule set is in force on that day.",
    "请核对日期。",
    "Check the day.",
)
PARAMETER_UNKNOWN = Reason(
    "parameter_unknown",
    "意见第六条",
    "规则集中没有这个参数。",
    "The rule set knows no such parameter.",
    "请从参数目录中选择。",
    "Choose one from the list of parameters.",
)
PARAMETER_VALUE = Reason(
    "parameter_value",
    "意见第六条",
    "参数值的类型或范围不对。",
    "The value has the wrong type or lies outside the bounds.",
    "请按参数说明填写。",
    "Follow the description of the parameter.",
)
CONDITIONS_UNREADABLE = Reason(
    "conditions_unreadable",
    f"{_SCOPE}各市人民政府确定的其他就业困难人员",
    "类别条件无法解析：{zh}。",
    "The conditions cannot be read: {en}.",
    "请按规则语言改正后重新提交。",
    "Correct it in the rule language and send it again.",
)
CATEGORY_NAME = Reason(
    "category_name_taken",
    f"{_SCOPE}各市人民政府确定的其他就业困难人员",
    "本市已有同名的有效类别。",
    "The city has a category of this name in force.",
    "请使用其他名称，或先终止原类别。",
    "Use another name, or end the other one first.",
)
OFFICE_CODE = Reason(
    "office_code",
    _TERRITORY,
    "区划代码与单位层级不符。",
    "The division code does not fit the level.",
    "请核对12位区划代码和层级。",
    "Check the 12-digit code and the level.",
)
OFFICE_PARENT = Reason(
    "office_parent",
    _TERRITORY,
    "上级单位不存在、已撤销或不是上一级。",
    "The parent office is missing, closed, or not one level up.",
    "请先设立上一级单位。",
    "Open the office one level up first.",
)
OFFICE_EXISTS = Reason(
    "office_exists",
    _TERRITORY,
    "该代码的单位已经存在。",
    "An office of this code exists already.",
    "如名称有变，请办理更名。",
    "Rename it if it has another name.",
    409,
)
DEPARTMENT_MISSING = Reason(
    "department_missing",
    _TERRITORY,
    "部门代码缺失或格式不对。",
    "The department's code is missing or malformed.",
    "请填写小写字母的部门代码，如tax、finance。",
    "Give the department in lower-case letters, such as tax or finance.",
)
OFFICE_CLOSED = Reason(
    "office_closed",
    _TERRITORY,
    "该单位已撤销。",
    "The office is closed.",
    "请选择正在工作的单位。",
    "Choose an office that is open.",
)
OFFICE_HAS_CHILDREN = Reason(
    "office_has_children",
    _TERRITORY,
    "该单位下还有未撤销的单位。",
    "Offices under this one are still open.",
    "请先撤销、划转或合并下级单位。",
    "Close, move or merge them first.",
)
OFFICE_HAS_ACCOUNTS = Reason(
    "office_has_accounts",
    _TERRITORY,
    "该单位还有未注销的账号。",
    "Accounts of this office are still open.",
    "请先注销或调整这些账号。",
    "Close them first.",
)
NOT_A_STREET = Reason(
    "not_a_street",
    "意见第二条（一）独立工矿区",
    "只有街道（乡镇）一级可以设为独立工矿区。",
    "Only an office of street level can be an independent mining area.",
    "请选择街道一级的单位。",
    "Choose an office of street level.",
)
LOGIN_TAKEN = Reason(
    "login_taken",
    "意见第三条（二）",
    "登录名已被使用。",
    "The login is in use.",
    "请换一个登录名。",
    "Choose another login.",
    409,
)
ACCOUNT_CLOSED = Reason(
    "account_closed",
    "意见第三条（二）",
    "账号已注销。",
    "The account is closed.",
    "请为其在新单位开通账号。",
    "Open an account in the new office.",
)
ROLE_NOT_HERE = Reason(
    "role_not_here",
    "意见第二条（二）",
    "该单位不能授予这个岗位。",
    "An office of this level and kind cannot give this role.",
    "请选择与单位层级和性质相符的岗位。",
    "Choose a role that belongs to the office's level and kind.",
)
ROLE_AREA = Reason(
    "role_area",
    _TERRITORY,
    "岗位辖区超出了单位的辖区。",
    "The role's area lies outside the office's own.",
    "请在本单位辖区内选择。",
    "Choose areas within the office's own.",
)
ROLES_EXCLUDE = Reason(
    "roles_exclude",
    "意见第二条（一）审核与认定分离",
    "同一人不能在同一辖区同时担任街道和县级岗位。",
    "Nobody holds a street and a county role over the same area.",
    "请由不同的人员分别担任。",
    "Give the roles to two persons.",
)
CALENDAR_DAYS = Reason(
    "calendar_days",
    "国务院办公厅节假日安排通知",
    "节假日或调休日不正确。",
    "A holiday or make-up day cannot be right.",
    "日期应属于该年度，调休上班日应为周末，且不与放假日重复。",
    "Days belong to the year; make-up days are weekend days and no holidays.",
)
