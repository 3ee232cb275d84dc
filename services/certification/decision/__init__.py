"""The county's decision, the annotation, and the city's review (R22–R25, X3)."""
