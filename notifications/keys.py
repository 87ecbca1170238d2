"""The keys addresses are hashed with, as the running application holds them."""

from flask import current_app

from notifications import hashing


def address_key() -> bytes:
    """Return the key of the addresses: from SATISFECIT_ADDRESS_KEY, else from the installation's secret.

    Both are derived alike, so the secret of today may be kept as ADDRESS_KEY when it is changed tomorrow.
    """
    return hashing.derive_key(current_app.config.get("ADDRESS_KEY") or current_app.config["SECRET_KEY"])


def former_key() -> bytes | None:
    """Return the key that was used before, while one is set: what it hashed is still recognised."""
    former = current_app.config.get("ADDRESS_KEY_PREVIOUS")
    return hashing.derive_key(former) if former else None


def keys() -> list[bytes]:
    """Return every key an address may be remembered under, the present one first."""
    return [key for key in (address_key(), former_key()) if key is not None]


def key_names() -> set[str]:
    """Return the names of the keys in use; a stop kept under any other cannot be recognised."""
    return {hashing.key_name(key) for key in keys()}


def hash_of(address: str) -> str:
    """Return the hash under which this installation remembers ``address``."""
    return hashing.address_hash(address_key(), address)


def hashes_of(address: str) -> list[str]:
    """Return every hash under which ``address`` may be remembered, the present key's first."""
    return [hashing.address_hash(key, address) for key in keys()]


def thread_of(subject_key: str) -> str:
    """Return the name that all e-mails about ``subject_key`` share, which tells nothing of it; "" for none."""
    return hashing.thread_name(address_key(), subject_key) if subject_key else ""
