"""The words of a part, whatever its encoding says, and of a page of HTML."""

import re
from email.message import Message

from inscriptis import get_text

_MOST_MARKUP = 1_000_000
# Nobody types these: they hide words, or turn them round.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Return ``text`` with plain line ends and without characters that steer a page or that no database takes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode()


def text_of(part: Message) -> tuple[str, bool]:
    """Return a part's text and whether its encoding was not what it said."""
    raw = content_of(part)
    for encoding, lied in ((part.get_content_charset() or "utf-8", False), ("utf-8", True), ("cp1252", True)):
        try:
            return raw.decode(encoding), lied
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1"), True


def text_of_html(markup: str) -> str:
    """Return the words of a page; nothing it names is fetched."""
    try:
        return get_text(markup[:_MOST_MARKUP])
    except Exception:  # a page that the library cannot lay out still has words
        return re.sub(r"<[^>]*>", " ", markup[:_MOST_MARKUP])


def content_of(part: Message) -> bytes:
    """Return the bytes of a part, as they were before they were wrapped for the journey."""
    try:
        if part.is_multipart():
            return b"".join(inside.as_bytes() for inside in part.get_payload() if isinstance(inside, Message))
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        return b""
    return raw if isinstance(raw, bytes) else b""
