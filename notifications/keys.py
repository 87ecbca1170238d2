"""The key addresses are hashed with, as the running application holds it."""

from flask import current_app

from notifications import hashing


def address_key() -> bytes:
    """Return the key that app.py derived from the installation's secret at start-up."""
    return hashing.derive_key(current_app.config["SECRET_KEY"])


def hash_of(address: str) -> str:
    """Return the hash under which this installation remembers ``address``."""
    return hashing.address_hash(address_key(), address)
