"""The web console: a client of the two public HTTP APIs, with no way of its own to the data."""
