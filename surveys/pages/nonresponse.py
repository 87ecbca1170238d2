"""The words for the variables of the frame and their values."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from surveys.anonymity import TOGETHER
from surveys.pages.words import FIELDS, OUTCOMES, field_words, language_words
from surveys.pages.words import value_words as field_value

VARIABLES: Mapping[str, Any] = {
    **FIELDS,
    "outcome": _l("Outcome"),
    "weekday": _l("Day of the week"),
    "hour": _l("Hour"),
    "age": _l("Age of the contact at the draw"),
}


def variable_words(name: str) -> str:
    return str(VARIABLES[name]) if name in VARIABLES else field_words(name)


def value_words(name: str, value: str, sites: Mapping[str, str]) -> str:
    """A value as a person reads it."""
    if value == TOGETHER:
        return _("others, fewer than five answers each")
    if name == "weekday":
        return str(get_locale().days["stand-alone"]["wide"][int(value)])
    if name == "hour":
        return _("%(first)s h to %(last)s h", first=int(value), last=int(value) + 1)
    if name == "age":
        return _age(value)
    if name == "outcome":
        return str(OUTCOMES.get(value, value))
    if name == "language":
        return language_words(value) if value else _("not given")
    return field_value(name, value, sites)


def _age(value: str) -> str:
    if value.startswith(">"):
        return _("more than %(days)s days", days=value[1:])
    return ngettext("%(num)s day or less", "up to %(num)s days", int(value))
