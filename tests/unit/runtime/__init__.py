"""The runtime without network or disk."""
