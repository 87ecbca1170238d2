"""Numbers as people write them: digits in groups, a comma or a point, words, and the unit the question asked for."""

import re

from surveys.number_words import leading_number_word
from surveys.replies import Unreadable, fold, stands_alone, without_greeting, words_beside

WRITTEN = r"-?(?:[1-9]\d{0,2}(?: \d{3})+|\d{1,9})(?:[.,]\d+)?(?!\d)"
ABOUT = re.compile(r"(?:environ|a peu pres|autour de|about|around|approximately|approx\.?|~)\s*")
AT_LEAST = re.compile(r"\s*(?:\+|(?:et|ou) (?:plus|moins)\b|or (?:more|less)\b|and more\b)")
UNITS = {
    "times": "fois|times",
    "day": "jours?|days?",
    "hour": "heures?|hours?|h",
    "minute": "minutes?|mins?|mn",
    "week": "semaines?|weeks?",
    "month": "mois|months?",
    "year": "ans|annees?|years?",
    "call": "appels?|calls?",
    "person": "personnes?|persons?|people",
    "euro": "euros?|eur|€",
    "percent": "%|pour cent|percent",
}


def number(text: str, decimals: int) -> int | float | None:
    """The number ``text`` consists of: an int if ``decimals`` is 0, else a float; None if it is no number.

    Raises Unreadable ``too-many-decimals``, also where "1,200" may be twelve hundred or one and a fifth.
    """
    found = re.fullmatch(WRITTEN, fold(text))
    return _value(found[0], decimals) if found else None


def leading(body: str, decimals: int, asked: str) -> tuple[int | float | None, str]:
    """The number that leads a reply and the words beside it; None if it gives none or more than one reading.

    A unit may follow if ``asked``, the words of the question, names it: "2 heures" is no number of minutes.
    """
    text = without_greeting(fold(body))
    about = ABOUT.match(text)
    text = text[about.end() :] if about else text
    found = re.match(WRITTEN, text)
    said = (_value(found[0], decimals), found.end()) if found else leading_number_word(text)
    if said is None:
        return None, ""
    given = float(said[0]) if decimals else said[0]
    rest = _after_unit(text[said[1] :], asked)
    if AT_LEAST.match(rest) or not stands_alone(rest, written=text[:1].isalpha()):
        return None, ""
    return given, words_beside(body, rest)


def _value(written: str, decimals: int) -> int | float:
    whole, _, fraction = written.replace(" ", "").replace(",", ".").partition(".")
    # Three decimals where fewer are asked are more likely thousands; zeros of a spreadsheet ("4.0") say nothing.
    if len(fraction) > decimals and (len(fraction) == 3 or fraction.strip("0")):
        raise Unreadable("too-many-decimals")
    return round(float(f"{whole}.{fraction or 0}"), decimals) + 0.0 if decimals else int(whole)


def _after_unit(rest: str, asked: str) -> str:
    """What follows the unit, if one follows that the question names; else ``rest``."""
    words = fold(asked)
    for unit in UNITS.values():
        found = re.match(rf"\s*(?:{unit})(?!\w)", rest)
        if found and re.search(rf"(?<!\w)(?:{unit})(?!\w)", words):
            return rest[found.end() :]
    return rest
