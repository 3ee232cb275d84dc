"""A person's work: placements, confirmations, ends."""
