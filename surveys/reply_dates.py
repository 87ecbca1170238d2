"""Days as people write them: "12/03/2026", "12 mars", "March 12th, 2026", "hier". The day comes before the month.

A year may be left out only where the day of the message leaves no doubt; nothing here reads a clock.
"""

import re
from datetime import date, timedelta

from babel.dates import format_date, get_day_names, get_month_names

from surveys.number_words import leading_number_word
from surveys.replies import Unreadable, fold, phrase_end, without_greeting, words_beside

LANGUAGES = ("fr", "en")
DAYS_AWAY = {
    "aujourd'hui": 0, "today": 0, "hier": -1, "yesterday": -1, "avant hier": -2, "the day before yesterday": -2,
    "day before yesterday": -2, "demain": 1, "tomorrow": 1,
}  # fmt: skip
#: Of the last such day and the next, both within bounds, the nearer is meant if it is at most so many days away.
NEAR = 31
YEARS_AROUND = 5
FIRST_YEAR, LAST_YEAR = 1900, 2199


def _names(of_days: bool) -> dict[str, int]:
    """The names of months (1 to 12) or days (0: Monday), whole and short, folded."""
    names = get_day_names if of_days else get_month_names
    found = {
        fold(name).rstrip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in names(width, locale=language).items()
    }
    return found if of_days else found | {"sept": 9, "sep": 9, "juil": 7, "fev": 2, "avr": 4}


MONTHS, WEEKDAYS = _names(False), _names(True)
MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
WEEKDAY = "|".join(sorted(map(re.escape, WEEKDAYS), key=len, reverse=True))
LEAD = re.compile(rf"(?:(?:c'etait|it was|on|le|the|du)\s+)*(?:(?P<weekday>{WEEKDAY})\b[.,]?\s*)?(?:(?:le|the)\s+)?")
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?(?!\d)")
SIGNS = re.compile(r"(?P<day>\d{1,2})(?P<sign>[/.-]| )(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2}(?!\d))(?!\d)")
SLASHED = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/])(?P<year>)")
DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})\s?(?:er|st|nd|rd|th)?\s*(?:of\s+)?(?P<name>{MONTH})\b\.?(?:,?\s*(?P<year>\d{{4}}))?(?!\d)"
)
MONTH_FIRST = re.compile(
    rf"(?P<name>{MONTH})\b\.?\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(?P<year>\d{{4}}))?(?!\d)"
)
FORMS = (ISO, SIGNS, SLASHED, DAY_FIRST, MONTH_FIRST)
TIME = re.compile(r"[\s,]*(?:(?:a|at|vers|around)\s+)?\d{1,2}\s?(?:h|:|heures?|am|pm|o'clock)")
ANOTHER = re.compile(r"[\s,]*(?:ou\b|or\b|(?:et|and|a|au|to|puis|then)?\s*[-/]?\s*\d)")


def whole_date(text: str) -> date | None:
    """The day ``text`` consists of, with its year; None if it is none."""
    folded = fold(text)
    found = next((found for form in FORMS if (found := form.fullmatch(folded))), None)
    return _dated(found, None, None, None) if found and len(found["year"] or "") == 4 else None


def leading(
    body: str, message_day: date | None, least: date | None = None, most: date | None = None
) -> tuple[date | None, str]:
    """The day that leads a reply and the words beside it; None if it gives none or more than one.

    ``message_day`` is that of the message where its writer is; without it "hier" is no date. ``least`` and ``most``,
    inclusive, help to find a year that was left out. Raises Unreadable ``year-missing`` where there is a doubt.
    """
    text = without_greeting(fold(body))
    if away := _day_away(text, message_day):
        return _unless_another(body, away[0], text[away[1] :])
    lead = LEAD.match(text)
    written = text[lead.end() :] if lead else text
    found = _first_form(written)
    if found is None:
        return None, ""
    match, text = found
    day = _dated(match, message_day, least, most)
    if day is None or (lead and lead["weekday"] and WEEKDAYS[lead["weekday"]] != day.weekday()):
        return None, ""
    return _unless_another(body, day, text[match.end() :])


def is_iso(text: str) -> bool:
    """Whether ``text`` is a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def spoken(day: date, language: str) -> str:
    """A day as people say it, "12 mars 2026"; in a language we have no names for, as YYYY-MM-DD."""
    if language not in LANGUAGES:
        return day.isoformat()
    return format_date(day, "d'er' MMMM y" if (language, day.day) == ("fr", 1) else "d MMMM y", locale=language)


def _first_form(text: str) -> tuple[re.Match[str], str] | None:
    """The form of date that leads ``text``, and the text it is in: there a day in words is written in digits."""
    words = leading_number_word(text) or ((1, 7) if text.startswith("premier ") else None)
    if words:
        text = f"{words[0]}{text[words[1] :]}"
    return next(((found, text) for form in FORMS if (found := form.match(text))), None)


def _day_away(text: str, message_day: date | None) -> tuple[date, int] | None:
    ends = {phrase: phrase_end(text, phrase) for phrase in DAYS_AWAY}
    known = {phrase: end for phrase, end in ends.items() if end is not None}
    if not known or message_day is None:
        return None
    phrase = max(known, key=lambda name: known[name])
    return message_day + timedelta(days=DAYS_AWAY[phrase]), known[phrase]


def _unless_another(body: str, day: date, rest: str) -> tuple[date | None, str]:
    if ANOTHER.match(rest) and not TIME.match(rest):
        return None, ""
    return day, words_beside(body, rest)


def _dated(found: re.Match[str], message_day: date | None, least: date | None, most: date | None) -> date | None:
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else MONTHS[parts["name"]]
    day = int(parts["day"])
    if len(parts["year"] or "") == 4:
        return _day(int(parts["year"]), month, day)
    if parts["year"]:
        return _two_digits(int(parts["year"]), month, day, message_day)
    return _without_year(month, day, message_day, least, most)


def _two_digits(year: int, month: int, day: int, message_day: date | None) -> date | None:
    """Of this century, and only near the day of the message: "65" may be a year of birth."""
    if message_day is None or abs(2000 + year - message_day.year) > YEARS_AROUND:
        raise Unreadable("year-missing")
    return _day(2000 + year, month, day)


def _without_year(month: int, day: int, message_day: date | None, least: date | None, most: date | None) -> date | None:
    """The last such day or the next: the one within bounds, else the one that is near."""
    if message_day is None:
        raise Unreadable("year-missing")
    around = [_day(message_day.year + away, month, day) for away in (-1, 0, 1)]
    days = [each for each in around if each]
    if not days:
        return None
    last = max((each for each in days if each <= message_day), default=None)
    following = min((each for each in days if each > message_day), default=None)
    possible = [
        each for each in (last, following) if each and (not least or least <= each) and (not most or each <= most)
    ]
    near = [each for each in possible if abs((each - message_day).days) <= NEAR]
    meant = near or possible
    if len(meant) != 1:
        raise Unreadable("year-missing")
    return meant[0]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
