"""Corrections of posts' events (X2): placements, offers and their outcomes, posts, employers."""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts import posts as ev
from events.contracts.base import Event
from events.contracts.correctable.rule import CORRECTION, Fact, Never, Reversed, Rule

_WITH_WORK = Never(
    "岗位占用随就业记录一并更正；请更正就业或离职记录",
    "a place follows the employment; correct the placement or its end",
)
_JUDGE = "posts.judge_refusal"

POSTS: Mapping[type[Event], Rule] = {
    ev.EmployerRegistered: Fact(
        "posts.register_employer", ("unified_code",), void="posts.change_employer"
    ),
    ev.EmployerChanged: Fact("posts.change_employer", ("field",)),
    ev.VacancyListed: Fact("posts.list_vacancy", ("employer", "places"), void="posts.close_post"),
    ev.PostProposed: Fact(
        "posts.propose_post", ("employer", "places", "to"), void="posts.decline_proposed_post"
    ),
    ev.PublicPostDeveloped: Fact(
        "posts.develop_public_post", ("host", "host_type", "places"), void="posts.close_post"
    ),
    ev.PostChanged: Reversed("posts.change_post"),
    ev.PostClosed: Reversed("posts.list_vacancy"),
    ev.ProposedPostDeclined: Reversed("posts.propose_post"),
    ev.PlaceTaken: _WITH_WORK,
    ev.PlaceFreed: _WITH_WORK,
    ev.LabourExportOrganised: Fact(
        "posts.open_export_batch", ("origin", "organiser"), void="posts.close_export_batch"
    ),
    ev.ExportBatchClosed: Fact("posts.close_export_batch", void="posts.open_export_batch"),
    ev.JobOffered: Fact(
        "posts.offer_job",
        (
            "person",
            "case",
            "post",
            "source",
            "commissioned_by",
            "suitable",
            "checks",
            "counts",
        ),
        void="posts.withdraw_offer",
    ),
    ev.OfferAccepted: Fact("posts.record_offer_outcome"),
    ev.OfferRefused: Fact("posts.record_offer_outcome", void=_JUDGE),
    ev.NotTakenUp: Fact("posts.record_offer_outcome", void=_JUDGE),
    ev.OfferWithdrawn: Fact("posts.record_offer_outcome", void="posts.offer_job"),
    ev.OfferTakenUp: _WITH_WORK,
    ev.RefusalJudged: Reversed("posts.rejudge_refusal"),
    ev.RefusalRejudged: Reversed("posts.rejudge_refusal"),
    ev.PlacedInJob: Fact(
        "posts.place_in_job",
        ("person", "case", "post", "place", "offer", "batch", "household"),
        derived=("cross_region",),
    ),
    ev.OnJobConfirmed: Fact("posts.confirm_on_job"),
    ev.EmploymentChanged: Fact("posts.change_employment", ("field",)),
    ev.EmploymentEnded: Fact("posts.end_employment"),
    ev.HireRegistered: Fact("posts.register_hire", ("placement",)),
    ev.EndRegistered: Fact("posts.register_end_of_employment", ("end",)),
    ev.CorrectionProposed: CORRECTION,
    ev.FactCorrected: CORRECTION,
    ev.CorrectionRejected: CORRECTION,
}
"""The rule for every event of posts."""
