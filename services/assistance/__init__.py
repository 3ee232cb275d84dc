"""Assistance: agreement, plan, services, activities, reports, follow-up (domain.md C3.3)."""

from __future__ import annotations

from services.assistance.activity import domain as activities
from services.assistance.correcting.domain import RULES
from services.assistance.deciding import decide
from services.assistance.file import agreement, filing, plan
from services.assistance.reactions import react
from services.assistance.service import domain as services_
from services.assistance.tracking import domain as tracking
from services.kit.correcting import correct
from services.kit.decider import Context

DECISIONS = (activities, agreement, filing, plan, services_, tracking)
"""The modules in which this context decides."""

correct(decide, RULES)
CONTEXT = Context("assistance", decide, react)
