"""Corrections of certification's facts by two persons (X2)."""
