"""Corrections: which facts, by whom, and what they change (X2)."""
