"""The decisions of this context, registered by command."""

from __future__ import annotations

from services.kit.decider import Deciders

decide = Deciders()
