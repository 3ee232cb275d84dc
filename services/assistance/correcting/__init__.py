"""Corrections of assistance's facts by two persons (X2)."""
