"""Leaving: refusals, reports, the wish; exit, its reversal, lapse (R28–R35)."""
