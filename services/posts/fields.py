"""Field types that the commands of posts share."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field

from events.contracts.base import OfferId, PersonId, PostId, Privacy

T = TypeVar("T")

Hidden = Annotated[T, Privacy.SEALED]
"""A personal value as a wish carries it: always clear, sealed before it is kept."""

Whom: TypeAlias = Annotated[PersonId, Field(title="人员", description="Person")]
WhichPost: TypeAlias = Annotated[PostId, Field(title="岗位", description="Post")]
WhichOffer: TypeAlias = Annotated[OfferId, Field(title="岗位提供记录", description="Offer")]
