"""Status reports and monthly follow-up."""
