"""Corrections of certification's events (X2): most of them are steps and decisions."""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts import certification as ev
from events.contracts.base import Event
from events.contracts.correctable.rule import CORRECTION, FOLLOWS, Fact, Never, Reversed, Rule

_RETURN = "certification.return_application"
_RETURNED = Reversed(_RETURN)
_AGAIN = Reversed("certification.file_application")
_FINAL = Never(
    "复核决定为最终决定；如不服可依法申请行政复议或者提起诉讼",
    "the review is final here; the person may go to administrative review or court",
)
_IMPORT = Never(
    "导入批次按来源文件如实记录；请更正其中的认定记录",
    "an import is recorded as its file says; correct the certification in question",
)

CERTIFICATION: Mapping[type[Event], Rule] = {
    ev.ApplicationFiled: Fact(
        "certification.file_application",
        (
            "person",
            "categories",
            "city_category",
            "household",
            "previous_case",
            "case_no",
            "primary",
            "continuous_unemployment",
            "findings",
        ),
        void="certification.withdraw_application",
        day=False,
    ),
    ev.CommunityRegistered: Fact("certification.register_at_community", void=_RETURN),
    ev.PublicNoticePosted: Fact("certification.post_notice", void=_RETURN),
    ev.PublicNoticeClosed: _RETURNED,
    ev.ObjectionLodged: Fact(
        "certification.lodge_objection", void="certification.decide_objection"
    ),
    ev.ObjectionDecided: _RETURNED,
    ev.ApplicationReturned: Reversed("certification.resubmit"),
    ev.ApplicationResubmitted: _RETURNED,
    ev.ApplicationWithdrawn: _AGAIN,
    ev.CaseAssigned: Reversed("certification.assign_case"),
    ev.StreetReviewed: _RETURNED,
    ev.ForwardedToCounty: _RETURNED,
    ev.CountyReviewed: _RETURNED,
    ev.PersonCertified: Reversed("certification.propose_revocation"),
    ev.CertificationRefused: Reversed("certification.request_review"),
    ev.CertificateAnnotated: Fact(
        "certification.annotate_certificate", ("category",), void="certification.cancel_annotation"
    ),
    ev.AnnotationCancelled: Reversed("certification.annotate_certificate"),
    ev.ReviewRequested: Fact(
        "certification.request_review", ("against",), void="certification.decide_review"
    ),
    ev.ReviewDecided: _FINAL,
    ev.RevocationProposed: Reversed("certification.reject_revocation"),
    ev.CertificationRevoked: _AGAIN,
    ev.RevocationRejected: Reversed("certification.propose_revocation"),
    ev.RefusalCounted: Reversed("posts.rejudge_refusal"),
    ev.ExitProposed: Reversed("certification.reject_exit"),
    ev.ExitProposalWithdrawn: FOLLOWS,
    ev.Exited: Reversed("certification.propose_exit_reversal"),
    ev.ExitRejected: FOLLOWS,
    ev.ExitReversalProposed: Never(
        "未经批准的提议没有效力", "a proposal that nobody approves has no effect"
    ),
    ev.ExitReversed: _AGAIN,
    ev.WithdrawnByPerson: Fact("certification.withdraw_wish", void="certification.reject_exit"),
    ev.Lapsed: _AGAIN,
    ev.ReassessmentProposed: Reversed("certification.decide_reassessment"),
    ev.Reassessed: Reversed("certification.propose_revocation"),
    ev.HouseholdCertified: Reversed("certification.remove_household"),
    ev.HouseholdCleared: FOLLOWS,
    ev.HouseholdLeft: FOLLOWS,
    ev.ImportOpened: _IMPORT,
    ev.ImportClosed: _IMPORT,
    ev.CertificationImported: Fact(
        "certification.import_certification",
        ("import_id", "row", "person", "office", "case_no", "imported_on"),
        void="certification.propose_revocation",
    ),
    ev.CorrectionProposed: CORRECTION,
    ev.FactCorrected: CORRECTION,
    ev.CorrectionRejected: CORRECTION,
}
"""The rule for every event of certification."""
