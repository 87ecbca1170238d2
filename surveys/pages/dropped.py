"""The words for what a file had and the questionnaire has not, and for what became of each question."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from surveys.formats.report import Dropped, Fate

LONGEST = 80
_WORDS: dict[str, Callable[[Any], str]] = {
    "unknown-type": lambda value: _("there is no such type of question here: %(value)s", value=_short(value)),
    "unknown-scale": lambda value: _("scales here go from 1 to 5, 0 to 10 or 1 to 7: %(value)s", value=_short(value)),
    "unknown-property": lambda value: _("this has no meaning here: %(value)s", value=_short(value)),
    "unknown-trigger": lambda value: _("there is no jump like this here: %(value)s", value=_short(value)),
    "markup": lambda value: _("the words came, without their formatting: %(value)s", value=_short(value)),
    "bad-condition": lambda value: _(
        "this condition cannot be read, the question is always asked: %(value)s", value=_short(value)
    ),
    "renamed": lambda value: _("“%(old)s” became the id “%(new)s”", old=value["from"], new=value["to"]),
    "unknown-language": lambda value: _("a text in the language “%(value)s”", value=_short(value)),
    "language-changed": lambda value: _("the language “%(old)s” is “%(new)s” here", old=value["from"], new=value["to"]),
    "lowered": lambda value: _("ids are in small letters here: %(value)s", value=_pairs(value)),
    "split": lambda value: _("it became several questions: %(value)s", value=", ".join(value)),
    "scale-as-number": lambda value: _(
        "there is no scale from 1 to 10 here; each row asks for a number: %(value)s", value=", ".join(value)
    ),
    "other-answer": lambda _value: _("an answer in words beside the list; ask for it in a question of its own"),
    "constraint": lambda value: _("only bounds are checked here, not this rule: %(value)s", value=_short(value)),
    "attribute": lambda value: _("a setting of LimeSurvey without a meaning here: %(value)s", value=_short(value)),
    "table": lambda value: _("a part of the file that has no place in a questionnaire: %(value)s", value=_short(value)),
    "run": lambda _value: _("how the survey was run there: its dates, e-mails, access and looks"),
    "unknown-place": lambda value: _("nothing is known here to put in this place: %(value)s", value=_short(value)),
    "choice-filter": lambda value: _(
        "lists are not filtered by columns; all choices are shown: %(value)s", value=_short(value)
    ),
    "calculation": lambda value: _("nothing is calculated here: %(value)s", value=_short(value)),
    "appearance": lambda value: _("how it looks is decided here by its type: %(value)s", value=_short(value)),
    "repeat": lambda value: _("questions are not repeated here: %(value)s", value=_short(value)),
}
_STATES: dict[str, Callable[[], str]] = {
    "kept": lambda: _("as it was"),
    "changed": lambda: _("changed"),
    "dropped": lambda: _("not taken over"),
}


def state_words(fate: Fate) -> str:
    """What became of a question of the file."""
    return _STATES[fate.state]()


def counted(fates: Sequence[Fate]) -> dict[str, int]:
    """How many questions came as they were, changed, and not at all."""
    return {state: sum(fate.state == state for fate in fates) for state in _STATES}


def _pairs(value: Sequence[Any]) -> str:
    shown = ", ".join(f"{pair['from']} → {pair['to']}" for pair in value[:3])
    return shown if len(value) <= 3 else f"{shown}, …"


def dropped_words(dropped: Dropped) -> str:
    """What was left out or changed; the place is printed beside it."""
    return _WORDS[dropped.code](dropped.value)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
