"""The words for the codes of this package, and the small sentences built from them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from complaints.queries.dues import Due
from complaints.queries.watch import Watched
from foundation.timing.strips import StripDay
from foundation.web.filters import long_date

STATES = {
    "received": _l("Complaint received"),
    "in_progress": _l("Being examined"),
    "answered": _l("Answer given"),
    "late_appeal": _l("Late appeal to settle"),
    "appealed": _l("Appeal received"),
    "appeal_in_progress": _l("Appeal being examined"),
    "appeal_answered": _l("Appeal answered"),
    "closed": _l("Case closed"),
    "withdrawn": _l("Complaint withdrawn"),
}
CHANNELS = {
    "phone": _l("By phone"),
    "email": _l("By e-mail"),
    "chat": _l("By chat"),
    "sms": _l("By SMS"),
    "post": _l("By post"),
    "web": _l("On the web"),
    "social": _l("On a social network"),
    "survey": _l("In a survey"),
    "follow": _l("On their page"),
}
CATEGORIES = {
    "billing": _l("Bill or payment"),
    "delivery": _l("Delivery or visit"),
    "product": _l("Product or service"),
    "information": _l("Information given"),
    "conduct": _l("Conduct of our staff"),
    "access": _l("Reaching us"),
    "data": _l("Personal data"),
    "other": _l("Something else"),
}
OUTCOMES = {
    "upheld": _l("Upheld"),
    "partly_upheld": _l("Upheld in part"),
    "rejected": _l("Not upheld"),
    "confirmed": _l("First answer confirmed"),
    "partly_changed": _l("First answer changed in part"),
    "overturned": _l("First answer overturned"),
}
DUES = {
    "acknowledgement": _l("Acknowledgement"),
    "answer": _l("Answer"),
    "legal": _l("Legal limit of the whole case"),
    "appeal_window": _l("End of the window to appeal"),
    "late_appeal": _l("What becomes of the late appeal"),
    "appeal_answer": _l("Answer to the appeal"),
    "qualification": _l("Qualification"),
}
STANDINGS = {
    "running": _l("running"),
    "overdue": _l("overdue"),
    "met": _l("kept"),
    "met-late": _l("kept late"),
    "void": _l("no longer owed"),
    "missed": _l("missed"),
}
#: The window is the customer's: nobody keeps or misses it.
WINDOWS = {
    "running": _l("still open"),
    "overdue": _l("has ended"),
    "met": _l("was used"),
    "met-late": _l("was used"),
    "void": _l("has ended"),
    "missed": _l("has ended"),
}
UNITS = {
    "ouvrables": _l("working days, Monday to Saturday"),
    "ouvres": _l("working days, Monday to Friday"),
    "days": _l("calendar days"),
    "months": _l("months"),
}
ACTS = {
    "assign": _l("Take the case"),
    "entrust": _l("Give it to a colleague"),
    "place": _l("Say which site handles it"),
    "acknowledge": _l("Acknowledge"),
    "decide": _l("Write the answer"),
    "send_message": _l("Write to the customer"),
    "receive_message": _l("Write down what they said"),
    "note": _l("Add an internal note"),
    "classify": _l("Say what it is about"),
    "file_appeal": _l("Register their appeal"),
    "file_late_appeal": _l("Register their late appeal"),
    "accept_late_appeal": _l("Accept the late appeal"),
    "refer_late_appeal": _l("Open a linked case instead"),
    "assign_appeal": _l("Take the appeal"),
    "decide_appeal": _l("Decide the appeal"),
    "close": _l("Close the case"),
    "withdraw": _l("Withdraw at their wish"),
    "qualify": _l("Qualify"),
}
EVENTS = {
    "register": _l("Complaint registered"),
    "assign": _l("Case taken in hand"),
    "entrust": _l("Given to a colleague"),
    "place": _l("Site set"),
    "acknowledge": _l("Acknowledgement sent"),
    "decide": _l("Answer sent"),
    "send_message": _l("Message sent"),
    "receive_message": _l("Message received"),
    "note": _l("Internal note"),
    "classify": _l("Category set"),
    "file_appeal": _l("Appeal received"),
    "file_late_appeal": _l("Appeal received after its window"),
    "accept_late_appeal": _l("Late appeal accepted"),
    "refer_late_appeal": _l("Linked case opened for the late appeal"),
    "assign_appeal": _l("Appeal taken in hand"),
    "decide_appeal": _l("Answer to the appeal sent"),
    "close": _l("Case closed"),
    "withdraw": _l("Complaint withdrawn"),
}
PARTIES = {"customer": _l("the customer"), "system": _l("by itself"), "staff": _l("staff")}
MESSAGES = {
    "complaint": _l("Complaint"),
    "receipt": _l("Receipt"),
    "acknowledgement": _l("Acknowledgement"),
    "message": _l("Message"),
    "decision": _l("Answer"),
    "appeal": _l("Appeal"),
    "appeal_decision": _l("Answer to the appeal"),
    "notice": _l("Notice"),
    "note": _l("Internal note"),
}
DELIVERIES = {
    "queued": _l("waiting to be sent"),
    "claimed": _l("being sent"),
    "accepted": _l("being sent"),
    "sending": _l("being sent"),
    "sent": _l("was sent"),
    "delivered": _l("was delivered"),
    "in_doubt": _l("in doubt"),
    "needs_human": _l("in doubt"),
    "suppressed": _l("held back"),
    "expired": _l("was not sent"),
    "undelivered": _l("could not be delivered"),
    "failed": _l("was not sent"),
    "rejected": _l("was not sent"),
    "timed_out": _l("could not be delivered"),
}
REASONS = {
    "not-yours": _l("it is for somebody else"),
    "already-acknowledged": _l("it has been acknowledged"),
    "already-in-hand": _l("you have it in hand already"),
    "not-in-charge": _l("whoever has the case in hand does it"),
    "first-handler": _l("somebody other than those who handled the complaint does it"),
    "window-over": _l("the window to appeal is over"),
    "window-open": _l("the customer may still appeal"),
    "already-appealed": _l("there has been an appeal already"),
    "already-placed": _l("its site is known"),
}
NOT_NOW = {
    "decide": _l("somebody takes the case in hand first"),
    "decide_appeal": _l("somebody takes the appeal in hand first"),
    "close": _l("the answer has not been sent"),
    "file_appeal": _l("there is no answer to appeal against"),
    "file_late_appeal": _l("there is no answer to appeal against"),
}
WHY = {"saturday": _l("Saturday"), "sunday": _l("Sunday")}


def clock_line(watched: Watched) -> str:
    """Say in one line what is owed by when, without the customer's name or words."""
    where = ", ".join(name for name in (watched.principal, watched.site) if name)
    values = {"what": str(DUES[watched.kind]), "day": long_date(watched.due_on), "where": where}
    if watched.reference is None:
        return _("Answer of a survey to be qualified by %(day)s (%(where)s)", **values)
    return _("%(reference)s: %(what)s by %(day)s (%(where)s)", reference=watched.reference, **values)


