"""The ground that every package stands on."""
