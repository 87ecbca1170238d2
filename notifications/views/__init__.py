"""Staff pages of messages: what went out and why not, what came in, and the simulated other side."""

from notifications.views import (
    alerts,
    inbox,
    mails,
    message,
    networks,
    opt_outs,
    outbox,
    phones,
    send_log,
    senders,
    text,
    texts,
    windows,
)
from notifications.views.alerts import trouble_banners, trouble_codes
from notifications.views.base import bp
from notifications.views.metrics import metrics

__all__ = [
    "alerts",
    "bp",
    "inbox",
    "mails",
    "message",
    "metrics",
    "networks",
    "opt_outs",
    "outbox",
    "phones",
    "send_log",
    "senders",
    "text",
    "texts",
    "trouble_banners",
    "trouble_codes",
    "windows",
]
