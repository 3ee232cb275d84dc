"""Services delivered to a person, invitations and attendance."""
