"""The words for what forbids publishing a questionnaire, or is worth a second look: what it is, and how to mend it."""

from collections.abc import Callable

from flask_babel import gettext as _

from surveys.pages.facts import Facts, listed, meant, spoken
from surveys.pages.logic_problems import LOGIC
from surveys.pages.sms_problems import BY_SMS
from surveys.publication import Problem


def problem_words(problem: Problem) -> str:
    """What is wrong and what to do; the place is printed beside it."""
    say = _FORM.get(problem.code) or LOGIC.get(problem.code) or BY_SMS.get(problem.code)
    return say(problem.facts) if say else problem.code


def place_words(problem: Problem) -> str:
    """Where it is, for a person: “question “solved”, words by SMS”."""
    return ", ".join(_places(problem.where.split(".")))


def _places(parts: list[str]) -> list[str]:
    named = {
        "questions": lambda name: _("question “%(name)s”", name=name),
        "choices": lambda name: _("choice “%(name)s”", name=name),
        "jumps": lambda number: _("jump %(number)s", number=int(number) + 1),
        "messages": lambda name: _("message “%(name)s”", name=name),
    }
    said = []
    while parts:
        head, *parts = parts
        if head in named and parts:
            said.append(named[head](parts[0]))
            parts = parts[1:]
        else:
            said.append(_KEYS[head]() if head in _KEYS else head)
    return said


_KEYS: dict[str, Callable[[], str]] = {
    "title": lambda: _("title"),
    "hint": lambda: _("hint"),
    "label": lambda: _("label"),
    "sms": lambda: _("words by SMS"),
    "visible_if": lambda: _("condition to be shown"),
    "required_if": lambda: _("condition to be required"),
    "if": lambda: _("condition"),
    "to": lambda: _("target"),
    "page": lambda: _("page"),
    "choices": lambda: _("choices"),
    "questions": lambda: _("questions"),
    "languages": lambda: _("languages"),
    "low_end": lambda: _("name of the low end"),
    "high_end": lambda: _("name of the high end"),
    "not_applicable": lambda: _("“not applicable”"),
    "prefer_not": lambda: _("“I prefer not to answer”"),
    "consent": lambda: _("label of the box"),
    "theme": lambda: _("theme"),
    "least": lambda: _("least"),
    "most": lambda: _("most"),
    "parts": lambda: _("parts of an SMS"),
}


def _empty_label(facts: Facts) -> str:
    if "language" not in facts:
        return _("a text is missing: write it in each language")
    return _("the text in “%(language)s” is empty: write it", language=spoken(facts))


def _unknown_name(facts: Facts) -> str:
    return _("“%(name)s” is not known here", name=facts["name"]) + meant(facts)


_FORM: dict[str, Callable[[Facts], str]] = {
    "unknown-format": lambda facts: _("the format must be “%(known)s”", known=facts["known"]),
    "no-languages": lambda _facts: _("list the languages of the questionnaire, two letters each"),
    "no-questions": lambda _facts: _("there is no question"),
    "bad-id": lambda facts: _(
        "“%(found)s” cannot be an id: small letters, digits and _, beginning with a letter",
        found=listed(facts["found"]),
    ),
    "unknown-type": lambda facts: _(
        "there is no type “%(found)s”; known are %(known)s", found=facts["found"], known=listed(facts["known"])
    ),
    "bad-value": lambda facts: (
        _("something is missing here: write it")
        if facts["found"] is None
        else _("“%(found)s” cannot stand here", found=listed(facts["found"]))
    ),
    "unknown-purpose": lambda facts: _(
        "“%(found)s” is not known here; known are %(known)s", found=facts["found"], known=listed(facts["known"])
    ),
    "unknown-theme": lambda facts: _(
        "“%(found)s” is no theme; choose one of %(known)s", found=listed(facts["found"]), known=listed(facts["known"])
    ),
    "not-for-type": lambda facts: _(
        "“%(name)s” means nothing for a question of type %(type)s: take it out", name=facts["name"], type=facts["type"]
    ),
    "out-of-bounds": lambda facts: _(
        "“%(found)s” must be a whole number from %(least)s to %(most)s",
        found=listed(facts["found"]),
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
    "duplicate-id": lambda facts: _("the id “%(id)s” is used twice: give one of them another", id=facts["id"]),
    "no-choices-here": lambda facts: _("a question of type %(type)s has no choices", type=facts["type"]),
    "wrong-choices": lambda facts: _(
        "the choices must be %(expected)s, not %(found)s",
        expected=listed(facts["expected"]),
        found=listed(facts["found"]),
    ),
    "too-few-choices": lambda _facts: _("give two choices or more"),
    "unknown-name": _unknown_name,
    "empty-label": _empty_label,
    "missing-translation": lambda facts: _(
        "the text in “%(language)s” is missing: translate it", language=spoken(facts)
    ),
    "unknown-language": lambda facts: _(
        "there is a text in “%(language)s”, which is no language of the questionnaire", language=spoken(facts)
    ),
    "reserved-id": lambda facts: _(
        "the id “%(id)s” means something in texts and conditions already: choose one that is none of %(reserved)s",
        id=facts["id"],
        reserved=listed(facts["reserved"]),
    ),
    "exclusive-and-least": lambda facts: _(
        "this choice cannot be taken with another, and %(least)s must be taken: set “least” to 1, or let it go"
        " together",
        least=facts["least"],
    ),
    "page-broken": lambda facts: _(
        "page “%(page)s” began with “%(first)s” and was left since: move this question to the others, or give it"
        " another page",
        page=facts["page"],
        first=facts["first"],
    ),
    "same-page": lambda facts: _(
        "it waits for %(names)s on the same page, so the page has to be sent once before it appears: give it a page of"
        " its own",
        names=listed(facts["names"]),
    ),
}
