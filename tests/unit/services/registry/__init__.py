"""The registry: its rules as sentences."""
