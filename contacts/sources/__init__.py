"""Ready-made mappings: the files of telephone systems and desks, read as they come."""
