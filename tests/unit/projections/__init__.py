"""Read models, pure."""
