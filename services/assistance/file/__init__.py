"""A person's assistance file: agreement, helper, plan."""
