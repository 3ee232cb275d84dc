"""Field types that the commands of certification share."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field

from events.contracts.base import CaseId, EventId, PersonId, Privacy

T = TypeVar("T")

Hidden = Annotated[T, Privacy.SEALED]
"""A personal value as a wish carries it: always clear, sealed before it is kept."""

Which: TypeAlias = Annotated[CaseId, Field(title="认定编号", description="The certification")]
Whom: TypeAlias = Annotated[PersonId, Field(title="人员", description="The person")]
Proposal: TypeAlias = Annotated[
    EventId, Field(title="提议", description="The proposal that is decided")
]
