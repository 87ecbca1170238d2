"""A text with values to be filled in, and days as letters and SMS write them.

``short`` goes by SMS: letters of the GSM alphabet only, the company first.
"""

from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_date

from notifications.segments import fold
from notifications.texts import fill, places_in


@dataclass(frozen=True)
class Wording:
    """One text: the subject of an e-mail, its body, and what an SMS says instead.

    ``folded``: the SMS is written in GSM letters only. The ids name the stored versions that e-mail and SMS come from;
    None: the product's own words, or a handler's.
    """

    subject: str
    body: str
    short: str
    folded: bool = True
    email_id: int | None = None
    sms_id: int | None = None

    def fill(self, **values: str) -> "Wording":
        """Return the text with every value in its place. Raises KeyError for a value that is missing."""
        named = places_in(self.subject + self.body + self.short)
        if missing := named - set(values):
            raise KeyError(*sorted(missing))
        subject, body, short = (fill(text, **values) for text in (self.subject, self.body, self.short))
        return replace(self, subject=subject, body=body, short=short)

    @property
    def sms(self) -> str:
        """What goes by SMS: the short text, in GSM letters where that was chosen."""
        return fold(self.short) if self.folded else self.short


def day_in_words(day: date, language: str) -> str:
    """Return « mardi 1er décembre 2026 » or "Tuesday 1 December 2026"."""
    words = format_date(day, "EEEE d MMMM y", locale=language)
    return words.replace(" 1 ", " 1er ") if language == "fr" else words


def day_in_figures(day: date, language: str) -> str:
    """Return 01/12/2026, the same in both languages' SMS."""
    return format_date(day, "dd/MM/y", locale=language)
