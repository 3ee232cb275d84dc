"""Why delegation, leave and the end of an account are refused (X10, R23, R107)."""

from __future__ import annotations

from services.kit.decider import Reason

_DUTY = "意见第四条（一）明确援助责任人"
_APART = "意见第二条（一）审核与认定分离"

OTHER_OFFICE = Reason(
    "other_office",
    _DUTY,
    "代办人（责任领导）应是本单位在用的账号。",
    "The deputy or leader must have an open account of the same office.",
    "请在本单位人员中选择。",
    "Choose someone of the same office.",
)
OWN_DEPUTY = Reason(
    "own_deputy",
    _DUTY,
    "不能授权给本人。",
    "Nobody is one's own deputy.",
    "请选择另一名人员。",
    "Choose another person.",
)
ROLE_NOT_HELD = Reason(
    "role_not_held",
    _DUTY,
    "授权人在整个授权期内并不担任该岗位。",
    "The giver does not hold this role for the whole term.",
    "请核对岗位和起止日期。",
    "Check the roles and the term.",
)
DELEGATION_OVERLAPS = Reason(
    "delegation_overlaps",
    _DUTY,
    "该代办人在这段时间已有同一授权人的授权。",
    "This deputy has a delegation of the same giver in these days already.",
    "请先结束原授权，或改选日期。",
    "End the other delegation first, or choose other days.",
    409,
)
DELEGATION_EXCLUDES = Reason(
    "delegation_excludes",
    _APART,
    "代办人在同一辖区已有街道或县级的另一层岗位，不能代办。",
    "The deputy holds a role of the other level, street or county, over the same area.",
    "请选择没有另一层岗位的人员。",
    "Choose someone without a role of the other level.",
)
NOT_HANDED_OVER = Reason(
    "not_handed_over",
    _DUTY,
    "该账号仍在代办他人工作或担任责任领导，应先移交。",
    "The account still acts as a deputy or leads an office; that is handed over first.",
    "请先结束代办授权、另行明确责任领导，再注销账号。",
    "End the delegations and name another leader, then close the account.",
    409,
)
CASES_OPEN = Reason(
    "cases_open",
    _DUTY,
    "该账号名下还有{count}件未办结的认定或援助，应先移交。",
    "{count} open cases are still assigned to this account; they are handed over first.",
    "请先改派个案、变更援助责任人，再注销账号。",
    "Assign the cases and change the helper, then close the account.",
    409,
)
