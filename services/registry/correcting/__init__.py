"""Corrections of the registry's facts by two persons (X2)."""
