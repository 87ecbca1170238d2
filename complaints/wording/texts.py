"""A text with values to be filled in, and days as letters and SMS write them.

``short`` goes by SMS: letters of the GSM alphabet only, the company first.
"""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date


@dataclass(frozen=True)
class Wording:
    """One text: the subject of an e-mail, its body, and what an SMS says instead."""

    subject: str
    body: str
    short: str

    def fill(self, **values: str) -> "Wording":
        """Return the text with every value in its place. Raises KeyError for a value that is missing."""
        filled = (text.format_map(values) for text in (self.subject, self.body, self.short))
        return Wording(*filled)


def day_in_words(day: date, language: str) -> str:
    """Return « mardi 1er décembre 2026 » or "Tuesday 1 December 2026"."""
    words = format_date(day, "EEEE d MMMM y", locale=language)
    return words.replace(" 1 ", " 1er ") if language == "fr" else words


def day_in_figures(day: date, language: str) -> str:
    """Return 01/12/2026, the same in both languages' SMS."""
    return format_date(day, "dd/MM/y", locale=language)
