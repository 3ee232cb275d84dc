"""Tests without network and disk; the folders mirror the source tree."""
