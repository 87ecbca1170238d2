"""Who may do what: users, roles and scope."""
