"""What a page calls the contact it asks about."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from foundation.web.filters import long_date
from foundation.web.i18n import current_language
from surveys.public_views.asked import Asked
from surveys.queries.interview_rows import AskedAbout


def about(interview: Asked) -> str:
    """What a page is about: the contact, or the place where a poster hangs."""
    if interview.contact is None:
        return interview.site
    return contact_line(interview.contact, interview.zone)


def contact_line(contact: AskedAbout, zone: str) -> str:
    """« Votre appel du mardi 17 novembre 2026, facturation »."""
    day = contact.started_at.astimezone(ZoneInfo(zone)).date()
    line = _of_day(current_language(), contact.channel, contact.direction, day)
    return f"{line}, {contact.reason[:1].lower()}{contact.reason[1:]}" if contact.reason else line


# Many people are asked about few days; writing a date out takes longer than looking a page up.
@lru_cache(maxsize=4096)
def _of_day(language: str, channel: str, direction: str, day: date) -> str:
    """The words in the current ``language``, which is given so that each keeps its own."""
    written = long_date(day)
    said = {
        "phone": _("Your call of %(day)s", day=written),
        "email": _("Your e-mail of %(day)s", day=written),
        "chat": _("Your online chat of %(day)s", day=written),
        "sms": _("Your text message of %(day)s", day=written),
        "web": _("Your online request of %(day)s", day=written),
        "post": _("Your letter of %(day)s", day=written),
        "social": _("Your message of %(day)s", day=written),
    }
    if (channel, direction) == ("phone", "out"):
        return _("Our call of %(day)s", day=written)
    return said.get(channel) or _("Your contact with us of %(day)s", day=written)
