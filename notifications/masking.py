"""What a list or a log may show of an address, and what is left of a text once its message is final."""

import re
from collections.abc import Iterable

HIDDEN = "•••"
# What opens a case, as a letter that somebody quotes writes it: four groups of four signs.
_CODE = re.compile(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b", re.IGNORECASE)
# The tokens of our own addresses (survey, opt-out, new password): whoever reads one could act as its owner.
_TOKEN = re.compile(r"(/(?:[so]|accounts/reset)/)[A-Za-z0-9_~.-]{7,}[A-Za-z0-9_~-]")


def mask_address(address: str) -> str:
    """Return enough of a number or an e-mail address to recognise it, not enough to use it."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}{HIDDEN}@{domain}"
    return f"{address[:4]}{HIDDEN}{address[-2:]}" if len(address) > 8 else HIDDEN


def mask_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without the tokens of its links and without ``secrets``."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _TOKEN.sub(rf"\1{HIDDEN}", text)


def mask_quoted(text: str) -> str:
    """Return what somebody wrote without the codes and tokens of our letters that it quotes."""
    return mask_text(_CODE.sub(HIDDEN, text))
