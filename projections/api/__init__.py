"""Queries over HTTP: read models answered within the asker's area, sealed values left sealed."""

from projections.api.app import read_app
from projections.api.side import ReadSide

__all__ = ["ReadSide", "read_app"]
