"""Employers, a register of outside offices."""
