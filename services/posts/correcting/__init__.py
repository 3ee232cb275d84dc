"""Corrections of posts' facts by two persons (X2)."""
