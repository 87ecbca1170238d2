"""The round that sends, and the key under which it is woken for one sender."""

DISPATCH = "notifications.dispatch"


def key_of(channel: str, sender: str) -> str:
    """Return the key that stands for one sender of one channel."""
    return f"{channel}:{sender}"


def sender_of(key: str) -> tuple[str, str]:
    """Return the (channel, sender) that ``key`` stands for."""
    channel, _, sender = key.partition(":")
    return channel, sender
