"""Corrections of the registry's events (X2)."""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts import registry as ev
from events.contracts.base import Event
from events.contracts.correctable.rule import CORRECTION, FOLLOWS, Fact, Never, Reversed, Rule

_TRACE = Never("查阅留痕如实保留，不作更改", "the record of who looked stands as it was made")
_SENT = Never("已发出的消息无法收回", "a message that was sent cannot be taken back")
_EXPORT = Never(
    "导出已按当时的申请办理；请另行申请",
    "the export was handled as requested; request another one",
)
_CHECK = Never(
    "校验结果如实保留；请另行校验", "the result of a check stands; have the log checked again"
)
_ERASING = Never(
    "限制处理与销毁密钥依法办理，不可撤回",
    "restriction and the destruction of a key are final by law",
)

REGISTRY: Mapping[type[Event], Rule] = {
    ev.PersonRegistered: Fact(
        "registry.register_person",
        ("residence",),
        void="registry.merge_persons",
        derived=("age_band",),
    ),
    ev.PersonFactChanged: Fact("registry.record_person_change", ("fact",)),
    ev.UnemploymentRegistered: Fact("registry.record_unemployment_registration"),
    ev.UnemploymentRegistrationCancelled: Fact("registry.cancel_unemployment_registration"),
    ev.DibaoRecorded: Fact("registry.record_dibao"),
    ev.DibaoEnded: Fact("registry.end_dibao"),
    ev.WishesRecorded: Fact("registry.record_wishes"),
    ev.SkillsRecorded: Fact("registry.record_skills"),
    ev.ConditionLost: Fact("registry.record_condition_lost"),
    ev.TransferRequested: Reversed("registry.reject_transfer"),
    ev.TransferAccepted: Reversed("registry.request_transfer"),
    ev.TransferRejected: Reversed("registry.request_transfer"),
    ev.PersonsMerged: Reversed("registry.unmerge_persons"),
    ev.PersonAbsorbed: Reversed("registry.unmerge_persons"),
    ev.PersonsUnmerged: Reversed("registry.merge_persons"),
    ev.DuplicateDismissed: Reversed("registry.merge_persons"),
    ev.HouseholdFormed: Fact(
        "registry.form_household",
        ("community", "members", "split_from"),
        void="registry.change_household",
    ),
    ev.MemberAdded: Fact(
        "registry.change_household", ("person",), void="registry.change_household"
    ),
    ev.MemberLeft: Fact("registry.change_household", ("person",), void="registry.change_household"),
    ev.MemberStatusSet: Fact("registry.change_household", ("person",)),
    ev.HouseholdSplit: Reversed("registry.change_household"),
    ev.HouseholdsMerged: Reversed("registry.split_household"),
    ev.HouseholdAbsorbed: Reversed("registry.split_household"),
    ev.OfficeOpened: Reversed("registry.close_office"),
    ev.OfficeRenamed: Reversed("registry.rename_office"),
    ev.OfficeRecoded: Reversed("registry.recode_office"),
    ev.OfficeMoved: Reversed("registry.move_office"),
    ev.OfficesMerged: Reversed("registry.split_office"),
    ev.OfficeSplit: Reversed("registry.merge_offices"),
    ev.OfficeClosed: Reversed("registry.open_office"),
    ev.MiningAreaSet: Reversed("registry.set_mining_area"),
    ev.LeaderNamed: Reversed("registry.name_leader"),
    ev.AccountOpened: Reversed("registry.close_account"),
    ev.AccountClosed: Reversed("registry.open_account"),
    ev.RoleProposed: Reversed("registry.revoke_role"),
    ev.RoleGranted: Reversed("registry.revoke_role"),
    ev.RoleRevoked: Reversed("registry.propose_role"),
    ev.DelegationGranted: Reversed("registry.end_delegation"),
    ev.DelegationEnded: Reversed("registry.delegate"),
    ev.LeaveRecorded: Reversed("registry.record_leave"),
    ev.CityCategoryDefined: Reversed("registry.end_city_category"),
    ev.CityCategoryEnded: Reversed("registry.define_city_category"),
    ev.RuleParameterProposed: Reversed("registry.reject_rule_parameter"),
    ev.RuleParameterSet: Reversed("registry.propose_rule_parameter"),
    ev.RuleParameterRejected: Reversed("registry.propose_rule_parameter"),
    ev.TrialProposed: Reversed("registry.reject_trial"),
    ev.TrialApproved: Reversed("registry.propose_trial"),
    ev.TrialRejected: Reversed("registry.propose_trial"),
    ev.TrialCompleted: FOLLOWS,
    ev.CalendarSet: Reversed("registry.set_calendar"),
    ev.PersonRead: _TRACE,
    ev.FieldsRevealed: _TRACE,
    ev.EmergencyAccessOpened: _TRACE,
    ev.ExportRequested: _EXPORT,
    ev.ExportApproved: _EXPORT,
    ev.ExportRejected: _EXPORT,
    ev.ExportCompleted: _EXPORT,
    ev.CheckRequested: _CHECK,
    ev.CheckCancelled: _CHECK,
    ev.CheckCompleted: _CHECK,
    ev.MessageSent: _SENT,
    ev.MessageDelivered: _SENT,
    ev.MessageFailed: _SENT,
    ev.ProcessingRestricted: _ERASING,
    ev.ShreddingProposed: _ERASING,
    ev.SubjectShredded: _ERASING,
    ev.LogForked: Never(
        "日志分叉由两人签字声明，不可更改", "a fork of the log rests on two signed statements"
    ),
    ev.CorrectionProposed: CORRECTION,
    ev.FactCorrected: CORRECTION,
    ev.CorrectionRejected: CORRECTION,
}
"""The rule for every event of the registry."""
