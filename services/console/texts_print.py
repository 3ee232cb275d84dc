"""Words of the papers that are printed, Chinese and English."""

from __future__ import annotations

PRINTS: dict[str, tuple[str, str]] = {
    "print.notice": ("打印公示表", "Print the notice sheet"),
    "print.agreement": ("打印协议书", "Print the agreement"),
    "print.decision": ("打印认定决定", "Print the decision"),
    "print.roster": ("打印台账", "Print the list"),
    "print.papers": ("打印", "Papers"),
    "print.now": ("打印", "Print"),
    "print.back": ("返回", "Back"),
    "print.stamp": (
        "打印：{office} {by}，{at}。数据：{valid}，截至事件号 {seq}（{time}）。",
        "Printed: {by}, {office}, {at}. Data of {valid}, known up to event no. {seq} ({time}).",
    ),
    "print.rules": ("规则版本 {set}。", "Rule set {set}."),
    "print.seal": ("（盖章）", " (seal)"),
    "print.case": ("个案编号：{no}", "Case number: {no}"),
    "print.age": ("年龄", "Age"),
    "print.years": ("{n} 周岁", "{n}"),
    "print.blank": ("＿＿＿＿＿＿＿＿", "________________"),
    "notice.title": (
        "就业困难人员认定申请公示",
        "Public notice of an application for employment assistance",
    ),
    "notice.lead": (
        "根据《山西省人民政府办公厅关于做好就业困难人员就业援助工作的意见》第二条（一）“经社区登记公示”"
        "的规定，{office}已登记下列人员的认定申请，现予公示，接受监督。",
        "Under section 2 (1) of the provincial opinion (“registered and publicly posted by the"
        " community”), {office} has registered the application below and posts it for inspection.",
    ),
    "notice.category": ("申报类别", "Category applied for"),
    "notice.period": ("公示期", "Period of the notice"),
    "notice.days": ("{a} 至 {b}（含当日）", "{a} to {b}, both days included"),
    "notice.place": ("公示地点、方式", "Place and channel"),
    "notice.handler": ("经办人", "Handler"),
    "notice.phone": ("单位电话", "Telephone of the office"),
    "notice.object": ("对公示内容有异议的", "Where to object"),
    "notice.object_to": (
        "请在公示期内向下列单位实名或匿名提出，由受理单位查明并答复：",
        "Object during this period, with or without your name, to one of these; it will look into"
        " it and answer:",
    ),
    "notice.call": ("（电话 {phone}）", " (telephone {phone})"),
    "agreement.title": ("接受就业援助协议书", "Agreement to receive employment assistance"),
    "agreement.to_sign": (
        "（签订前文本：空白处由双方商定填写，签字后生效）",
        "(To be signed: both parties fill in what is blank; it holds once signed)",
    ),
    "agreement.office": ("甲方（援助单位）", "Party A (office)"),
    "agreement.person": ("乙方（受援助人员）", "Party B (person)"),
    "agreement.lead": (
        "根据《山西省人民政府办公厅关于做好就业困难人员就业援助工作的意见》第四条（一），甲乙双方签订本协议。",
        "Both parties agree as follows under section 4 (1) of the provincial opinion.",
    ),
    "agreement.helper": ("一、援助责任人", "1. Responsible helper"),
    "agreement.one_to_one": (
        "对零就业家庭成员实行“一对一”援助服务。",
        "One-to-one service for a member of a zero-employment household.",
    ),
    "agreement.content": ("二、援助内容", "2. Content of the assistance"),
    "agreement.measures": ("三、援助措施", "3. Measures"),
    "agreement.plan": ("援助计划（{day}）", "Plan ({day})"),
    "agreement.supplement": ("补充（{day}）", "Supplement ({day})"),
    "agreement.duties": ("四、乙方义务", "4. Duties of party B"),
    "agreement.duties_are": (
        "积极参加街道、社区劳动保障工作机构组织的培训和招聘活动；按要求定期到社区劳动保障工作机构履行"
        "就业或失业状况登记手续。",
        "To take part in training and recruitment that street and community organise, and to"
        " register the state of employment or unemployment with the community regularly.",
    ),
    "agreement.exit": ("五、退出（签订时已向乙方宣读）", "5. Exit (read out at signing)"),
    "agreement.exit_is": (
        "无正当理由超过3次未在劳动保障行政部门提供就业岗位上岗的、超过半年未按规定到街道、社区劳动保障"
        "工作机构申报其就业或失业状况的，以及本人自愿放弃就业要求的，不再作为就业困难人员。",
        "Whoever without just cause fails more than three times to take up a post offered by the"
        " labour office, does not report for more than half a year, or gives up the wish to work"
        " is no longer a person with difficulty finding work.",
    ),
    "agreement.service": ("措施", "Measure"),
    "agreement.provider": ("落实单位", "Provider"),
    "agreement.due": ("完成期限", "Due"),
    "agreement.sign_office": ("甲方（盖章）、责任人签字：", "Party A (seal), helper's signature:"),
    "agreement.sign_person": ("乙方签字：", "Signature of party B:"),
    "agreement.on": ("日期：", "Date:"),
    "agreement.copies": (
        "本协议一式两份，甲乙双方各执一份。{template}",
        "Two copies, one for each party. {template}",
    ),
    "agreement.over": ("本协议已于 {day} 终止。", "This agreement ended on {day}."),
    "decision.yes": ("就业困难人员认定决定", "Decision: certified"),
    "decision.no": ("不予认定告知书", "Notice that certification is refused"),
    "decision.certified": (
        "经审核，{name}（{number}）符合《山西省人民政府办公厅关于做好就业困难人员就业援助工作的意见》"
        "规定的条件，认定为就业困难人员，类别：{category}。",
        "{name} ({number}) meets the conditions of the provincial opinion and is certified as a"
        " person with difficulty finding work; category: {category}.",
    ),
    "decision.refused": (
        "经审核，{name}（{number}）的认定申请不符合规定的条件，不予认定。依据：{grounds}。",
        "The application of {name} ({number}) does not meet the conditions and is refused."
        " Grounds: {grounds}.",
    ),
    "decision.reason": ("理由", "Reason"),
    "decision.findings": ("逐条核对", "Findings"),
    "decision.condition": ("条件", "Condition"),
    "decision.found": ("情况", "Found"),
    "decision.boundary": ("规定", "Boundary"),
    "decision.review": (
        "不服本决定的，可自告知之日（{day}）起 {days} 个工作日内向{city}申请复核。",
        "A review may be asked of {city} within {days} working days from {day}, the day of"
        " telling.",
    ),
    "decision.mark": ("证件加注", "Mark on the certificate"),
    "decision.marked": (
        "已在《{kind}》（{number}）上加注“就业困难人员”标志，类别：{category}，日期：{day}。",
        "The {kind} ({number}) bears the mark “person with difficulty finding work”; category:"
        " {category}; date: {day}.",
    ),
    "decision.unmarked": ("加注已于 {day} 注销。", "The mark was cancelled on {day}."),
    "decision.not_marked": ("尚未加注。", "Not marked yet."),
    "roster.title": ("就业困难人员基础台账", "Ledger of persons with difficulty finding work"),
    "roster.no": ("序号", "No."),
    "roster.national_id": ("身份证号码", "ID number"),
    "roster.phone": ("电话", "Phone"),
    "roster.total": ("共 {n} 人", "{n} persons"),
    "roster.part": (
        "共 {n} 人，本表只列前 {most} 人；请缩小筛选范围分次打印，或申请导出。",
        "{n} persons, of whom the first {most} stand here; narrow the filters and print in parts,"
        " or ask for an export.",
    ),
    "roster.all": ("全部人员", "Everybody"),
    "roster.found": ("按查找结果", "As found by a search"),
    "help.paper": (
        "需要纸质材料的，请联系该人员所属地的社区、街道或县级单位打印。",
        "If paper is needed, ask the community, street or county of that person to print it.",
    ),
}
"""Key → (zh, en)."""
