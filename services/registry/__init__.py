"""The registry: persons, households, offices, accounts, rules as data (domain.md C3.1)."""

from __future__ import annotations

from services.kit.correcting import correct
from services.kit.decider import Context
from services.registry.access import domain as access
from services.registry.account import accounts, delegation, roles
from services.registry.check import domain as checks
from services.registry.correcting.domain import RULES
from services.registry.deciding import decide
from services.registry.export import domain as exports
from services.registry.household import domain as households
from services.registry.office import changing, opening
from services.registry.person import erasing, identity, standing
from services.registry.reactions import react
from services.registry.rules import calendar, categories, parameters
from services.registry.timers import TIMERS
from services.registry.trial import domain as trials

DECISIONS = (
    access,
    accounts,
    delegation,
    roles,
    checks,
    exports,
    households,
    changing,
    opening,
    erasing,
    identity,
    standing,
    calendar,
    categories,
    parameters,
    trials,
)
"""The modules in which this context decides."""

correct(decide, RULES)
CONTEXT = Context("registry", decide, react, TIMERS)
