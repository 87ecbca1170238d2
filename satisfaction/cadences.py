"""Which days an agreement judges together, and when they are whole."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

EACH, QUARTER, YEAR = "period", "quarter", "year"
CADENCES = (EACH, QUARTER, YEAR)
Span = tuple[date, date]
ONE_DAY = timedelta(days=1)


def spans(cadence: str, periods: Iterable[Span]) -> list[Span]:
    """The days to judge, in order, given the periods closed (or asked for) of the principal; both ends inclusive.

    With ``EACH`` every period by itself, as it was closed; else calendar quarters or years whose every day lies in one.
    """
    held = sorted(periods)
    if cadence == EACH:
        return held
    found = {_around(cadence, first) for first, _last in held}
    return [span for span in sorted(found) if _is_whole(span, held)]


def _around(cadence: str, day: date) -> Span:
    if cadence == YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    month = 3 * ((day.month - 1) // 3) + 1
    following = date(day.year + (month == 10), (month + 2) % 12 + 1, 1)
    return date(day.year, month, 1), following - ONE_DAY


def _is_whole(span: Span, held: Sequence[Span]) -> bool:
    """Whether the periods that begin inside fill it, day by day; they never overlap."""
    inside = [one for one in held if span[0] <= one[0] and one[1] <= span[1]]
    return sum((last - first).days + 1 for first, last in inside) == (span[1] - span[0]).days + 1
