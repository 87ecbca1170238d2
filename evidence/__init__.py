"""What the auditor takes: the binder and its verifier."""
