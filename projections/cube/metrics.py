"""The figures as data: what each one means, where it is stated, of which parts it is made (C6).

Only additive parts are stored; a rate is worked out from two sums when it is asked for.
"""

from __future__ import annotations

from projections.cube.metric import FROM_COUNTY, How, Metric, Part

_STOCK = (("M1", "unemployed"), ("M1", "employed_tracked"), ("M1", "employed_untracked"))


def _one(metric: str, name: str, zh: str, en: str, how: How = "flow") -> Part:
    return Part(name, zh, en, ((metric, name),), how)


_UNEMPLOYED = Part("unemployed", "期末未就业", "Unemployed at the end", _STOCK[:1], "closing")

M1 = Metric(
    "M1",
    "就业困难人员存量与流量",
    "Certified persons: stock and flow",
    "期初+新认定+导入+恢复+转入−退出−失效−撤销−转出=期末；期末=未就业+就业跟踪中+就业已结束随访。"
    "转入、转出含本辖区内社区之间的转移；类别变更只在按类别统计时出现。",
    "Opening + newly certified + imported + reinstated + moved in - exited - lapsed - revoked - "
    "moved out = closing = unemployed + employed and tracked + employed with follow-up ended. "
    "Moves inside the area are in both; changes of category show by category only.",
    "意见第二条（二）（三）",
    ("R40", "R54"),
    "stock",
    (
        Part("opening", "期初", "Opening", _STOCK, "opening"),
        _one("M1", "certified", "新认定", "Newly certified"),
        _one("M1", "imported", "导入", "Imported"),
        _one("M1", "reinstated", "恢复", "Reinstated"),
        _one("M1", "moved_in", "转入", "Moved in"),
        _one("M1", "exited", "退出", "Exited"),
        _one("M1", "lapsed", "失效", "Lapsed"),
        _one("M1", "revoked", "撤销", "Revoked"),
        _one("M1", "moved_out", "转出", "Moved out"),
        _one("M1", "category_joined", "类别转入", "Category joined"),
        _one("M1", "category_left", "类别转出", "Category left"),
        Part("closing", "期末", "Closing", _STOCK, "closing"),
        _UNEMPLOYED,
        _one("M1", "employed_tracked", "就业跟踪中", "Employed and tracked", "closing"),
        _one("M1", "employed_untracked", "就业已结束随访", "Employed, tracking ended", "closing"),
    ),
    ("closing",),
)
M2 = Metric(
    "M2",
    "就业率",
    "Employment rate",
    "期内由未就业转为就业的人员（每次认定计一次）÷（期初未就业+期内新认定）",
    "Persons placed out of unemployment in the period, once per certification ÷ (unemployed at the "
    "opening + newly certified)",
    "意见序言、第二条（三）",
    ("R4", "R40", "R54"),
    "ratio",
    (
        _one("M2", "placed", "实现就业", "Placed"),
        Part(
            "opening_unemployed", "期初未就业", "Unemployed at the opening", _STOCK[:1], "opening"
        ),
        _one("M1", "certified", "新认定", "Newly certified"),
    ),
    ("placed",),
    ("opening_unemployed", "certified"),
)
M3 = Metric(
    "M3",
    "分渠道就业人次",
    "Placements by channel",
    "期内就业次数（含接续上岗），按自主创业、灵活就业、企业吸纳、公益性岗位、劳务输出分列；跨地区另列",
    "Starts of work in the period, following jobs included, by channel; cross-region apart",
    "意见第三条",
    ("R59", "R80"),
    "count",
    (
        _one("M3", "placements", "就业人次", "Placements"),
        _one("M3", "cross_region", "其中跨地区", "Of these cross-region"),
    ),
    ("placements",),
    unit_zh="人次",
    unit_en="placements",
)
M4 = Metric(
    "M4",
    "援助协议覆盖率",
    "Agreement coverage",
    "期末协议有效的未就业人员÷期末未就业人员；有效协议总数另列",
    "Unemployed with an active agreement at the end ÷ unemployed at the end; all active ones apart",
    "意见第四条（一）",
    ("R83",),
    "ratio",
    (
        Part(
            "active_unemployed",
            "未就业且协议有效",
            "Unemployed with an active agreement",
            (("M4", "active_unemployed"),),
            "closing",
        ),
        _UNEMPLOYED,
        _one("M4", "active", "有效协议", "Active agreements", "closing"),
    ),
    ("active_unemployed",),
    ("unemployed",),
)
M5 = Metric(
    "M5",
    "随访率",
    "Follow-up rate",
    "已随访人月÷应随访人月；月末仍在跟踪的人员当月应访，每月多次计一次，自认定次月起",
    "Person-months visited ÷ due; due is who is tracked on the month's last day, from the month "
    "after certification; several visits in a month count once",
    "意见第四条（一）",
    ("R89",),
    "ratio",
    (
        _one("M5", "done", "已随访人月", "Person-months visited"),
        _one("M5", "due", "应随访人月", "Person-months due", "month_ends"),
    ),
    ("done",),
    ("due",),
    unit_zh="人月",
    unit_en="person-months",
)
M7 = Metric(
    "M7",
    "零就业家庭消零",
    "Zero-employment households cleared",
    "一个月内消零的家庭÷期内到期的家庭；期末未消零、逾期另列",
    "Households cleared within a month ÷ households whose month ended in the period; open and "
    "breached apart",
    "意见第四条（一）",
    ("R87",),
    "ratio",
    (
        _one("M7", "in_time", "一个月内消零", "Cleared within a month"),
        _one("M7", "due", "期内到期", "Due in the period"),
        _one("M7", "breached", "逾期", "Breached"),
        _one("M7", "certified", "新认定家庭", "Households certified"),
        _one("M7", "cleared", "期内消零", "Cleared in the period"),
        _one("M7", "cleared_late", "其中逾期后消零", "Of these cleared late"),
        _one("M7", "left", "其他原因退出", "Left for another reason"),
        _one("M7", "open", "期末未消零", "Open at the end", "closing"),
    ),
    ("in_time",),
    ("due",),
    unit_zh="户",
    unit_en="households",
)
M8 = Metric(
    "M8",
    "定期申报率",
    "Status-report rate",
    "按期申报÷应申报，含已就业人员；申报当日或到期日计入",
    "Reported on time ÷ due, employed persons included; settled on the report or the last day",
    "意见第二条（一）",
    ("R28",),
    "ratio",
    (
        _one("M8", "in_time", "按期申报", "Reported on time"),
        _one("M8", "due", "应申报", "Due"),
    ),
    ("in_time",),
    ("due",),
    levels=("community", "street", "county"),
    unit_zh="次",
    unit_en="reports",
)
_EXITS = ("refusals", "no_report", "gave_up", "other")
M9 = Metric(
    "M9",
    "退出及撤销退出",
    "Exits by ground and reversals",
    "按三项情形分列的退出人数；撤销退出率=撤销或复核撤销的退出÷退出",
    "Exits by the three grounds; reversal rate = exits reversed or set aside ÷ exits",
    "意见第二条（一）",
    ("R29", "R30", "R32", "R33"),
    "ratio",
    (
        _one("M9", "reversed", "撤销退出", "Reversed"),
        _one("M9", "refusals", "超过3次未上岗", "More than 3 refusals"),
        _one("M9", "no_report", "超过半年未申报", "No report for over half a year"),
        _one("M9", "gave_up", "自愿放弃", "Gave up"),
        _one("M9", "other", "其他", "Other"),
    ),
    ("reversed",),
    _EXITS,
    levels=FROM_COUNTY,
)
M11 = Metric(
    "M11",
    "稳定就业率",
    "Stable employment",
    "就业满半年时仍在岗÷期内满半年的就业；岗位接续不间断视为在岗",
    "Still in unbroken work half a year after the start ÷ starts that became half a year old in "
    "the period",
    "意见第四条（一）",
    ("R92",),
    "ratio",
    (
        _one("M11", "stable", "满半年仍在岗", "Still at work"),
        _one("M11", "reached", "期内满半年", "Half a year reached"),
    ),
    ("stable",),
    ("reached",),
)
M12 = Metric(
    "M12",
    "再失业率",
    "Re-unemployment",
    "就业不满半年即失业的次数÷期内由未就业转为就业的次数",
    "Ends into unemployment before half a year ÷ starts of work in the period, following jobs left "
    "out",
    "意见第二条（一）",
    ("R35",),
    "ratio",
    (
        _one("M12", "ended_early", "不满半年失业", "Ended early"),
        _one("M12", "begun", "开始就业", "Begun"),
    ),
    ("ended_early",),
    ("begun",),
)
M13 = Metric(
    "M13",
    "岗位提供与上岗",
    "Offers and take-up",
    "上岗率=上岗÷提供；无正当理由比例=认定无正当理由÷未上岗；人均提供=提供÷期末未就业",
    "Take-up = taken up ÷ offers; unjust share = judged unjust ÷ not taken up; offers per person = "
    "offers ÷ unemployed at the end",
    "意见第二条（一）、第四条（二）",
    ("R29", "R97"),
    "ratio",
    (
        _one("M13", "taken_up", "上岗", "Taken up"),
        _one("M13", "offers", "提供岗位", "Offers"),
        _one("M13", "not_taken_up", "未上岗", "Not taken up"),
        _one("M13", "unjust", "无正当理由", "Without just cause"),
        _UNEMPLOYED,
    ),
    ("taken_up",),
    ("offers",),
    levels=("street", "county", "city"),
    unit_zh="次",
    unit_en="offers",
)
R4 = Metric(
    "R4",
    "认定到就业天数",
    "Days from certification to work",
    "期内首次就业者自认定日起的天数：中位数与第90百分位（导入人员不计）",
    "Days from certification to the first placement, of first placements in the period: median and "
    "90th percentile; imported persons left out",
    "意见序言",
    ("R4", "R88"),
    "count",
    (Part("placed", "首次就业", "First placements", (("R4", "*"),)),),
    ("placed",),
)

METRICS: dict[str, Metric] = {
    m.code: m for m in (M1, M2, M3, M4, M5, M7, M8, M9, M11, M12, M13, R4)
}
"""Every figure of the cube by its code."""
