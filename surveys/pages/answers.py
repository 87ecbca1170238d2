"""The words for files of answers: what was refused, and why a cell was not taken."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

FAULTS = {
    "not-a-number": _l("This is no number."),
    "too-many-decimals": _l("This number has more decimals than the question takes."),
    "not-a-date": _l("This is no date, such as 2026-12-25 or 25/12/2026."),
    "exclusive-choice": _l("One of these choices cannot be taken together with another."),
    "too-few-chosen": _l("These are fewer choices than the question asks for."),
    "too-many-chosen": _l("These are more choices than the question takes."),
    "rank-left-out": _l("A rank is left out before another one."),
    "ranked-twice": _l("A choice is ranked twice."),
    "more-than-one": _l("These are several answers to a question that takes one."),
    "declined-and-answered": _l("This both answers and declines the question."),
    "out-of-range": _l("This number is outside the scale."),
    "unknown-choice": _l("This is none of the question's choices."),
    "too-long": _l("This text is longer than the question takes."),
    "missing-id": _l("This row does not say whose answers it holds."),
    "repeated": _l("An earlier row holds the answers of the same contact."),
    "unknown-contact": _l("No contact of this principal has this id."),
    "ambiguous-contact": _l("Several contacts have this id."),
}
FILE_FAULTS = {
    "empty-file": _l("The file is empty."),
    "no-rows": _l("The file has a header and no rows."),
    "unreadable-encoding": _l("Its letters cannot be read: save it as UTF-8."),
    "separator-unknown": _l("Its columns cannot be told apart: separate them by commas or semicolons."),
    "duplicate-column": _l("Two of its columns have the same name."),
    "broken-quotes": _l("A quotation mark is never closed."),
}


def fault_words(code: str) -> str:
    """Why a cell or row of a file was not taken."""
    return str(FAULTS[code])


def _listed(values: Any) -> str:
    return ", ".join(map(str, values))


ANSWER_REFUSALS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "not-by-file": lambda facts: _("The programme %(key)s does not take its answers from a file.", key=facts["key"]),
    "unreadable-file": lambda facts: _(
        "This file cannot be read. %(reason)s", reason=FILE_FAULTS.get(facts["reason"], facts["reason"])
    ),
    "unknown-column": lambda facts: _(
        "The file has no column “%(column)s”. It has: %(columns)s.",
        column=facts["column"],
        columns=_listed(facts["columns"]),
    ),
    "unknown-question": lambda facts: _("The questionnaire has no question %(name)s.", name=facts["question"]),
    "no-answer-columns": lambda facts: _(
        "No column is named like a question (%(questions)s). Say which column holds which answer.",
        questions=_listed(facts["questions"]),
    ),
    "no-id-column": lambda facts: _(
        "Say which column names the contact; without that, one of these is looked for: %(usual)s.",
        usual=_listed(facts["usual"]),
    ),
}
