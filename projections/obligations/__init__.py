"""Duties with a clause, an owner, a last day and how they ended (domain.md C4)."""
