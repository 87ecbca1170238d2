"""What Twilio's statuses and error codes mean for us."""

from notifications.providers import CONFIG, CONTENT, PERMANENT, STOP, TEMPORARY

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
_KINDS = {
    STOP: {"21610"},
    CONTENT: {"21617", "30004", "30007", "21602"},
    TEMPORARY: {"20429", "21611", "30001", "30003", "30008", "30036", "30410"},
    CONFIG: {"20003", "20404", "20005", "21606", "21603", "21701", "21703", "21609", "30002", "21705"},
}


def state_of(status: str) -> str | None:
    """Return our state for a Twilio status, or None for one we do not know."""
    return STATES.get(status)


def kind_of(code: str, http_status: int | None = None) -> str:
    """Return what a refusal with ``code`` means; what is not known is permanent for this message alone."""
    known = next((kind for kind, codes in _KINDS.items() if code in codes), PERMANENT)
    # Codes from 21000 on speak of the message: one number that is not allowed must not stop the whole channel.
    if known == PERMANENT and http_status in (401, 403) and not code.startswith("21"):
        return CONFIG
    return known
