"""Judging again when a condition changed (X5, AS 29)."""
