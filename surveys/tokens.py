"""The secret part of a survey link.

A token is a keyed function of the invitation and an issue number, so a reminder can print the same link again
without the token being stored; only its hash is. The alphabet has no look-alikes (no 0 o 1 l i u), no vowel
(no word comes out by accident), and only letters that every SMS alphabet and every link recogniser takes.
"""

import hashlib
import hmac

ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
LENGTH = 14  # 28 ** 14 is over 67 bits


def derive(secret: str, invitation_id: int, issue: int) -> str:
    """The token of the ``issue``-th link of an invitation: LENGTH letters of ALPHABET."""
    return _derived(secret, b"survey token", f"{invitation_id}:{issue}")


def poster_key(secret: str, poster_id: int, issue: int) -> str:
    """The key in the address of a poster, made as a token is."""
    return _derived(secret, b"poster key", f"{poster_id}:{issue}")


def poster_token(secret: str, poster_id: int, form_key: str) -> str:
    """The token of an interview begun at a poster with the form of that key.

    The key was drawn by lot for one page of one browser, so the same form sent twice is one interview, whose link
    nobody else knows.
    """
    return _derived(secret, b"poster interview", f"{poster_id}:{form_key}")


def _derived(secret: str, purpose: bytes, name: str) -> str:
    key = hmac.digest(secret.encode(), purpose, "sha256")
    rest = int.from_bytes(hmac.digest(key, name.encode(), "sha256"), "big")
    letters = []
    for _ in range(LENGTH):
        rest, letter = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def token_hash(token: str) -> str | None:
    """What is stored and looked up, or None for what can be no token. Capitals and outer spaces are forgiven."""
    token = token.strip().lower()
    if len(token) != LENGTH or set(token) - set(ALPHABET):
        return None
    return hashlib.sha256(token.encode()).hexdigest()
