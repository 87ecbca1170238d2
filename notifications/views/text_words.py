"""The words of what is wrong with a text, each with the remedy, and prices as people write them."""

from collections.abc import Callable, Mapping
from typing import Any

from babel.numbers import format_currency
from flask_babel import gettext as _
from flask_babel import ngettext

from foundation.web.i18n import current_language
from notifications.models import SmsPrice
from notifications.texts import Problem

# Each in its own words.
LANGUAGES = {"fr": "Français", "en": "English"}
MILLION = 1_000_000


def _unknown(facts: Mapping[str, Any]) -> str:
    if facts["near"]:
        return _("{%(name)s} is no placeholder of this text. Did you mean {%(near)s}?", **facts)
    known = ", ".join(f"{{{name}}}" for name in facts["known"])
    if not known:
        return _("{%(name)s} is no placeholder: this text has none. Write the words themselves.", name=facts["name"])
    return _("{%(name)s} is no placeholder of this text. It may use: %(known)s.", name=facts["name"], known=known)


def _quoted(word: str) -> str:
    return _("“%(word)s”", word=word)


PROBLEMS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "empty": lambda facts: _("There are no words. Write what the message says."),
    "no-subject": lambda facts: _("An e-mail needs a subject."),
    "unknown-place": _unknown,
    "lone-brace": lambda facts: _(
        "There is a %(found)s without its other half. Write placeholders like {link}, or leave it out.", **facts
    ),
    "missing-place": lambda facts: _(
        "{%(name)s} is missing: %(meaning)s. Put it where it belongs in the words.",
        name=facts["name"],
        meaning=facts["meaning"][current_language()],
    ),
    "missing-mention": lambda facts: _(
        "The word %(word)s is missing: say that the person may answer %(word)s, and what for.", **facts
    ),
    "promotional": lambda facts: _(
        "This advertises: %(words)s. Messages about a person's own contact may not, without their consent; "
        "say it without these words.",
        words=", ".join(map(_quoted, facts["words"])),
    ),
    "too-long": lambda facts: ngettext(
        "With the longest values it takes %(parts)s parts; %(num)s is the most. Say it in fewer words.",
        "With the longest values it takes %(parts)s parts; %(num)s are the most. Say it in fewer words.",
        facts["most"],
        parts=facts["parts"],
    ),
}


def problem(found: Problem) -> str:
    """Return what is wrong and what to do, in one or two sentences."""
    return PROBLEMS[found.code](found.facts)


def money(parts: int, price: SmsPrice | None) -> str:
    """Return what so many parts cost; empty while nobody wrote down the price of one."""
    if price is None:
        return ""
    amount = parts * price.millionths / MILLION
    pattern = "#,##0.00##\u00a0¤" if current_language() == "fr" else "¤#,##0.00##"
    return format_currency(amount, price.currency, pattern, locale=current_language(), currency_digits=False)
