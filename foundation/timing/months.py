"""Months as people count them: to the same day of another month."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """``day`` so many months later (below zero: earlier); the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
