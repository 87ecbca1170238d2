"""Staff pages of messages: what went out and why not, what came in, and the simulated other side."""

from notifications.views import alerts, inbox, networks, opt_outs, outbox, phones, texts, windows
from notifications.views.alerts import trouble_banners, trouble_codes
from notifications.views.base import bp

__all__ = [
    "alerts",
    "bp",
    "inbox",
    "networks",
    "opt_outs",
    "outbox",
    "phones",
    "texts",
    "trouble_banners",
    "trouble_codes",
    "windows",
]
