"""The public notice and objections to it (R19, R20, X1)."""
