"""The zero-employment household as a certified one (R14, R87)."""
