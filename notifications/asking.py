"""What can be asked of the outbox, and what cannot be sent at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.errors import NotificationRefused
from notifications.promotion import REDRESS, found_in
from notifications.segments import cost
from notifications.states import CHANNELS, CLASSES, PURPOSES
from notifications.windows import Window

# What the provider takes at most in one message; more would be cut or go out as several.
LONGEST_SMS = 1600
MOST_PARTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """One message somebody asks for, frozen as it is.

    ``business_key`` makes asking twice one message. ``priority`` 0 (a person waits for
    it) goes before 1. ``window`` None lets it go out at any hour; else it waits for the
    next lawful moment in ``zone`` and ``region``. ``secrets`` are words of the body to be
    masked, like the tokens of its links, once the message is final. ``text_id`` is the
    version of the text it was written from. ``quoted`` are words of the message that
    name what it is about and are not ours.
    """

    channel: str
    recipient: str
    body: str
    purpose: str
    business_key: str
    principal_id: int | None = None
    site_id: int | None = None
    subject: str = ""
    html: str | None = None
    brand: str = ""
    sender: str = ""
    subject_key: str = ""
    language: str = "fr"
    zone: str = "Europe/Paris"
    region: str = "metropole"
    not_before: datetime | None = None
    expires_at: datetime | None = None
    priority: int = 1
    window: Window | Mapping[str, Any] | None = None
    message_class: str = "relation"
    secrets: Sequence[str] = ()
    text_id: int | None = None
    quoted: Sequence[str] = ()

    def window_document(self) -> Mapping[str, Any] | None:
        """Return the window as plain values."""
        return self.window.document() if isinstance(self.window, Window) else self.window


def checked_parts(new: NewMessage) -> int:
    """Return how many parts ``new`` costs.

    Raises NotificationRefused for an unknown kind, an empty text, one that is too long, and one of class relation
    that advertises.
    """
    _check_kind(new)
    if not new.recipient or not new.body.strip():
        raise NotificationRefused("empty")
    if words := _advertising(new):
        raise NotificationRefused("promotional", words=words)
    if new.channel != "sms":
        return 1
    parts = cost(new.body).parts
    if len(new.body) > LONGEST_SMS or parts > MOST_PARTS:
        raise NotificationRefused("too-long", parts=parts, characters=len(new.body))
    return parts


def _advertising(new: NewMessage) -> list[str]:
    """The words of a message of class relation that advertise.

    A letter about a complaint quotes people, who may write what they like: its text was looked at when it was saved.
    """
    if new.message_class != "relation" or new.purpose in REDRESS:
        return []
    return found_in(f"{new.subject}\n{new.body}", new.purpose, new.brand, *new.quoted)


def _check_kind(new: NewMessage) -> None:
    for code, value, known in (
        ("unknown-channel", new.channel, CHANNELS),
        ("unknown-purpose", new.purpose, PURPOSES),
        ("unknown-class", new.message_class, CLASSES),
    ):
        if value not in known:
            raise NotificationRefused(code, value=value)
