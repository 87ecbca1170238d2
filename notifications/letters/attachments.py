"""What is attached to an e-mail: its name, kind and size; it is never opened."""

from dataclasses import dataclass
from email.message import Message

from notifications.letters.headers import decoded
from notifications.letters.texts import clean, content_of

MOST_ATTACHMENTS = 50


@dataclass(frozen=True)
class Attachment:
    """One attached file; ``name`` is what it calls itself, to be shown and never to be written to. Size in bytes."""

    name: str
    media_type: str
    size: int


def attachments_of(parts: list[Message]) -> tuple[Attachment, ...]:
    """Return what is attached, in order, at most the first fifty."""
    others = [part for part in parts if is_attached(part) or part.get_content_maintype() != "text"]
    others = [part for part in others if part.get_content_type() != "message/delivery-status"]
    return tuple(_attachment(part) for part in others[:MOST_ATTACHMENTS])


def is_attached(part: Message) -> bool:
    """Whether a part is a file rather than words of the mail."""
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _attachment(part: Message) -> Attachment:
    return Attachment(_name(part), part.get_content_type()[:100], len(content_of(part)))


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        return "?"
    return clean(" ".join(decoded(name).split()))[:200]
