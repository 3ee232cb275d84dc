"""Which types of event each figure comes from: what its definition shows and an auditor filters by.

The cube itself takes what `notes.py` names; a test holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry

_WHERE = (registry.PersonRegistered.type, registry.TransferAccepted.type)
_BEGUN = (cert.PersonCertified.type, cert.CertificationImported.type)
_OVER = (
    cert.Exited.type, cert.Lapsed.type, cert.CertificationRevoked.type, cert.ExitReversed.type,
    cert.ReviewDecided.type,
)  # fmt: skip
_WORK = (posts.PlacedInJob.type, posts.EmploymentEnded.type)
_STOCK = (*_WHERE, *_BEGUN, *_OVER, *_WORK)
_TRACKED = (*_STOCK, help_.FollowUpEnded.type)

SOURCES: Mapping[str, tuple[str, ...]] = {
    "M1": (*_TRACKED, cert.Reassessed.type),
    "M2": _STOCK,
    "M3": (*_WHERE, posts.PlacedInJob.type),
    "M4": (*_STOCK, help_.AgreementSigned.type, help_.AgreementEnded.type),
    "M5": (*_TRACKED, help_.FollowUpDone.type),
    "M7": (
        registry.HouseholdFormed.type, cert.HouseholdCertified.type, cert.HouseholdCleared.type,
        cert.HouseholdLeft.type,
    ),
    "M8": (
        *_STOCK, help_.StatusReported.type, cert.ExitProposed.type, cert.ExitRejected.type,
    ),
    "M9": (*_WHERE, *_BEGUN, *_OVER, cert.ExitProposed.type),
    "M11": (*_WHERE, *_WORK),
    "M12": _STOCK,
    "M13": (
        *_STOCK, posts.JobOffered.type, posts.OfferRefused.type, posts.NotTakenUp.type,
        posts.OfferTakenUp.type, posts.RefusalJudged.type, posts.RefusalRejudged.type,
    ),
    "R4": (*_WHERE, *_BEGUN, posts.PlacedInJob.type),
}  # fmt: skip
"""Code of a figure → types of event, those that say whose area it is included."""
