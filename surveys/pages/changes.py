"""The edits between two versions in words: what was changed, from what to what, and which class that is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from foundation.web.i18n import current_language
from notifications.previews import Run, compared
from surveys.edit_classes import COSMETIC, SCALE, WORDING, Change
from surveys.pages.editing import POLARITIES, PURPOSES, QUESTION_FIELDS, THEMES, TYPES, WANTS, language_name

CLASSES = {COSMETIC: _l("Cosmetic"), WORDING: _l("Wording"), SCALE: _l("Scale")}
MEANINGS = {
    COSMETIC: _l("What is asked and what may be answered stay the same: series go on."),
    WORDING: _l("Somebody reads, hears or is led to something else: the series of the questions concerned begin anew."),
    SCALE: _l(
        "An answer can have other values, or the same value means something else: the series begin anew, and no figure"
        " from before and after is ever put together."
    ),
}
FIELDS = {
    "question": _l("Question"),
    "language": _l("Language"),
    "first_language": _l("Language where a customer's own is missing"),
    "before": _l("Questions before it"),
    "passed_over": _l("Jumps that lead past it"),
    "asked_by_sms": _l("Asked by SMS"),
    "choices": _l("Choices, in their order"),
    **{name: words for name, words in QUESTION_FIELDS.items() if name != "choices"},
}
VOCABULARIES: Mapping[str, Mapping[str, Any]] = {
    "type": TYPES, "theme": THEMES, "purpose": PURPOSES, "polarity": POLARITIES, "wants": WANTS,
}  # fmt: skip
#: What holds where nothing is written.
USUAL: Mapping[str, Any] = {"polarity": "higher", "decimals": 0}
#: Fields that every question behind a moved one changes in; they are told together.
SHARED = ("before",)


@dataclass(frozen=True)
class Line:
    """One change as it is shown. ``old`` and ``new`` are runs of words, each with whether the other has it not."""

    what: str
    kind: str
    language: str
    old: list[Run]
    new: list[Run]


@dataclass(frozen=True)
class Group:
    """The changes of one question; ``question`` "" for the whole."""

    question: str
    title: str
    lines: list[Line]
    state: str = ""  # added, removed


def groups(found: Sequence[Change], titles: Mapping[str, str]) -> list[Group]:
    """The changes by question, without those that many questions share. ``titles`` has the title of each question."""
    told = [change for change in found if change.field not in SHARED]
    return [_group(name, list(some), titles) for name, some in groupby(told, key=lambda change: change.question)]


def moved(found: Sequence[Change]) -> list[str]:
    """The questions that come after other questions than before."""
    return [change.question for change in found if change.field in SHARED]


def titles_of(*definitions: Mapping[str, Any]) -> dict[str, str]:
    """The title of every question in the reader's language; that of the last definition that has it."""
    return {raw["id"]: _spoken(raw.get("title")) for definition in definitions for raw in definition["questions"]}


def _group(name: str, found: Sequence[Change], titles: Mapping[str, str]) -> Group:
    whole = next((change for change in found if change.field == "question"), None)
    state = "" if whole is None else "added" if whole.before is None else "removed"
    return Group(name, titles.get(name, ""), [_line(change) for change in found], state)


def _line(change: Change) -> Line:
    old, new = compared(_value_words(change, change.before), _value_words(change, change.after))
    return Line(field_words(change), change.kind, change.language, old, new)


def field_words(change: Change) -> str:
    """The name of what was changed: "choices.yes.label.fr" → Label · yes · Français."""
    parts = change.field.split(".")
    if parts[0] == "choices" and len(parts) > 1:
        named = [_field(parts[2]), parts[1]]
    elif parts[0] == "messages":
        named = [str(QUESTION_FIELDS["messages"]), parts[1]]
    elif change.question == "" and parts[0] == "title":
        named = [_("Title of the questionnaire")]
    else:
        named = [_field(parts[0])]
    if change.language and change.field != "language":
        named.append(language_name(change.language))
    return " · ".join(named)


def _field(name: str) -> str:
    return str(FIELDS.get(name, name))


def _value_words(change: Change, value: Any) -> str:
    name = change.field.split(".")[-2 if change.language and "." in change.field else -1]
    if change.field == "question":
        return _spoken(value)
    if name in ("language", "first_language"):
        return language_name(value) if value else _("none")
    value = USUAL.get(name) if value is None else value
    if value is None or value == []:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in VOCABULARIES:
        return str(VOCABULARIES[name].get(str(value), value))
    return _WRITTEN.get(name, _plain)(value)


def _plain(value: Any) -> str:
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)


def _jumps(value: Any) -> str:
    """Jumps as their conditions and aims; "end" is the end of the interview."""
    return " · ".join(_jump(*jump) for jump in value)


def _jump(condition: str | None, aim: str | None) -> str:
    to = _("the end") if aim == "end" else str(aim)
    return _("to %(aim)s when %(condition)s", aim=to, condition=condition) if condition else _("to %(aim)s", aim=to)


def _passing(value: Any) -> str:
    return " · ".join(f"{name} ({_jumps(jumps)})" for name, *jumps in value)


_WRITTEN: Mapping[str, Callable[[Any], str]] = {"jumps": _jumps, "passed_over": _passing}


def _spoken(texts: Any) -> str:
    """A text in the reader's language, else in the first there is."""
    known = texts if isinstance(texts, Mapping) else {}
    return str(known.get(current_language()) or next(iter(known.values()), ""))
