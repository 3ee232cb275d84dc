"""Every event and every read of personal data as one row each, bodies sealed (P16)."""
