"""Why a message was held back, in doubt or lost: each code we keep, in words, with what to do about it.

Words are English here; pages translate them. What Twilio says is in ``twilio_reasons``.
"""

from notifications import mail_reasons, twilio_reasons
from notifications.providers import CONFIG, PERMANENT, STOP, TEMPORARY
from notifications.twilio_reasons import Reason


def _(words: str) -> str:
    """Mark words for the catalogue; pages translate them."""
    return words


_WAIT = _("Nothing to do: it settles by itself.")
_MAIL = _("Check the mail server in the settings; nothing is lost meanwhile.")

OURS = {
    "opted-out": Reason(
        STOP, _("the person asked for no more messages"), _("Nothing to do: this is respected until they ask again.")
    ),
    "arrived-late": Reason(
        PERMANENT, _("an earlier attempt arrived after all"), _("Nothing to do: the person has these words already.")
    ),
    "interview-over": Reason(
        PERMANENT,
        _("the interview was over before it went out"),
        _("Nothing to do: the person answered or declined, and is not asked again."),
    ),
    "on-hold": Reason(
        PERMANENT,
        _("taken back, because the person has an open complaint"),
        _("Nothing to do: an invitation goes out once the case has ended, if its time is not over by then."),
    ),
    "cancelled-by-hand": Reason(
        PERMANENT, _("a person took it back"), _("Nothing to do: the story below says who did so and why.")
    ),
    "out-of-date": Reason(
        PERMANENT, _("taken back before it went out"), _("Nothing to do: what it asked was settled by then.")
    ),
    "by-hand": Reason(CONFIG, _("somebody let it wait"), _("Let it go on once the reason is gone.")),
    "window-after-expiry": Reason(
        PERMANENT,
        _("the hours in which it may go out begin after it has expired"),
        _("Let it be valid for longer, or widen the sending window."),
    ),
    "gave-up": Reason(
        PERMANENT,
        _("given up after twelve attempts, or three days without a connection"),
        _("Look at the reasons of the attempts, then use another way."),
    ),
    "no-news": Reason(
        PERMANENT,
        _("the provider never said what became of it"),
        _("Nothing to do for one message. If there are many, check that the provider reaches our public address."),
    ),
    "no-connection": Reason(
        TEMPORARY,
        _("the provider could not be reached"),
        _("Check the network, and the proxy if there is one; it is tried again by itself."),
    ),
    "interrupted": Reason(TEMPORARY, _("the worker stopped while it was being sent"), _WAIT),
    "not-sent": Reason(TEMPORARY, _("twice not in the provider's list, so it was not sent and goes again"), _WAIT),
    "repeated": Reason(TEMPORARY, _("sent again under the same Message-ID"), _WAIT),
    "provider-unreachable": Reason(
        PERMANENT,
        _("the provider could not be asked for a day"),
        _("Look the message up in the provider's console, then say here whether it was sent."),
    ),
    "folder-not-writable": Reason(
        CONFIG, _("the mail folder cannot be written to"), _("Give the program the right to write there.")
    ),
    "recipient-refused": Reason(
        PERMANENT,
        _("the mail server does not take this address"),
        _("Correct the address in the customer's record, or use another way."),
    ),
    "smtp-utf8": Reason(
        PERMANENT,
        _("the mail server does not take the letters of this address"),
        _("Use an address without accents, or a mail server that takes them (SMTPUTF8)."),
    ),
    "smtp-sign-in": Reason(CONFIG, _("the mail server refuses our sign-in"), _MAIL),
    "smtp-no-tls": Reason(CONFIG, _("the mail server offers no encryption"), _MAIL),
    "smtp-certificate": Reason(CONFIG, _("the mail server's certificate is not valid"), _MAIL),
}
#: Answers of a mail server that have no entry of their own, by their first digit.
_SMTP = {
    "smtp-4": Reason(TEMPORARY, _("the mail server cannot take it now"), _WAIT),
    "smtp-5": Reason(
        PERMANENT,
        _("the mail server refused it"),
        _("Look the number up in the mail server's log, then mend the cause."),
    ),
}
#: Whatever is lost on the way back looks like this: the name of an error of the network, or of the server's.
LOST = Reason(
    TEMPORARY, _("the provider's answer was lost"), _("Nothing to do: it is looked up in the provider's list.")
)
_LOST = {"ReadTimeout", "ConnectionError", "ChunkedEncodingError", "SMTPServerDisconnected", "TimeoutError"}


def reason_of(code: str) -> Reason | None:
    """Return what a code means, or None for one that nobody gave words to."""
    if code in _LOST or code.startswith("http-5"):
        return LOST
    return OURS.get(code) or twilio_reasons.REASONS.get(code) or mail_reasons.reason_of(code) or _SMTP.get(code[:6])
