"""The registry: persons, households, offices, accounts, rules as data (domain.md C3.1)."""

from __future__ import annotations

from services.kit.decider import Context
from services.registry.account import accounts, delegation, roles
from services.registry.deciding import decide
from services.registry.household import domain as households
from services.registry.office import changing, opening
from services.registry.person import identity, standing
from services.registry.reactions import react
from services.registry.rules import calendar, categories, parameters
from services.registry.timers import TIMERS

DECISIONS = (
    accounts,
    delegation,
    roles,
    households,
    changing,
    opening,
    identity,
    standing,
    calendar,
    categories,
    parameters,
)
"""The modules in which this context decides."""

CONTEXT = Context("registry", decide, react, TIMERS)
