"""Every read model of the node, in one list: adding one means adding it here."""

from __future__ import annotations

from typing import Any

from projections.audit_trail.model import AuditTrail
from projections.cube.model import Cube
from projections.engine.projection import Projection
from projections.engine.readmodel import Kept
from projections.ledger.model import Ledger
from projections.obligations.model import Obligations
from projections.registers.model import Registers


def read_models() -> tuple[Projection[Any], ...]:
    """Return the read models, fresh."""
    return (Ledger(), AuditTrail(), Registers(), Kept(Obligations()), Kept(Cube()))
