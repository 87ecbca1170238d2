"""The words pages use for states, reasons and purposes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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
REASONS = {
    "opted-out": _l("the person asked for no more messages"),
    "window-after-expiry": _l("the hours in which it may go out begin after it has expired"),
    "gave-up": _l("given up after twelve attempts"),
    "no-news": _l("the provider never said what became of it"),
    "no-connection": _l("the provider could not be reached"),
    "interrupted": _l("the worker stopped while it was being sent"),
    "not-sent": _l("twice not in the provider's list, so it was not sent and goes again"),
    "repeated": _l("sent again under the same Message-ID"),
    "provider-unreachable": _l("the provider could not be asked for a day"),
    "folder-not-writable": _l("the mail folder cannot be written to"),
    "recipient-refused": _l("the mail server does not take this address"),
    "smtp-sign-in": _l("the mail server refuses our sign-in"),
    "20003": _l("the provider refuses our credentials"),
    "20429": _l("too many requests at once"),
    "21211": _l("this is not a phone number"),
    "21408": _l("this country is not allowed in the provider's account"),
    "21606": _l("the sender's number cannot send SMS"),
    "21610": _l("the person said STOP at the provider"),
    "21611": _l("the provider's queue is full"),
    "21612": _l("this number cannot be reached from this sender"),
    "21614": _l("this number takes no SMS (a landline, perhaps)"),
    "21617": _l("the text is too long"),
    "30001": _l("the provider's queue overflowed"),
    "30002": _l("the provider's account is suspended"),
    "30003": _l("the phone is off or out of reach"),
    "30004": _l("the message was blocked"),
    "30005": _l("this number does not exist any more"),
    "30006": _l("this number cannot receive SMS"),
    "30007": _l("the operator filtered the message"),
    "30008": _l("the operator gave no reason"),
    "30036": _l("it was not delivered before it expired"),
    "30410": _l("the operator did not answer in time"),
}
TIMEOUTS = {"ReadTimeout", "ConnectionError", "ChunkedEncodingError", "SMTPServerDisconnected", "TimeoutError"}


def reason(code: str | None) -> str:
    """Return a code in words; one we do not know is printed, so that it can be looked up."""
    if code is None:
        return _("no reason given")
    if code in REASONS:
        return str(REASONS[code])
    if code in HELD:
        return str(HELD[code])
    if code in TIMEOUTS or code.startswith("http-5"):
        return _("the provider's answer was lost (%(code)s)", code=code)
    return _("code %(code)s of the provider", code=code)


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
    }
