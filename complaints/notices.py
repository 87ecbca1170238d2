"""How long before its date each delay is worth a word, in working days (Monday to Friday, no public holiday)."""

from datetime import date

from foundation.timing.calendars import WorkingCalendar, counted_days

#: By kind of delay; those that are not here bind the customer, not us.
NOTICE = {
    "acknowledgement": 2,
    "answer": 2,
    "legal": 10,
    "late_appeal": 2,
    "appeal_answer": 3,
    "qualification": 1,
}
#: No notice is longer than so many calendar days, so that a query may leave out what is further.
FURTHEST = 30


def is_near(kind: str, today: date, due_on: date, calendar: WorkingCalendar) -> bool:
    """Whether the delay ends within its notice: 0 working days left on the day itself or the eve of a free day.

    Raises CalendarExhausted where the holidays up to ``due_on`` are not known.
    """
    return today <= due_on and counted_days(today, due_on, "ouvres", calendar) <= NOTICE[kind]
