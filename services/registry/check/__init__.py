"""Checks of the live log: asked for by who watches over it, carried out as a job (X13, P18)."""
