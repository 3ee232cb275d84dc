"""Closing Kafka clients whatever state the cluster is in."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any, Self

STOP_SECONDS = 5.0


class Connected(ABC):
    """Connections for the length of a block; closed also where they could not all be opened."""

    @abstractmethod
    async def open(self) -> None:
        """Connect."""

    @abstractmethod
    async def close(self) -> None:
        """Disconnect, whatever was opened."""

    async def __aenter__(self) -> Self:
        """Connect; what was opened is closed where that fails."""
        try:
            await self.open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self.close()


async def close_quietly(client: Any) -> None:  # noqa: ANN401 - aiokafka ships no types
    """Stop a consumer, producer or admin client; bounded, and silent about what goes wrong.

    While a broker is away aiokafka's own `stop` ends in a CancelledError of one of its inner tasks
    and leaves the connections open, so these are closed after it.
    """
    await _finished(client.close() if hasattr(client, "close") else client.stop())
    inner = vars(client).get("_client") or vars(client).get("client")
    if inner is not None:
        await _finished(inner.close())


async def _finished(work: Any) -> None:  # noqa: ANN401 - aiokafka ships no types
    task = asyncio.ensure_future(work)
    await asyncio.wait([task], timeout=STOP_SECONDS)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
