"""The words pages use for states, reasons and purposes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from foundation.web.filters import moment
from notifications.reasons import LOST, reason_of

STATES = {
    "queued": _l("waits its turn"),
    "claimed": _l("being sent now"),
    "in_doubt": _l("in doubt: being looked up at the provider"),
    "needs_human": _l("in doubt: a person must find out"),
    "accepted": _l("taken by the provider"),
    "sending": _l("on its way to the phone"),
    "sent": _l("handed to the operator"),
    "timed_out": _l("no news for three days"),
    "delivered": _l("arrived"),
    "undelivered": _l("did not arrive"),
    "failed": _l("sending failed"),
    "rejected": _l("refused by the provider"),
    "suppressed": _l("held back for good"),
    "expired": _l("too late to send"),
    "unknown": _l("something we have no word for"),
}
# How a state looks beside its word; colour is never alone.
TONES = {
    "delivered": "good", "sent": "good",
    "in_doubt": "warn", "needs_human": "bad", "timed_out": "warn",
    "undelivered": "bad", "failed": "bad", "rejected": "bad",
}  # fmt: skip
GROUPS = {
    "waiting": _l("Waiting"),
    "underway": _l("On their way"),
    "arrived": _l("Arrived"),
    "failed": _l("Did not arrive"),
    "doubt": _l("In doubt"),
    "withheld": _l("Held back"),
}
CHANNELS = {"sms": _l("SMS"), "email": _l("E-mail")}
PURPOSES = {
    "survey": _l("invitation to a survey"),
    "reminder": _l("reminder of a survey"),
    "interview": _l("questions by SMS"),
    "acknowledgement": _l("acknowledgement of a complaint"),
    "reply": _l("reply to a complaint"),
    "decision": _l("decision on a complaint"),
    "alert": _l("alert to staff"),
    "account": _l("sign-in of staff"),
    "confirmation": _l("confirmation of STOP or START"),
}
SOURCES = {
    "outbox": _l("when it was asked for"),
    "dispatcher": _l("the worker"),
    "provider": _l("the provider"),
    "person": _l("a person"),
}
HELD = {
    "asked": _l("asked for a later moment"),
    "window": _l("outside the hours in which it may go out, where the recipient lives"),
    "retry": _l("tried in vain, to be tried again"),
    "paused": _l("the whole channel waits"),
    "calendar": _l("the holidays of the recipient's region are not known for that day"),
}


def reason(code: str | None) -> str:
    """Return a code in words; one we do not know is printed, so that it can be looked up."""
    if code is None:
        return _("no reason given")
    if code in HELD:
        return str(HELD[code])
    known = reason_of(code)
    if known is LOST:
        return _("the provider's answer was lost (%(code)s)", code=code)
    return _(known.sentence) if known else _("code %(code)s of the provider", code=code)


def advice(code: str | None) -> str:
    """Return what the operator can do about a code; nothing for one we do not know."""
    known = reason_of(code) if code else None
    return _(known.advice) if known else ""


ALERT_KINDS = {
    "due_soon": _l("Due soon"),
    "breached": _l("Past its date"),
    "low_score": _l("Low score"),
    "stuck": _l("Messages do not go out"),
}
HOWS = {
    "at_once": _l("at once"),
    "hourly": _l("in a digest each hour"),
    "daily": _l("in a digest once a day"),
    "never": _l("not at all"),
}


def trouble_line(trouble: Any) -> str:
    """Say what keeps messages from going out or coming in, since when, and how many are concerned."""
    since, count = moment(trouble.since), trouble.count
    return {
        "waiting": lambda: ngettext(
            "%(num)s message has been due since %(since)s and has not gone out.",
            "%(num)s messages are due and have not gone out, the oldest since %(since)s.",
            count,
            since=since,
        ),
        "needs_person": lambda: ngettext(
            "%(num)s message waits for a person to find out whether it was sent.",
            "%(num)s messages wait for a person to find out whether they were sent.",
            count,
        ),
        "paused": lambda: ngettext(
            "%(num)s sender has been paused since %(since)s.",
            "%(num)s senders are paused, the first since %(since)s.",
            count,
            since=since,
        ),
        "silent": lambda: _(
            "The worker has been silent since %(since)s: nothing is sent, routed or sealed.", since=since
        ),
        "unrouted": lambda: ngettext(
            "%(num)s incoming message has found no place since %(since)s.",
            "%(num)s incoming messages have found no place, the oldest since %(since)s.",
            count,
            since=since,
        ),
    }[trouble.code]()


def words() -> dict[str, Any]:
    """Return what the templates of this package call."""
    return {
        "states": STATES,
        "tones": TONES,
        "groups": GROUPS,
        "channels": CHANNELS,
        "purposes": PURPOSES,
        "sources": SOURCES,
        "held": HELD,
        "reason": reason,
        "advice": advice,
        "alert_kinds": ALERT_KINDS,
        "hows": HOWS,
    }
