"""What can be asked about surveys; rows come back, nothing changes."""
