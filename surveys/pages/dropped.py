"""The words for what a SurveyJS document had and the questionnaire has not."""

import json
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from surveys.formats.report import Dropped

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
}


def dropped_words(dropped: Dropped) -> str:
    """What was left out or changed; the place is printed beside it."""
    return _WORDS[dropped.code](dropped.value)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
