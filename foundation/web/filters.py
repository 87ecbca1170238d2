"""Dates, moments, numbers and shares as people write them; the only way a template prints them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from flask import Flask, current_app

from foundation.web.i18n import current_language


def init_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        long_date=long_date, short_date=short_date, moment=moment, number=number, percent=percent, local_date=local_date
    )


def long_date(day: date) -> str:
    """« mardi 24 novembre 2026 » or "Tuesday 24 November 2026"."""
    return format_date(day, f"EEEE {_day(day)} MMMM y", locale=current_language())


def short_date(day: date) -> str:
    """« 24 nov. 2026 » or "24 Nov 2026"."""
    return format_date(day, f"{_day(day)} MMM y", locale=current_language())


def local_date(at: datetime, zone: str | None = None) -> date:
    """Return the day of a moment in ``zone`` (the installation's by default)."""
    return at.astimezone(ZoneInfo(zone or current_app.config["TIMEZONE"])).date()


def moment(at: datetime, zone: str | None = None, seconds: bool = False) -> str:
    """« 24 nov. 2026, 14 h 05 » or "24 Nov 2026, 14:05", in ``zone``; breaks only after the comma.

    With ``seconds``, for what lasts less than a minute: « 14 h 05 min 09 s », "14:05:09".
    """
    local = at.astimezone(ZoneInfo(zone or current_app.config["TIMEZONE"]))
    if current_language() == "fr":
        pattern = f"{_day(local)} MMM y, H 'h' mm" + (" 'min' ss 's'" if seconds else "")
    else:
        pattern = "d\u00a0MMM\u00a0y, HH:mm" + (":ss" if seconds else "")
    return format_datetime(local, pattern, locale=current_language())


def _day(day: date) -> str:
    """The pattern of the day: French says « 1er », and then plain numbers."""
    return "d'er'" if day.day == 1 and current_language() == "fr" else "d"


def number(value: float | int | None, digits: int = 0) -> str:
    """« 41 212 » or "41,212"; a dash where there is no number."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=current_language())


def percent(share: float | None, digits: int = 1) -> str:
    """« 84,1 % » or "84.1%" of a share between 0 and 1; a dash where there is none."""
    if share is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + ("\u00a0%" if current_language() == "fr" else "%")
    return format_percent(share, format=pattern, locale=current_language())
