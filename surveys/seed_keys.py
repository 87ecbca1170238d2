"""A seed under lock until its draw: encrypted with a key that is derived from the installation's secret.

Whoever reads the database or one of its backups without that secret does not know whom a draw will take. It is no lock
against whoever runs the installation: against them, an auditor's value is mixed in (surveys.sampling). What was stored
in clear by older versions (64 hexadecimal digits) is read as it is.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken

_LOCKED = "locked:"


def locked(secret: str, seed: bytes) -> str:
    """The text to store for ``seed``; another one each time."""
    return _LOCKED + _box(secret).encrypt(seed).decode("ascii")


def unlocked(secret: str, stored: str) -> bytes | None:
    """The seed of a stored text; None when it was locked with another secret."""
    if not stored.startswith(_LOCKED):
        return bytes.fromhex(stored)
    try:
        return _box(secret).decrypt(stored.removeprefix(_LOCKED).encode("ascii"))
    except InvalidToken:
        return None


def _box(secret: str) -> Fernet:
    """The key is of this use alone: no other one of the same secret meets it."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"satisfecit surveys seeds", "sha256")))
