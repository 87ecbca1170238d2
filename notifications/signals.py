"""News from this package, sent inside the sender's transaction."""

from dataclasses import dataclass
from datetime import datetime

from blinker import Namespace

_signals = Namespace()


@dataclass(frozen=True, slots=True)
class Change:
    """One message reached ``state`` at ``at``; ``code`` is the last that was said about it."""

    message_id: int
    subject_key: str
    purpose: str
    channel: str
    principal_id: int | None
    recipient_hash: str
    state: str
    at: datetime
    code: str | None


#: Messages changed their state. Sender: a list of Change, in the order they happened; no keywords.
messages_changed = _signals.signal("messages-changed")
#: Messages that ask something are about to leave. Sender: their rows (id, subject_key, purpose …); keyword ``at``.
#: A receiver returns {message id: the code why it goes never, or the moment from which it may go}; it never waits for
#: a lock, because whoever holds it may wait for these messages.
about_to_leave = _signals.signal("about-to-leave")
#: A person said stop. Sender: the address; keywords ``principal_id`` (None: everyone), ``topic`` and ``at``.
opted_out = _signals.signal("opted-out")
