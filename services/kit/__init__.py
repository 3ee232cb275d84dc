"""Shapes and machinery shared by the contexts of the write side."""
