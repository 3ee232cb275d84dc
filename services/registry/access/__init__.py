"""The read log of a person: reads, reveals, emergency access (X14, X15)."""
