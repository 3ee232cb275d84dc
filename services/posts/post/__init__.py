"""Vacancies and public-welfare posts with their places."""
