"""The application: filing, registration, return and resubmission (R6–R19, X9)."""
