"""The household: who shares a household book, and how each member counts (R14, X7)."""
