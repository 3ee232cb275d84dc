"""Batches of organised labour export."""
