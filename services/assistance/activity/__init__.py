"""Activities that an office organises."""
