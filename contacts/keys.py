"""The keys of this package: pseudonyms of agents, and addresses that can be recognised but not read."""

import hashlib
import hmac
from functools import lru_cache

from flask import current_app

#: What a contact's name in its log is replaced by begins like this.
ERASED = "erased:"


def agents_secret() -> str:
    """SATISFECIT_ADDRESS_KEY, else the installation's secret.

    As with addresses, the secret of today may be kept as ADDRESS_KEY when it is changed tomorrow: with another one
    every agent becomes somebody else.
    """
    return str(current_app.config.get("ADDRESS_KEY") or current_app.config["SECRET_KEY"])


@lru_cache(maxsize=8)
def _derived(secret: str) -> bytes:
    """This package's own key, so that its hashes meet those of no other use of the secret."""
    return hmac.digest(secret.encode(), b"satisfecit contacts people", "sha256")


def _key() -> bytes:
    return _derived(agents_secret())


def _keys() -> list[bytes]:
    former = current_app.config.get("ADDRESS_KEY_PREVIOUS")
    return [_key(), *([_derived(former)] if former else [])]


def key_name() -> str:
    """Sixteen hexadecimal digits that name the key in use and tell nothing of it."""
    return hmac.digest(_key(), b"name of this key", "sha256").hex()[:16]


def mark_of(address: str) -> str:
    """The hash under which ``address`` (E.164, or an e-mail in any case) is remembered."""
    return _marked(_key(), "address", address.strip().casefold())


def marks_of(address: str) -> list[str]:
    """Every hash under which it may be remembered, the present key's first."""
    return [_marked(key, "address", address.strip().casefold()) for key in _keys()]


def evidence_hash(evidence: str) -> str:
    """The hash of what a rule compared."""
    return _marked(_key(), "evidence", evidence)


def erased_id(principal_id: int, source: str, external_id: str) -> str:
    """What stands instead of a contact's name in its log, once nobody may find its person there."""
    return ERASED + _marked(_key(), "contact", f"{principal_id}|{source}|{external_id}")


def erased_ids(principal_id: int, source: str, external_id: str) -> list[str]:
    """Every name it may stand under."""
    text = f"{principal_id}|{source}|{external_id}"
    return [ERASED + _marked(key, "contact", text) for key in _keys()]


def _marked(key: bytes, kind: str, text: str) -> str:
    return hmac.digest(key, f"{kind}|{text}".encode(), hashlib.sha256).hex()
