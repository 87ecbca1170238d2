"""Facts of a problem, as they are printed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from surveys.pages.editing import LANGUAGES, TYPES

Facts = Mapping[str, Any]
MOST_LISTED = 12


def listed(values: Any) -> str:
    """Several values with commas between them, one as it is."""
    return ", ".join(map(str, values)) if isinstance(values, (list, tuple, set, frozenset)) else str(values)


def spoken(facts: Facts) -> str:
    """The language a fault is in, by its own name, as it stands beside the fields of the editor; else its code."""
    return LANGUAGES.get(facts["language"], str(facts["language"]))


def of_type(facts: Facts) -> str:
    """A type of question as the editor calls it; the name of one there is none of."""
    return str(TYPES.get(facts["type"], facts["type"]))


def meant(facts: Facts) -> str:
    """What goes on after a wrong name: the one that was probably meant, else those there are."""
    if facts.get("near"):
        return _("; did you mean “%(near)s”?", near=facts["near"])
    if facts.get("known") and len(facts["known"]) <= MOST_LISTED:
        return _("; choose one of %(known)s", known=listed(facts["known"]))
    return ""


def answered(facts: Facts) -> str:
    """The answers with which something happens: "solved: no, effort: 3"; empty where it happens always."""
    return ", ".join(f"{name}: {listed(value)}" for name, value in facts["answers"].items())
