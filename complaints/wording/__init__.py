"""What complainants are written, in French and English; data, not sentences of pages."""
