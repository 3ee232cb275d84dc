"""Corrections of recorded facts by two persons (X2): one implementation for every context."""

from services.kit.correcting.decisions import correct
from services.kit.correcting.rules import Correction, Rules, Whose, about, kinds_of, recorded_by

__all__ = ["Correction", "Rules", "Whose", "about", "correct", "kinds_of", "recorded_by"]
