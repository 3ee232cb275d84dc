"""Rules as data: parameters with four eyes, city categories, the calendar (X17, R16, X18)."""
