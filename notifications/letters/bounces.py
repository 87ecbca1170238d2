"""News that a mail of ours did not arrive: the standard kind (RFC 3464), and those that servers make up."""

import re
from dataclasses import dataclass
from email.iterators import typed_subpart_iterator
from email.message import Message

from flufl.bounce import all_failures

from notifications.letters.automatic import is_from_a_server
from notifications.letters.parsing import Letter
from notifications.letters.texts import content_of
from notifications.mails import REFERENCE

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_OUR_HEADER = re.compile(rf"^\s*{REFERENCE}:\s*([0-9a-f]{{32}})\s*$".encode(), re.MULTILINE | re.IGNORECASE)
_OUR_ID = re.compile(rb"^\s*Message-ID:\s*<([0-9a-f]{32})@", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Bounce:
    """One failed delivery: of which message of ours, for good or for now, and the server's reason as a code."""

    public_ids: tuple[str, ...]
    recipient: str | None
    permanent: bool
    code: str


def bounce_in(letter: Letter, raw: bytes) -> Bounce | None:
    """Return what a bounce says; None for any other mail.

    One that follows no standard is believed only from a mail server, and if it returns headers of ours.
    """
    standard = _standard(letter.message)
    ours = _ours(letter.message, raw)
    if standard is not None:
        recipient, permanent, code = standard
        return Bounce(ours, recipient, permanent, code)
    return _made_up(letter, ours) if ours and is_from_a_server(letter) else None


def _standard(message: Message) -> tuple[str | None, bool, str] | None:
    """Read the delivery-status part: failed before delayed; None where there is none that tells of a failure."""
    found = []
    for part in typed_subpart_iterator(message, "message", "delivery-status"):
        blocks = part.get_payload() if part.is_multipart() else []
        found += [told for block in blocks if isinstance(block, Message) and (told := _told(block)) is not None]
    return max(found, key=lambda told: told[1]) if found else None


def _told(block: Message) -> tuple[str | None, bool, str] | None:
    action = str(block.get("Action", "")).strip().lower()
    if not action.startswith(("fail", "error", "delayed")):
        return None
    recipient = (
        str(block.get("Original-Recipient") or block.get("Final-Recipient") or "").rpartition(";")[2].strip(" <>")
    )
    said = f"{block.get('Status', '')} {block.get('Diagnostic-Code', '')}"
    permanent = not action.startswith("delayed")
    return recipient.casefold() or None, permanent, _code(said, permanent)


def _made_up(letter: Letter, ours: tuple[str, ...]) -> Bounce | None:
    try:
        temporary, permanent = all_failures(letter.message)
    except Exception:  # its patterns read what strangers send: no bounce, then, but a mail for a person
        return None
    if not temporary and not permanent:
        return None
    recipient = next(iter(sorted(permanent or temporary))).decode("ascii", "replace").casefold()
    return Bounce(ours, recipient, bool(permanent), _code(letter.text[:5000], bool(permanent)))


def _code(said: str, permanent: bool) -> str:
    """Return the enhanced status (RFC 3463) as a code, the same that a server's refusal has while we send."""
    statuses = [found[0] for found in _STATUS.finditer(said)]
    wanted = "5" if permanent else "4"
    # A delivery given up after days of 4.x.x is over all the same; the reason it gives stays the reason.
    return f"mail-{next((one for one in statuses if one.startswith(wanted)), statuses[0] if statuses else wanted)}"


def _ours(message: Message, raw: bytes) -> tuple[str, ...]:
    """Return the ids of our messages among the headers it sends back, as they are or wrapped for the journey."""
    wrapped = [content_of(part) for part in typed_subpart_iterator(message, "text", "rfc822-headers")]
    returned = b"\n".join([raw, *wrapped])
    found = [*_OUR_HEADER.findall(returned), *_OUR_ID.findall(returned)]
    return tuple(dict.fromkeys(one.decode() for one in found))
