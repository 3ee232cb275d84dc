"""The read models as they were known at any point, folded again from the log (R41, design.md 8)."""
