"""Corrections of assistance's events (X2): services, visits and reports are facts."""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts import assistance as ev
from events.contracts.base import Event
from events.contracts.correctable.rule import CORRECTION, FOLLOWS, Fact, Never, Reversed, Rule

ASSISTANCE: Mapping[type[Event], Rule] = {
    ev.FileOpened: FOLLOWS,
    ev.FileClosed: FOLLOWS,
    ev.FileReopened: FOLLOWS,
    ev.FileMoved: Reversed("registry.request_transfer"),
    ev.AgreementSigned: Fact(
        "assistance.sign_agreement", ("helper",), void="assistance.end_agreement"
    ),
    ev.AgreementSupplemented: Fact("assistance.supplement_agreement"),
    ev.HelperChanged: Reversed("assistance.change_helper"),
    ev.AgreementEnded: Fact("assistance.end_agreement", void="assistance.sign_agreement"),
    ev.PlanMade: Fact("assistance.make_plan", ("measures",), void="assistance.revise_plan"),
    ev.PlanRevised: Fact("assistance.revise_plan", ("measures",), void="assistance.revise_plan"),
    ev.MeasureDelivered: Fact("assistance.complete_measure", ("measure",)),
    ev.ServiceDelivered: Fact("assistance.deliver_service", ("fee", "activity", "referral")),
    ev.PersonReferred: Fact("assistance.refer_person", ("to",)),
    ev.ReferralAnswered: Fact("assistance.answer_referral", ("referral",)),
    ev.PersonInvited: Fact("assistance.invite_to_activity", ("activity",)),
    ev.AttendanceRecorded: Fact("assistance.record_attendance", ("activity",)),
    ev.TrainingEnrolled: Fact(
        "assistance.enrol_in_training",
        ("activity", "fee", "place"),
        void="assistance.leave_training",
    ),
    ev.TrainingCompleted: Fact("assistance.complete_training", ("activity",)),
    ev.TrainingLeft: Fact(
        "assistance.leave_training", ("activity",), void="assistance.enrol_in_training"
    ),
    ev.ActivityOrganised: Fact(
        "assistance.organise_activity", ("kind",), void="assistance.close_activity"
    ),
    ev.ActivityClosed: Fact("assistance.close_activity", void="assistance.organise_activity"),
    ev.StatusReported: Fact("assistance.report_status"),
    ev.FollowUpDone: Fact("assistance.record_follow_up", ("found",), derived=("month",)),
    ev.FollowUpEnded: Never(
        "结束跟踪随访为依条款作出的决定；申报义务继续，情况变化随申报登记",
        "the end of follow-up is a decision; the duty to report goes on and shows every change",
    ),
    ev.CorrectionProposed: CORRECTION,
    ev.FactCorrected: CORRECTION,
    ev.CorrectionRejected: CORRECTION,
}
"""The rule for every event of assistance."""
