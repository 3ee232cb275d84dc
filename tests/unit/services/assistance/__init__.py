"""Assistance: its rules as sentences."""
