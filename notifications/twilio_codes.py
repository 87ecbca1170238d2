"""What Twilio's statuses and error codes mean for us."""

from notifications.providers import CONFIG, PERMANENT
from notifications.twilio_reasons import REASONS

STATES = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "sending",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "partially_delivered": "undelivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}


def state_of(status: str) -> str | None:
    """Return our state for a Twilio status, or None for one we do not know."""
    return STATES.get(status)


def kind_of(code: str, http_status: int | None = None) -> str:
    """Return what a refusal with ``code`` means; what is not known is permanent for this message alone."""
    known = REASONS[code].kind if code in REASONS else PERMANENT
    # Codes from 21000 on speak of the message: one number that is not allowed must not stop the whole channel.
    if known == PERMANENT and http_status in (401, 403) and not code.startswith("21"):
        return CONFIG
    return known
