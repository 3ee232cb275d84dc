"""Every read model of the node, in one list: adding one means adding it here."""

from __future__ import annotations

from typing import Any

from projections.audit_trail.model import AuditTrail
from projections.engine.projection import Projection
from projections.ledger.model import Ledger
from projections.registers.model import Registers


def read_models() -> tuple[Projection[Any], ...]:
    """Return the read models, fresh."""
    return (Ledger(), AuditTrail(), Registers())
