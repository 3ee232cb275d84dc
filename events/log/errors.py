"""Why a log refuses to go on: it is not the log that was signed and published before."""

from __future__ import annotations

from typing import Final

_REBASE: Final = "bangfu audit rebase"
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "log_in_recovery": (
        "数据库正在恢复中，尚不能写入；请等待其成为主库。",
        "The database is in recovery; wait until it is the primary.",
    ),
    "log_unnamed": (
        "日志尚未登记所属节点；请先执行初始化。",
        "The log has no node yet; run the migrations and name the node first.",
    ),
    "log_foreign": (
        f"此数据库不是原节点的日志（副本或迁移）；确属有意迁移时执行 {_REBASE} --moved。",
        f"This database is a copy or was moved; if it was moved on purpose: {_REBASE} --moved.",
    ),
    "log_restored": (
        f"日志比已签署或已发布的内容短；找回尾部，或执行 {_REBASE} --forked。",
        f"The log is shorter than what was signed or published; recover it or {_REBASE} --forked.",
    ),
    "log_rewritten": (
        f"日志与已签署或已发布的内容不一致；请先审计，再决定是否执行 {_REBASE} --forked。",
        f"The log contradicts what was signed or published; audit it, then {_REBASE} --forked.",
    ),
    "log_damaged": (
        "日志的编号与其哈希树不一致；请执行审计核验。",
        "The numbering and the tree of the log disagree; run the audit.",
    ),
    "sequencer_displaced": (
        "另一个编号进程已经接管；本进程停止编号。",
        "Another sequencer has taken over; this one stops.",
    ),
    "two_roots": (
        "同一大小的日志不得签署两个不同的根；请先审计。",
        "Two roots for one size are never signed; audit the log first.",
    ),
}


class LogRefusedError(Exception):
    """The log must not be written or signed; `code` is stable, `zh` and `en` say what to do."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.zh, self.en = _TEXTS[code]
        self.detail = detail
        super().__init__(f"{self.en} ({detail})" if detail else self.en)
