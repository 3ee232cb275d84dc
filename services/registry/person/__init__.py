"""The person in the register: identity, unemployment registration, allowance, wishes, skills."""
