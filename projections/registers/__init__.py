"""What forms choose from: employers, posts with their free places, accounts, activities (P10)."""
