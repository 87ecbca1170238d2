"""Taking messages from the outbox to a provider: lease, commit, send without a connection, record, commit.

A message is never sent blindly a second time. What may or may not have gone out is
looked up in the provider's own list; only what is certainly not there goes again.
"""
