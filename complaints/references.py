"""The reference of a case and the code that opens it: what is dictated, and what is typed back.

``R-2026-000123-K``: year of registration, number within the year, check character.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

#: Without I, O and U, which are taken for 1, 0 and V. Twenty-three is prime, so any single error shows.
CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
#: Letters that sound apart in French and in English, and figures; without 0 and 1.
CODE_LETTERS = "23456789AFHJKLMQRWXYZ"
CODE_LENGTH, CODE_GROUP = 16, 4  # 21 ** 16 is above 2 ** 70
#: Any number would do; with this one R-2026-000123-K, which examples print, is a true reference.
SHIFT = 17
_SHAPE = re.compile(r"R(\d{4})(\d{6,7})([A-Z])")
_LOOKALIKES = str.maketrans({"O": "0", "I": "1"})


@dataclass(frozen=True)
class Reference:
    """A year and a number within it."""

    year: int
    number: int

    def __str__(self) -> str:
        digits = f"{self.year}{self.number:06d}"
        return f"R-{digits[:4]}-{digits[4:]}-{check_letter(digits)}"


def check_letter(digits: str) -> str:
    """Return the letter that goes with ``digits``.

    Each place weighs twice the one to its right, modulo 23: no two neighbours weigh the same, so a
    swap of two figures changes the letter as any single wrong figure does.
    """
    weighted = sum(int(digit) * pow(2, place, 23) for place, digit in enumerate(reversed(digits), start=1))
    return CHECK_LETTERS[(weighted + SHIFT) % 23]


def read_reference(typed: str) -> Reference | None:
    """Return the reference meant by ``typed``, with or without dashes, blanks and capitals; None if it is wrong."""
    found = _SHAPE.fullmatch(re.sub(r"[\W_]", "", typed.upper()).translate(_LOOKALIKES))
    if found is None or check_letter(found[1] + found[2]) != found[3]:
        return None
    return Reference(int(found[1]), int(found[2]))


def follow_code(key: bytes, uid: str) -> str:
    """Return the code that opens the case ``uid``, in groups of four.

    A keyed function of the case, so that it can be told again without being stored.
    """
    value = int.from_bytes(_keyed(key, "code", uid))
    letters = []
    for _ in range(CODE_LENGTH):
        value, index = divmod(value, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[index])
    code = "".join(letters)
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, CODE_LENGTH, CODE_GROUP))


def code_hash(key: bytes, typed: str) -> str:
    """Return what is stored of a code: a keyed hash, the same with or without dashes and capitals."""
    return _keyed(key, "hash", re.sub(r"[\W_]", "", typed.upper())).hex()


def same_code(stored_hash: str, key: bytes, typed: str) -> bool:
    """Whether ``typed`` is the code behind ``stored_hash``; takes the same time either way."""
    return hmac.compare_digest(stored_hash, code_hash(key, typed))


def derive_key(secret: str) -> bytes:
    """Return the key of this package, made from the installation's secret."""
    return hashlib.sha256(b"complaints/follow/" + secret.encode()).digest()


def _keyed(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()
