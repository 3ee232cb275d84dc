"""The 台账: one row per person and per household, each cell with the events it comes from (R36)."""
