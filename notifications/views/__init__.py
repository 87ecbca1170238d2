"""Staff pages of messages: what went out and why not, what came in, and the simulated other side."""

from notifications.views import inbox, networks, outbox, phones
from notifications.views.base import bp

__all__ = ["bp", "inbox", "networks", "outbox", "phones"]
