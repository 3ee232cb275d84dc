"""Decisions of the write side, without network or disk."""
