"""Why a projection stops or steps aside; each error carries its data."""

from __future__ import annotations


class HoleError(Exception):
    """Events of a slice are missing between its watermark and a record; pull them from the log."""

    code = "projection_hole"

    def __init__(self, source: str, slice_: int, watermark: int) -> None:
        super().__init__(f"slice {slice_} of {source} misses events after {watermark}")
        self.source = source
        self.slice = slice_
        self.watermark = watermark


class ForkedError(Exception):
    """A record's predecessor lies below the watermark: two histories; only a rebuild helps."""

    code = "projection_forked"

    def __init__(self, source: str, slice_: int, seq: int) -> None:
        super().__init__(f"event {seq} of slice {slice_} of {source} belongs to another history")
        self.source = source
        self.slice = slice_
        self.seq = seq


class EpochChangedError(Exception):
    """The log of a node was forked: the projection waits for its rebuild."""

    code = "projection_epoch_changed"

    def __init__(self, source: str, ours: int, theirs: int) -> None:
        super().__init__(f"{source} is in epoch {theirs}, the projection in {ours}: rebuild it")
        self.source = source
        self.ours = ours
        self.theirs = theirs


class OwnershipLostError(Exception):
    """Another process holds the lease of these slices."""

    code = "projection_displaced"

    def __init__(self, projection: str, lease: int) -> None:
        super().__init__(f"lease {lease} of {projection} was taken over by another process")
        self.projection = projection
        self.lease = lease


class BuildReplacedError(Exception):
    """Readers see another build now: open that one."""

    code = "projection_replaced"

    def __init__(self, projection: str, build: int) -> None:
        super().__init__(f"{projection} goes on in build {build}")
        self.projection = projection
        self.build = build


STOPPING = (EpochChangedError, ForkedError, OwnershipLostError)
"""Errors after which a projection does nothing until somebody acts."""
