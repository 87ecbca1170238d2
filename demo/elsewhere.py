"""What the demo centre knew before: two figures a year of an institute, and the marks given to the voice server."""

from datetime import date, timedelta

from sqlalchemy import select

from contacts.models import Principal
from foundation.accounts.models import User
from foundation.database import db
from foundation.web import clock
from satisfaction.elsewhere import ANSWERS, FIGURES, Given
from satisfaction.services.elsewhere import Tally, open_file, take_in

TITLE = "figures from elsewhere"
INSTITUTE = ((0.79, 0.75, 0.83, 402), (0.81, 0.77, 0.85, 398), (0.83, 0.79, 0.86, 405))
#: How many gave 1 to 5 at the end of the call, month by month.
VOICE = ((4, 6, 9, 25, 36), (5, 5, 11, 24, 35), (3, 6, 8, 26, 39))


def bring_from_elsewhere() -> None:
    """Take in both files for the first principal."""
    principal = db.session.scalars(select(Principal).order_by(Principal.id)).first()
    lead = db.session.scalars(select(User).filter_by(role="quality").order_by(User.id)).one()
    assert principal is not None
    files = ((FIGURES, "Institut Demain", _figures(), ""), (ANSWERS, "Serveur vocal", _answers(), "satisfaction"))
    for kind, source, lines, indicator in files:
        opened = open_file(principal, kind, source, "\n".join(lines).encode(), Given(), indicator)
        for _lines in take_in(opened, Tally(), lead.id, clock.utc_now()):
            pass


def _figures() -> list[str]:
    lines = ["indicator;first_day;last_day;estimate;lower;upper;n"]
    for back, (estimate, lower, upper, n) in zip((16, 10, 4), INSTITUTE, strict=True):
        month = _month(back)
        lines.append(f"satisfaction;{month};{_month(back - 1) - timedelta(days=1)};{estimate};{lower};{upper};{n}")
    return lines


def _answers() -> list[str]:
    lines = ["reference;day;value"]
    for back, marks in zip((6, 5, 4), VOICE, strict=True):
        for value, times in enumerate(marks, start=1):
            lines += [f"{back}-{value}-{one};{_month(back)};{value}" for one in range(times)]
    return lines


def _month(back: int) -> date:
    """The first day of the month so many months ago."""
    today = clock.utc_now().date()
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
