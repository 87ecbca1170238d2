"""What cannot be rewritten: entries, the sealer and the chain."""
