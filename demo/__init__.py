"""A contact centre to look at, made through the services as a user would."""
