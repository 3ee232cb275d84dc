"""Who lives which story: how many of each kind, who they are, when they come."""

from __future__ import annotations
