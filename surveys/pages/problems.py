"""The words for what forbids publishing a questionnaire."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from surveys.publication import Problem

Facts = Mapping[str, Any]


def problem_words(problem: Problem) -> str:
    """What is wrong and what to do; the place is printed beside it."""
    return _PROBLEMS[problem.code](problem.facts) if problem.code in _PROBLEMS else problem.code


def _listed(values: Any) -> str:
    return ", ".join(map(str, values)) if isinstance(values, (list, tuple, set, frozenset)) else str(values)


def _empty_label(facts: Facts) -> str:
    if "language" not in facts:
        return _("a text is missing")
    return _("the text in “%(language)s” is empty", language=facts["language"])


_PROBLEMS: dict[str, Callable[[Facts], str]] = {
    "unknown-format": lambda facts: _("the format must be “%(known)s”", known=facts["known"]),
    "no-languages": lambda _facts: _("list the languages of the questionnaire, two letters each"),
    "no-questions": lambda _facts: _("there is no question"),
    "bad-id": lambda facts: _(
        "“%(found)s” cannot be an id: small letters, digits and _, beginning with a letter",
        found=_listed(facts["found"]),
    ),
    "unknown-type": lambda facts: _(
        "there is no type “%(found)s”; known are %(known)s", found=facts["found"], known=_listed(facts["known"])
    ),
    "bad-value": lambda facts: _("“%(found)s” cannot stand here", found=_listed(facts["found"])),
    "unknown-purpose": lambda facts: _(
        "“%(found)s” is not known here; known are %(known)s", found=facts["found"], known=_listed(facts["known"])
    ),
    "unknown-theme": lambda facts: _(
        "“%(found)s” is no theme; choose one of %(known)s", found=_listed(facts["found"]), known=_listed(facts["known"])
    ),
    "not-for-type": lambda facts: _(
        "“%(name)s” means nothing for a question of type %(type)s: take it out", name=facts["name"], type=facts["type"]
    ),
    "out-of-bounds": lambda facts: _(
        "“%(found)s” must be a whole number from %(least)s to %(most)s",
        found=_listed(facts["found"]),
        least=facts["least"],
        most=facts["most"],
    ),
    "bounds-crossed": lambda facts: _(
        "the least, %(least)s, is above the most, %(most)s: exchange them", least=facts["least"], most=facts["most"]
    ),
    "more-than-choices": lambda facts: _(
        "%(found)s choices are wanted and there are %(choices)s: lower “least” and “most”, or add choices",
        found=facts["found"],
        choices=facts["choices"],
    ),
    "duplicate-id": lambda facts: _("the id “%(id)s” is used twice", id=facts["id"]),
    "no-choices-here": lambda facts: _("a question of type %(type)s has no choices", type=facts["type"]),
    "wrong-choices": lambda facts: _(
        "the choices must be %(expected)s, not %(found)s",
        expected=_listed(facts["expected"]),
        found=_listed(facts["found"]),
    ),
    "too-few-choices": lambda _facts: _("give two choices or more"),
    "bad-condition": lambda facts: _("the condition “%(found)s” cannot be read", found=facts["found"]),
    "unknown-name": lambda facts: _("“%(name)s” is not known here", name=facts["name"]),
    "empty-label": _empty_label,
    "missing-translation": lambda facts: _("the text in “%(language)s” is missing", language=facts["language"]),
    "unknown-language": lambda facts: _(
        "there is a text in “%(language)s”, which is no language of the questionnaire", language=facts["language"]
    ),
    "later-question": lambda facts: _("the condition looks at “%(name)s”, which is asked later", name=facts["name"]),
    "wrong-value": lambda facts: _(
        "“%(name)s” never has the value “%(value)s”", name=facts["name"], value=facts["value"]
    ),
    "not-asked-by-sms": lambda facts: _(
        "the condition looks at “%(name)s”, which is not asked by SMS", name=facts["name"]
    ),
    "promotional": lambda facts: _(
        "in “%(language)s”, the SMS advertises, which a survey may not: %(words)s",
        language=facts["language"],
        words=", ".join(facts["words"]),
    ),
    "sms-letters": lambda facts: _(
        "in “%(language)s”, these letters double the price of the SMS: %(letters)s",
        language=facts["language"],
        letters=facts["letters"],
    ),
    "too-many-parts": lambda facts: ngettext(
        "in “%(language)s”, the SMS takes %(parts)s parts; %(num)s is the most",
        "in “%(language)s”, the SMS takes %(parts)s parts; %(num)s are the most",
        facts["most"],
        language=facts["language"],
        parts=facts["parts"],
    ),
}
