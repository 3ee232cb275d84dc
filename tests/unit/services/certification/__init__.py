"""Certification: the chain, the conditions, leaving, the household."""
