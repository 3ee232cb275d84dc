"""Field types that the registry's commands share."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field

from events.contracts.base import PersonId, Privacy

T = TypeVar("T")

Hidden = Annotated[T, Privacy.SEALED]
"""A personal value as a wish carries it: always clear, sealed before it is kept."""

Whom: TypeAlias = Annotated[
    PersonId, Field(title="人员", description="The person of the register whom it concerns")
]
