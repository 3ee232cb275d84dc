"""Trials: the recorded history judged under other rules, with four eyes (R2, X17)."""
