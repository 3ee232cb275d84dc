"""Posts: employers, vacancies, offers, placements, work, labour export (domain.md C3.4)."""

from __future__ import annotations

from services.kit.correcting import correct
from services.kit.decider import Context
from services.posts.batch import domain as batches
from services.posts.correcting.domain import RULES
from services.posts.deciding import decide
from services.posts.employer import domain as employers
from services.posts.offer import judging, making, outcome
from services.posts.post import domain as posts_
from services.posts.reactions import react
from services.posts.timers import TIMERS
from services.posts.work import keeping, placing

DECISIONS = (batches, employers, judging, making, outcome, posts_, keeping, placing)
"""The modules in which this context decides."""

correct(decide, RULES)
CONTEXT = Context("posts", decide, react, TIMERS)
