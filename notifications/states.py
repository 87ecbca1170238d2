"""What may become of a message: states, the ranks by which they only rise, and purposes."""

CHANNELS = ("sms", "email")
PURPOSES = (
    "survey", "reminder", "interview", "acknowledgement", "reply", "decision", "alert", "account", "confirmation",
)  # fmt: skip
CLASSES = ("relation", "marketing")
# STOP ends these; it never ends the replies a person is owed about their own complaint.
STOPPABLE = frozenset({"survey", "reminder", "interview"})

# A provider's news arrives late, twice and out of order: a state is replaced by one of higher rank only.
RANKS = {
    "queued": 1,
    "claimed": 2,
    "in_doubt": 2,
    "needs_human": 2,
    "accepted": 3,
    "sending": 4,
    "sent": 5,
    "timed_out": 8,
    "delivered": 9,
    "undelivered": 9,
    "failed": 9,
    "rejected": 9,
    "suppressed": 9,
    "expired": 9,
}
STATES = tuple(RANKS)
# What a provider says in words we do not know is kept as an event, and changes nothing.
UNKNOWN = "unknown"
# Whether the message was sent is open in these, so only looking at the provider may end them.
UNCERTAIN = ("in_doubt", "needs_human")
UNDERWAY = ("accepted", "sending", "sent")
# The provider took it and the network did not bring it.
UNDELIVERED = ("undelivered", "failed")
# Worth another attempt when the network could not deliver for now: a person waits for these words.
RESENT = frozenset({"survey", "acknowledgement", "reply", "decision"})
FAILURES = ("undelivered", "failed", "rejected", "timed_out")
SETTLED = 8


def is_final(channel: str, state: str) -> bool:
    """Whether nothing more is expected; an e-mail handed over is never confirmed, so sent is the end of it."""
    return RANKS[state] >= SETTLED or (channel == "email" and state == "sent")
