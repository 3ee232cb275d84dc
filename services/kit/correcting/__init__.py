"""Corrections of recorded facts by two persons (X2): one implementation for every context."""

from services.kit.correcting.decisions import correct
from services.kit.correcting.rules import Correction, Rules, Whose, kinds_of, recorded_by

__all__ = ["Correction", "Rules", "Whose", "correct", "kinds_of", "recorded_by"]
