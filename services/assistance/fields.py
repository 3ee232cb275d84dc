"""Field types that assistance's commands share."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field

from events.contracts.base import CaseId, Privacy

T = TypeVar("T")

Hidden = Annotated[T, Privacy.SEALED]
"""A personal value as a wish carries it: always clear, sealed before it is kept."""

WhichCase: TypeAlias = Annotated[
    CaseId, Field(title="个案", description="The certification whose file it concerns")
]
