"""Offers of a job to a person."""
