"""The accounts of the offices and the roles they hold, given with four eyes (R23, R82)."""
