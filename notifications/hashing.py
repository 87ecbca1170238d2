"""Keyed hashes: an address that can be recognised but not read, and the token of an opt-out link."""

import base64
import hashlib
import hmac
from functools import lru_cache


@lru_cache(maxsize=8)
def derive_key(secret: str) -> bytes:
    """Return this package's own key from the installation's secret, so that no other use of it meets ours."""
    return hmac.digest(secret.encode(), b"satisfecit notifications addresses", "sha256")


def key_name(key: bytes) -> str:
    """Return sixteen hexadecimal digits that name a key and tell nothing of it."""
    return hmac.new(key, b"name of this key", hashlib.sha256).hexdigest()[:16]


# Whoever queues or claims a batch asks twice: for the row, and for the stops.
@lru_cache(maxsize=1024)
def address_hash(key: bytes, address: str) -> str:
    """Return the hash under which ``address`` (E.164, or an e-mail in any case) is remembered."""
    return hmac.digest(key, b"address|" + address.strip().casefold().encode(), "sha256").hex()


def keyed_hash(key: bytes, kind: str, text: str) -> str:
    """Return a hash that tells equal texts of a ``kind`` apart from others, and nothing else about them."""
    return hmac.digest(key, f"{kind}|{text}".encode(), "sha256").hex()


def opt_out_token(key: bytes, address: str, principal_id: int | None) -> str:
    """Return the 80-bit token of the opt-out page of one address and principal; always the same."""
    text = f"opt-out|{address.strip().casefold()}|{principal_id or 'all'}"
    digest = hmac.digest(key, text.encode(), "sha256")
    return base64.b32encode(digest[:10]).decode().lower()


def token_hash(token: str) -> str:
    """Return the hash by which a token is looked up; the token itself is stored nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def thread_name(key: bytes, subject_key: str) -> str:
    """Return what all e-mails about one matter have in common, the same for ever."""
    return "thread." + hmac.new(key, b"thread|" + subject_key.encode(), hashlib.sha256).hexdigest()[:32]
