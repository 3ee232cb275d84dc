"""Exports: masked ones run at once, unmasked ones after a second signature (X15)."""
