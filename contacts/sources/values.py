"""Single values out of records of other systems: whatever stands there, text or nothing comes back."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS = re.compile(r"\d{9,11}(?:\.\d{1,9})?")
MILLISECONDS = re.compile(r"\d{12,14}")


def dig(record: Any, path: str) -> Any:
    """What is at ``path`` ("CustomerEndpoint.Address"); None where there is no such thing."""
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def text(record: Any, path: str) -> str:
    """The text or number at ``path``, without white space around it; "" for anything else."""
    value = dig(record, path)
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return ""
    return str(value).strip()


def first_text(record: Any, *paths: str) -> str:
    """The first of ``paths`` at which there is text."""
    return next((found for path in paths if (found := text(record, path))), "")


def maps(record: Any, path: str) -> list[dict[str, Any]]:
    """The objects of the list at ``path``."""
    value = dig(record, path)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def from_epoch(written: str) -> str:
    """Seconds or milliseconds since 1970 as a moment of UTC; anything else as it was written."""
    if MILLISECONDS.fullmatch(written):
        return _moment(timedelta(milliseconds=int(written)))
    if SECONDS.fullmatch(written):
        return _moment(timedelta(seconds=float(written)))
    return written


def _moment(since: timedelta) -> str:
    return (EPOCH + since).strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(".000000Z", "Z")


def seconds(written: str) -> float | None:
    """``written`` as a number of seconds, or None where it is none or longer than a day."""
    return float(written) if re.fullmatch(r"\d{1,5}(?:\.\d{1,9})?", written) else None


def address(written: str) -> str:
    """A number or e-mail address out of a URI such as ``tel:+33…``, ``sip:+33…@host`` or ``whatsapp:+33…``."""
    scheme, colon, rest = written.strip().partition(":")
    if not colon or not re.fullmatch(r"[a-zA-Z]{2,20}", scheme):
        return written.strip()
    rest = rest.partition(";")[0]
    user, at, _host = rest.partition("@")
    is_number = bool(at) and scheme.lower() in ("sip", "sips") and bool(re.fullmatch(r"\+?[\d\s.()-]+", user))
    # A SIP address without a number is an internal user or a device: nothing a customer can be reached by.
    return user if is_number else "" if scheme.lower() in ("sip", "sips") and at else rest.strip()


def parts(written: str) -> list[str]:
    """The names in a cell that holds several, joined by semicolons."""
    return [part.strip() for part in written.split(";") if part.strip()]
