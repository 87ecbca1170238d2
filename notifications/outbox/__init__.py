"""How messages change state: many in one statement, upwards only, every event kept.

Whoever takes rows of several tables takes them in one order: senders, then messages by id, then what hangs on them
(invitations by id). docs/architecture.md says why.
"""

from notifications.outbox.doubts import Doubt, doubt, doubt_many, give_to_person
from notifications.outbox.moments import Moments, lawful_moment
from notifications.outbox.resends import arrived_late
from notifications.outbox.returns import Return, requeue, requeue_many
from notifications.outbox.rises import Rise, advance, advance_many
from notifications.outbox.rows import keep_alike, keep_events, lock, note
from notifications.outbox.together import apart, together

__all__ = [
    "Doubt", "Moments", "Return", "Rise", "advance", "advance_many", "apart", "arrived_late", "doubt", "doubt_many",
    "give_to_person", "keep_alike", "keep_events", "lawful_moment", "lock", "note", "requeue", "requeue_many",
    "together",
]  # fmt: skip
