"""Forms of the satisfaction pages, and the words they share."""
