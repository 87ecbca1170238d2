"""What the installation holds for this package: the key of the codes, and where complainants follow their case."""

from flask import current_app

from complaints import references


def case_key() -> bytes:
    """Return the key that codes are made and checked with."""
    return references.derive_key(current_app.config["SECRET_KEY"])


def follow_address() -> str:
    """Return the address printed in letters and messages."""
    return f"{current_app.config['PUBLIC_URL']}/follow"
