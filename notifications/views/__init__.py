"""Staff pages of messages: what went out and why not, what came in, and the simulated other side."""

from notifications.views import inbox, outbox, phones
from notifications.views.base import bp

__all__ = ["bp", "inbox", "outbox", "phones"]
