"""Certification: from the application to annotation, exit, reassessment and review (C3.2)."""

from __future__ import annotations

from services.certification.correcting.domain import RULES
from services.certification.deciding import decide
from services.certification.decision import after
from services.certification.decision import domain as decisions
from services.certification.exit import domain as exits
from services.certification.exit import proposals
from services.certification.filing import domain as filing
from services.certification.household import domain as households
from services.certification.notice import domain as notices
from services.certification.reactions import react
from services.certification.reassessment import domain as reassessments
from services.certification.review import domain as reviews
from services.certification.timers import TIMERS
from services.kit.correcting import correct
from services.kit.decider import Context

DECISIONS = (
    filing,
    notices,
    reviews,
    decisions,
    after,
    proposals,
    exits,
    reassessments,
    households,
)
"""The modules in which this context decides."""

correct(decide, RULES)
CONTEXT = Context("certification", decide, react, TIMERS)
