"""The words for what a questionnaire cannot be by SMS."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from surveys.pages.facts import Facts, listed, of_type, spoken

BY_SMS: dict[str, Callable[[Facts], str]] = {
    "promotional": lambda facts: _(
        "in “%(language)s”, the text advertises, which a survey may not: %(words)s",
        language=spoken(facts),
        words=", ".join(facts["words"]),
    ),
    "sms-letters": lambda facts: _(
        "in “%(language)s”, these letters double the price of the SMS: %(letters)s. Write it without them, or allow"
        " them with “ucs2”",
        language=spoken(facts),
        letters=facts["letters"],
    ),
    "too-many-parts": lambda facts: ngettext(
        "in “%(language)s”, the SMS takes up to %(parts)s parts; %(num)s is the most: shorten it, or allow more with"
        " “parts”",
        "in “%(language)s”, the SMS takes up to %(parts)s parts; %(num)s are the most: shorten it, or allow more with"
        " “parts”",
        facts["most"],
        language=spoken(facts),
        parts=facts["parts"],
    ),
    "not-for-sms": lambda facts: _(
        "a question of type “%(type)s” cannot be answered by SMS: ask it on the web only (in a file: “sms” false)",
        type=of_type(facts),
    ),
    "too-many-choices": lambda facts: _(
        "by SMS a choice is replied to with one digit, and there are %(found)s: keep %(most)s, or ask it on the"
        " web only",
        found=facts["found"],
        most=facts["most"],
    ),
    "own-words-filtered": lambda _facts: _(
        "its own words by SMS list every choice, but some are not always shown: take out these words, or the conditions"
        " of the choices"
    ),
    "own-words-shuffled": lambda _facts: _(
        "its own words by SMS number the choices, so by SMS they are not shuffled: take out these words to shuffle them"
    ),
    "place-not-by-sms": lambda facts: _(
        "in “%(language)s”, the text names {%(name)s}, which is not asked by SMS: there it will say “...”",
        language=spoken(facts),
        name=facts["name"],
    ),
    "jump-not-by-sms": lambda facts: _(
        "it is not asked by SMS, so there it does not jump, and %(names)s are asked: give them a condition instead",
        names=listed(facts["names"]),
    ),
    "nothing-by-sms": lambda _facts: _(
        "no question is asked by SMS: only a programme that invites to the web can use this questionnaire"
    ),
}
