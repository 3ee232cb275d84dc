"""Tests of every promise."""
