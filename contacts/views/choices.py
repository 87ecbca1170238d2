"""Which principal and which days a page is about, read from the address."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import abort, request

from contacts.frames import BadPeriod, days_of
from contacts.models import Principal, Site
from contacts.queries.log import first_and_last
from contacts.queries.parties import principals, sites
from foundation.accounts.queries import current_scope
from foundation.web.clock import utc_now

LONGEST = timedelta(days=366)


def chosen_principal() -> Principal | None:
    """The principal named in the address or in what was posted, else the first one seen; None where none is."""
    known = principals(current_scope())
    wanted = request.values.get("principal", type=int)
    if wanted is None:
        return known[0] if known else None
    return next((one for one in known if one.id == wanted), None) or abort(404)


def needed_principal() -> Principal:
    """The same, where nothing can be done without one."""
    return chosen_principal() or abort(404)


def chosen_days(principal: Principal) -> tuple[date, date]:
    """The days in the address (``from`` and ``to``, or ``period``), else the month of the latest contact.

    Days that cannot be read, are turned round or are more than a year are as if none were named.
    """
    first, last = request.values.get("from", type=date.fromisoformat), request.values.get("to", type=date.fromisoformat)
    if first and last and timedelta() <= last - first <= LONGEST:
        return first, last
    try:
        return days_of(request.values.get("period", ""))
    except BadPeriod:
        return days_of(f"{_latest_day(principal):%Y-%m}")


def _latest_day(principal: Principal) -> date:
    ends = first_and_last(principal.id)
    return (ends[1] if ends else utc_now()).astimezone(ZoneInfo(principal.zone)).date()


def seen_sites() -> list[Site]:
    """The sites the reader sees."""
    return sites(current_scope())
