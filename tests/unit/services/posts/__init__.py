"""Posts: their rules as sentences."""
