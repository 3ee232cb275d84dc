"""What a read model is: a pure fold of events into rows, and how its rows are kept.

A row is written from one slice only: every event that reaches it has the same subject.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

import asyncpg

from events.contracts.base import Recorded
from events.rules.directory import Directory

R = TypeVar("R")

AsOf: TypeAlias = Callable[[int], Directory]
"""Gives the directory as it was at a seq."""

Cell: TypeAlias = Hashable
"""What a contribution adds to, for instance (metric, office, valid day)."""

Deltas: TypeAlias = Mapping[tuple[Cell, date, int], int]
"""Amounts to add per cell, known day and slice; zeros are left out."""


@dataclass(slots=True)
class Change(Generic[R]):
    """A row before and after a batch; `old` None = it is new, `new` None = it goes away.

    `subject`, `slice` and `source` are those of its events.
    """

    key: str
    old: R | None
    new: R | None
    source: str
    subject: str
    slice: int


class Foldable(Protocol[R]):
    """The pure part of a read model."""

    def project(self, row: R | None, fact: Recorded[Any], directory: Directory) -> R | None:
        """Return the row after a fact; the directory is as of the fact's seq."""
        ...


class Projection(Foldable[R], Protocol[R]):
    """A read model. `project` is pure; `load` and `save` are one statement per table and batch."""

    @property
    def name(self) -> str:
        """Name the read model; letters and underscores."""
        ...

    @property
    def version(self) -> int:
        """Number the code: another number is built anew beside the running one."""
        ...

    @property
    def ddl(self) -> str:
        """Create its tables, unqualified, with their indexes and policies."""
        ...

    @property
    def tables(self) -> Mapping[str, str]:
        """Name the tables that readers see, each with its key columns (for comparisons)."""
        ...

    @property
    def types(self) -> frozenset[str] | None:
        """Name the event types it folds; None means every one. Its watermark sees all."""
        ...

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the key of the row that a fact changes, None when it changes none."""
        ...

    async def load(self, connection: asyncpg.Connection, keys: Sequence[str]) -> dict[str, R]:
        """Return the rows that exist, by key."""
        ...

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[R]]) -> None:
        """Write a batch's changed rows."""
        ...


@runtime_checkable
class Verbatim(Protocol):
    """A read model that shows events as they stand: it is given neither body nor directory."""

    verbatim: bool


@runtime_checkable
class Contributing(Protocol):
    """A read model whose rows add up to figures: the engine subtracts the old row's share."""

    def contributions(self, row: Any) -> Iterable[tuple[Cell, int]]:  # noqa: ANN401 - its own row type
        """Return what a row adds, cell by cell. Pure."""
        ...

    async def save_deltas(self, connection: asyncpg.Connection, deltas: Deltas) -> None:
        """Add amounts to the figures, in the transaction of the rows."""
        ...


@runtime_checkable
class Planned(Protocol):
    """A read model with days that are open until something happens."""

    async def open_keys(
        self, connection: asyncpg.Connection, slices: Sequence[int]
    ) -> list[tuple[str, int]]:
        """Return the keys of the rows with open days in these slices, each with its slice."""
        ...

    def replan(self, row: Any, seq: int, as_of: AsOf) -> Any:  # noqa: ANN401 - its own row type
        """Return the row planned by the directory as of a seq, or of its own last event if later.

        Pure; the same row where nothing moves.
        """
        ...
