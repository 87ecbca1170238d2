"""The headers of an e-mail: decoded, on one line, and believed only as far as they can be true."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from notifications.letters.texts import clean

# Where a mail says to whom it was written, and where a server wrote down who it was for.
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,398}>")
_LONGEST, _MOST = 400, 50
# No address is longer (RFC 3696), and no column takes more.
_LONGEST_ADDRESS = 320


def value(message: Message, name: str) -> str:
    """Return a header's words; "" when there is none."""
    return clean(" ".join(decoded(next(_raw(message, name), "")).split()))[:_LONGEST]


def sender(message: Message) -> tuple[str, str]:
    """Return the name and the address, in small letters, of who wrote; two empty texts when it does not say."""
    found = _addresses(message, "From") or _addresses(message, "Sender") or _addresses(message, "Reply-To")
    name, address = found[0] if found else ("", "")
    return name[:200], address


def recipients(message: Message) -> tuple[str, ...]:
    """Return every address it was written to or handed on to, in small letters."""
    return tuple(dict.fromkeys(address for name in _RECIPIENTS for _, address in _addresses(message, name)))


def answers(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs it refers to, the nearest first."""
    nearest = [*message_ids(message, "In-Reply-To"), *reversed(message_ids(message, "References"))]
    return tuple(dict.fromkeys(nearest))[:_MOST]


def message_ids(message: Message, name: str) -> list[str]:
    """Return the Message-IDs in a header, as they stand there, at most the last fifty."""
    return _MESSAGE_ID.findall(clean(" ".join(_raw(message, name))))[-_MOST:]


def date(message: Message) -> datetime | None:
    """Return when its writer says to have sent it; None where that is no moment in a zone."""
    try:
        moment = parsedate_to_datetime(next(_raw(message, "Date"), ""))
        return moment if moment.utcoffset() is not None else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def language(message: Message) -> str:
    """Return the language the mail says it is in, as two letters, or ""."""
    found = re.match(r"[a-z]{2}\b", value(message, "Content-Language").lower())
    return found[0] if found else ""


def decoded(written: str) -> str:
    """Return a header's words; what cannot be decoded stays readable rather than raising."""
    # Unfolded first: the blank that begins a new line would be lost with it.
    written = re.sub(r"\s+", " ", _from_bytes(written))
    try:
        pieces = decode_header(written)
    except (HeaderParseError, ValueError):
        return written
    return "".join(_text(piece, charset) for piece, charset in pieces)


def _raw(message: Message, name: str) -> Iterator[str]:
    return (str(one)[:10_000] for header, one in message.raw_items() if header.lower() == name.lower())


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    written = [_from_bytes(one) for one in _raw(message, name)]
    pairs = ((clean(decoded(shown)), clean(address).strip().casefold()) for shown, address in getaddresses(written))
    return [(shown, address) for shown, address in pairs if _is_address(address)][:_MOST]


def _is_address(written: str) -> bool:
    return len(written) <= _LONGEST_ADDRESS and re.fullmatch(r"[^\s@]+@[^\s@]+", written) is not None


def _from_bytes(written: str) -> str:
    """Undo the surrogates under which bytes beyond ASCII were kept, in the encoding they most likely have."""
    try:
        return written.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeEncodeError:
        return written
    except UnicodeDecodeError:
        return written.encode("ascii", "surrogateescape").decode("cp1252", "replace")


def _text(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    for encoding in (charset or "utf-8", "utf-8", "cp1252"):
        try:
            return piece.decode(encoding)
        except (LookupError, ValueError):
            continue
    return piece.decode("latin-1")