def reason(event: str, code: str) -> Any:
    """Return why an act is refused, in words."""
    if code == "not-now":
        return NOT_NOW.get(event, _("the case is at another stage"))
    return REASONS[code]


def distance(due: Due) -> str:
    """Return how far a date is: "in 4 working days", "today", "overdue by 2 days"."""
    if due.standing == "overdue":
        return _overdue(due.unit, -due.left)
    return _("today") if due.left == 0 else _ahead(due.unit, due.left)


def _ahead(unit: str, left: int) -> str:
    if unit == "ouvrables":
        return ngettext(
            "in %(num)s working day (Monday to Saturday)", "in %(num)s working days (Monday to Saturday)", left
        )
    if unit == "ouvres":
        return ngettext("in %(num)s working day (Monday to Friday)", "in %(num)s working days (Monday to Friday)", left)
    return ngettext("in %(num)s day", "in %(num)s days", left)


def _overdue(unit: str, days: int) -> str:
    if days == 0:  # the due date is past, but only days of rest since
        return _("overdue")
    if unit == "ouvrables":
        return ngettext(
            "overdue by %(num)s working day (Monday to Saturday)",
            "overdue by %(num)s working days (Monday to Saturday)",
            days,
        )
    if unit == "ouvres":
        return ngettext(
            "overdue by %(num)s working day (Monday to Friday)",
            "overdue by %(num)s working days (Monday to Friday)",
            days,
        )
    return ngettext("overdue by %(num)s day", "overdue by %(num)s days", days)


def why_day(day: StripDay, language: str) -> str:
    """Return why a day of a delay counts or does not."""
    if day.rank is not None:
        return _ending(day.why) if day.why else _("day %(number)s", number=day.rank)
    if day.why == "start":
        return _("start, not counted")
    if day.why == "holiday" and day.names:
        return _("%(holiday)s, public holiday, not counted", holiday=day.names[language])
    return _("%(day)s, not counted", day=WHY[day.why or ""])


def _ending(why: str) -> str:
    if why == "same-day":
        return _("same day of the month: the last day of the delay")
    return _("last day of a shorter month: the last day of the delay")
