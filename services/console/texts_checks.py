"""Words of the pages on which an auditor checks the log and sees who looked; Chinese, English."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str]] = {
    "seq_gap": ("编号不连续", "A number is missing"),
    "prev_seq_wrong": ("前序编号不符", "The number before is wrong"),
    "position_falls": ("写入位置倒退", "The position falls"),
    "sequenced_at_falls": ("编号时间倒退", "The time of numbering falls"),
    "recorded_at_falls": ("记录时间倒退", "The time of recording falls"),
    "data_changed": ("正文被改动", "The body was changed"),
    "header_changed": ("事件头被改动", "The header was changed"),
    "subject_changed": ("对象被改动", "The subject was changed"),
    "leaf_wrong": ("树叶不符", "The leaf of the tree is wrong"),
    "slice_wrong": ("分片不符", "The slice is wrong"),
    "chain_broken": ("档案的哈希链断开", "The chain of its stream is broken"),
    "event_id_twice": ("事件标识重复", "An event id came twice"),
    "event_unnumbered": ("有事件没有编号", "An event has no number"),
    "head_differs": ("档案末尾与事件不符", "The head of a stream contradicts its events"),
    "tree_state_differs": ("树的状态与事件不符", "The state of the tree contradicts the events"),
    "tile_differs": ("库存瓦片与事件不符", "A stored tile is not that of the events"),
    "served_differs": ("对外提供的瓦片与事件不符", "A tile is served that is not the events'"),
    "served_behind": ("已签名的检查点未对外提供", "A checkpoint that was signed is not served"),
    "checkpoint_invalid": ("检查点签名无效", "The signature of a checkpoint is not good"),
    "root_differs": ("树根与签名检查点不符", "The root is not the one that was signed"),
    "log_shorter": ("日志短于签名检查点", "The log is shorter than what was signed"),
    "log_forked": ("日志已声明分叉", "A fork was declared"),
}
"""Code of a finding → (zh, en)."""
WHYS: dict[str, tuple[str, str]] = {
    "served_away": (
        "发布角色没有应答，无法取得公钥、检查点和瓦片。请先让发布角色运行，再行校验。",
        "The publish role did not answer with key, checkpoint and tiles. Let it run, then check"
        " again.",
    ),
    "log_away": (
        "日志数据库没有应答。请稍后再行校验。",
        "The log's database did not answer. Check again shortly.",
    ),
    "check_broken": (
        "校验进程意外中断。请再行校验；仍中断的，请告诉系统管理员。",
        "The process that checks broke off. Check again; if it breaks again, tell the operator.",
    ),
}
"""What stops a check → (zh, en), with what to do."""
DETAILS = ("root_differs", "log_shorter")
"""Findings whose detail is a pair of numbers."""
STATES = ("running", "cancelled", "clean", "findings", "unusable")
KINDS = ("read", "revealed", "emergency", "export")

CHECKS: dict[str, tuple[str, str]] = {
    **{f"check_code.{code}": words for code, words in FINDINGS.items()},
    **{f"check_why.{code}": words for code, words in WHYS.items()},
    "check.title": ("校验日志", "Check of the log"),
    "check.lead": (
        "重算全部哈希、链、编号和树，并与签名检查点及对外提供的瓦片比对。校验在另一进程中进行，"
        "不影响办理；结果记入日志。它由本节点自己进行：要防节点自身作假，须另行导出，离线核验。",
        "Recomputes every hash, chain, number and the tree, and holds them to the signed"
        " checkpoints and to the tiles as they are served. It runs in a process of its own"
        " beside all work, and its result is recorded. The node itself does it: what a dishonest"
        " node would hide, an export verified elsewhere shows.",
    ),
    "check.start": ("开始校验", "Start a check"),
    "check.runs": ("正在校验，同一时间只进行一次。", "A check is running; there is one at a time."),
    "check.see": ("查看进度", "See how far it is"),
    "check.asked": ("申请时间", "Asked"),
    "check.by": ("申请人", "Asked by"),
    "check.state": ("结果", "Result"),
    "check.range": ("范围", "Range"),
    "check.whole": ("全部日志", "The whole log"),
    "check.to": ("事件 1–{n}", "events 1 to {n}"),
    "check.first": ("首个问题", "First finding"),
    "check.ended": ("结束时间", "Ended"),
    "check.took": ("用时", "Took"),
    "check.seconds": ("{n} 秒", "{n} s"),
    "check.signed": ("有效签名至", "Signed up to"),
    "check.tail": ("尚无检查点覆盖", "Not yet covered"),
    "check.tail_note": (
        "末尾 {n} 条，改动不会显现",
        "{n} events at the end, a change of which would not show",
    ),
    "check.served": ("已比对的对外瓦片", "Tiles compared as served"),
    "check.root": ("树根", "Root"),
    "check.key": ("公钥（请与书面公布的核对）", "Public key (compare it with the one on paper)"),
    "check.cancelled_by": ("取消人", "Cancelled by"),
    "check.done": (
        "已核 {done} / {total} 条事件，{seconds} 秒",
        "{done} of {total} events checked, {seconds} s",
    ),
    "check.waiting": ("等待开始…", "Waiting to begin…"),
    "check.recording": ("已核完，正在记录结果…", "Read to the end; the result is being recorded…"),
    "check.again": ("刷新", "Look again"),
    "check.cancel": ("取消校验", "Cancel the check"),
    "check.report": ("下载报告（JSON）", "Download the report (JSON)"),
    "check.findings": ("发现的问题", "Findings"),
    "check.what": ("问题", "Finding"),
    "check.where": ("档案与版本", "Stream and version"),
    "check.detail": ("说明", "Detail"),
    "check.none": ("还没有校验过。", "No check has been made yet."),
    "check.next": (
        "请停止写入，保留数据库现状，并以 bangfu audit export 导出后离线核验；"
        "再按书面留存的检查点追查首个问题之后的事件。",
        "Stop writing, keep the database as it is, export it with bangfu audit export and verify it"
        " offline; then follow the events from the first finding on, by the checkpoints kept on"
        " paper.",
    ),
    "check_detail.root_differs": (
        "首个被改动的事件在 {first}–{last} 之中",
        "The first changed event is one of {first} to {last}",
    ),
    "check_detail.log_shorter": (
        "检查点覆盖 {first} 条事件，日志现有 {last} 条",
        "A checkpoint covers {first} events, the log has {last}",
    ),
    "check_state.running": ("正在校验", "Running"),
    "check_state.cancelled": ("已取消", "Cancelled"),
    "check_state.clean": ("未见改动", "Clean"),
    "check_state.findings": ("发现问题", "Findings"),
    "check_state.unusable": ("无法校验", "Unusable"),
    "looks.title": ("查阅留痕", "Who looked at whom"),
    "looks.lead": (
        "本辖区各单位人员查阅个人信息的每一次记录：谁、何时、在哪一页、看了哪些信息、用途、代谁办理。"
        "某人的全部查阅（含外地）见其“谁看过”。",
        "Every look of the area's offices at personal data: who, when, on which page, which fields,"
        " for what, on whose behalf. All looks at one person, other areas' included, are on her own"
        " page “Who looked”.",
    ),
    "looks.kind": ("方式", "Kind"),
    "looks.all": ("全部", "All"),
    "looks.kind.read": ("查阅", "Read"),
    "looks.kind.revealed": ("显示完整号码", "Full number"),
    "looks.kind.emergency": ("开启紧急查阅", "Emergency opened"),
    "looks.kind.export": ("导出文件", "File of an export"),
    "looks.whom": ("被查阅人", "Whom"),
    "looks.page": ("页面", "Page"),
    "looks.for": ("代谁", "For whom"),
    "looks.file": ("{rows} 行，涉及 {persons} 人", "{rows} rows, {persons} persons"),
    "looks.persons": ("{n} 人", "{n} persons"),
    "looks.under_emergency": ("紧急查阅期内", "Under an emergency"),
    "looks.under_export": ("依导出申请", "For an export"),
    "looks.only_user": ("只看此人的查阅", "Only this reader"),
    "looks.only_person": ("只看对此人的查阅", "Only looks at this person"),
    "looks.clear": ("清除筛选", "Clear the filters"),
    "looks.none": ("没有符合条件的查阅记录。", "No look fits."),
}
"""Key → (zh, en)."""
