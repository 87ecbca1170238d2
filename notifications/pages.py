"""The words pages use for states, reasons and purposes."""

from collections.abc import Collection
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from foundation.web.filters import moment
from notifications.reasons import LOST, reason_of
from notifications.states import FAILURES
from notifications.windows import Window

STATES = {
    "queued": _l("waits its turn"),
    "claimed": _l("being sent now"),
    "in_doubt": _l("in doubt: being looked up at the provider"),
    "needs_human": _l("in doubt: a person must find out"),
    "accepted": _l("taken by the provider"),
    "sending": _l("on its way to the phone"),
    "sent": _l("handed over"),
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
LANES = {"interactive": _l("answers and letters"), "bulk": _l("bulk sending")}
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
    "mail": _l("the mail server"),
    "person": _l("a person"),
}
#: The lines of a message's story that are not a state.
STEPS = {
    "asked": _l("asked for"),
    "again": _l("back in the queue"),
    "claimed": _l("taken up by the worker"),
    "unknown": _l("the provider says something we do not know"),
    "masked": _l("its links and codes are forgotten"),
    "goes": _l("goes out"),
    "look": _l("is looked up at the provider"),
    "expires": _l("is given up if it has not gone out by then"),
}
#: What somebody may do about a message, by its state; a reason may say more.
NEXT = {
    "queued": _l("Nothing: it goes out by itself. If it should not, take it back below."),
    "claimed": _l("Nothing: it is being sent at this moment."),
    "in_doubt": _l("Nothing: the worker looks it up in the provider’s own list. It is never sent again on a guess."),
    "needs_human": _l("Find out at the provider whether it went out, then say so below."),
    "accepted": _l("Nothing: the provider has it. We ask after it every hour, for three days."),
    "sending": _l("Nothing: the provider has it. We ask after it every hour, for three days."),
    "sent": _l("Nothing: it was handed over. Should news come that it did not arrive, it will stand here."),
    "timed_out": _l(
        "It may have arrived. If it matters, reach the person in another way: a second one may be too many."
    ),
    "delivered": _l("Nothing."),
    "undelivered": _l("If it matters, reach the person in another way, or correct the address where it is kept."),
    "failed": _l("If it matters, reach the person in another way, once the reason is gone."),
    "rejected": _l("Correct the address where it is kept, or reach the person in another way."),
    "suppressed": _l("Nothing: it was held back on purpose."),
    "expired": _l("Nothing for this one. Look at why it had to wait: the hours allowed, a pause or the rate."),
}  # fmt: skip
FOR_A_PERSON = {
    "stuck": _l("Messages have been due for more than ten minutes and have not gone out."),
    "no-worker": _l("No worker is running: nothing goes out. Start it with “flask jobs run”."),
    "round-failed": _l("Part of the work that happens by itself ended with an error."),
    "sender-paused": _l("A sender waits."),
    "in-doubt": _l("Messages may or may not have gone out, and only a person can find out."),
    "unrouted": _l("Incoming messages could not be given to anyone yet."),
    "to-read": _l("Incoming messages wait for a person to read them."),
}
HELD = {
    "asked": _l("asked for a later moment"),
    "window": _l("outside the hours in which it may go out, where the recipient lives"),
    "retry": _l("tried in vain, to be tried again"),
    "paused": _l("the whole channel waits"),
    "calendar": _l("the holidays of the recipient's region are not known for that day"),
}

WINDOWS = {"usual": _l("Usual hours"), "wide": _l("Wide hours")}


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


def todo(state: str, code: str | None) -> str:
    """Return what somebody may do about a message in ``state`` with the reason ``code``."""
    said = advice(code) if state in (*FAILURES, "suppressed") else ""
    return said or str(NEXT[state])


ALERT_KINDS = {
    "due_soon": _l("Due soon"),
    "breached": _l("Past its date"),
    "low_score": _l("Low score"),
    "stuck": _l("Messages do not go out"),
    "no_file": _l("A file did not come"),
    "emergency": _l("Words of emergency"),
    "counts_off": _l("Figures do not match the answers"),
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


def days_words(weekdays: Collection[int]) -> str:
    """Return days of the week (Monday is 0) as people say them: a span where they follow each other."""
    names, days = get_day_names(locale=get_locale()), sorted(weekdays)
    if len(days) == 7:
        return _("every day")
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return _("%(first)s to %(last)s", first=names[days[0]], last=names[days[-1]])
    return ", ".join(str(names[day]) for day in days)


def hours_words(window: Window) -> str:
    """Return the hours of a window: « 08:00 – 20:00 »."""
    written = window.document()
    return f"{written['from']} – {written['to']}"


def window_words(key: str, name: str, window: Window) -> str:
    """Return a window by its name, with its hours, days and holidays."""
    holidays = _("also on public holidays") if window.holidays else _("not on public holidays")
    hours = f"{hours_words(window)}, {days_words(window.weekdays)}, {holidays}"
    return f"{called} ({hours})" if (called := window_name(key, name)) else hours


def window_name(key: str, name: str) -> str:
    """Return what a window is called: as somebody named it, else as every installation calls it."""
    return name or str(WINDOWS.get(key, key))


def words() -> dict[str, Any]:
    """Return what the templates of this package call."""
    return {
        "states": STATES,
        "tones": TONES,
        "groups": GROUPS,
        "lanes": LANES,
        "channels": CHANNELS,
        "purposes": PURPOSES,
        "sources": SOURCES,
        "held": HELD,
        "steps": STEPS,
        "for_a_person": FOR_A_PERSON,
        "reason": reason,
        "advice": advice,
        "alert_kinds": ALERT_KINDS,
        "hows": HOWS,
        "todo": todo,
    }
