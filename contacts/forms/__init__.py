"""What may be typed about contacts, their import, their periods, principals and sites."""
