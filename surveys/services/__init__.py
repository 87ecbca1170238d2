"""What can be done to surveys, one function an act."""
