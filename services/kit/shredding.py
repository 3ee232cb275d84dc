"""Destroys a person's key once two hands have decided it (A14, AS 48).

The log keeps every byte, so every proof holds; what was sealed under the key opens nowhere again.
"""

from __future__ import annotations

from typing import Any, ClassVar

from events.contracts.base import Recorded
from events.contracts.registry import SubjectShredded
from services.kit.keyring import Keyring
from services.kit.loading import Loader


class Shredder:
    """Wipes key and search hashes of every subject that was shredded; a rerun changes nothing."""

    watched: ClassVar[frozenset[str]] = frozenset({SubjectShredded.type})

    def __init__(self, keyring: Keyring, loader: Loader) -> None:
        self._keyring, self._loader = keyring, loader

    async def __call__(self, facts: list[Recorded[Any]]) -> None:
        """Destroy what some facts want destroyed. Raises KeysUnavailableError."""
        subjects = {fact.subject for fact in facts if fact.type in self.watched}
        if subjects:
            await self._keyring.destroy(subjects)
            self._loader.forget_opened()
