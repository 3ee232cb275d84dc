"""The same history judged under other rules: who would have been certified, who would have left."""
