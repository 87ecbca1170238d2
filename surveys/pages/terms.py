"""The words for what a version of a programme says."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from surveys.pages.words import (
    CHANNELS,
    COLLECTIONS,
    DIRECTIONS,
    DRAW_KINDS,
    METHODS,
    OUTCOMES,
    PROMISES,
    field_words,
    language_words,
)
from surveys.weighting import Weighting

TERMS = {
    "version_id": _l("Questionnaire"),
    "collection": _l("Collection"),
    "promise": _l("Promise"),
    "low_score": _l("Low score"),
    "rules": _l("Who may be drawn"),
    "strata": _l("Strata"),
    "method": _l("How the sample is shared"),
    "sample_size": _l("How many to draw"),
    "minimum": _l("At least from each stratum"),
    "fixed_sizes": _l("Number for each stratum"),
    "validity_days": _l("Link open for"),
    "send_delay_hours": _l("Delay after the contact"),
    "reminders": _l("Reminders at most"),
    "reminder_gap_hours": _l("Between two messages at least"),
    "quarantine_days": _l("Days without a new invitation"),
    "sending_window": _l("When messages go out"),
    "names_agent": _l("Agent named in texts"),
    "draw_kind": _l("Kind of draw"),
    "design": _l("Design of the sample"),
    "weighting": _l("How answers are weighed"),
}
_CODES: Mapping[str, Mapping[str, Any]] = {
    "collection": COLLECTIONS,
    "promise": PROMISES,
    "method": METHODS,
    "draw_kind": DRAW_KINDS,
}


def term_words(name: str, value: Any, questionnaires: Mapping[int, str]) -> str:
    """One value as a person reads it; ``questionnaires`` has the names of versions by their ids."""
    if name in _CODES:
        return str(_CODES[name][value])
    if name == "version_id":
        return questionnaires.get(value, str(value))
    if name == "rules":
        return _rules(value)
    if name == "strata":
        return " × ".join(field_words(field) for field in value) or _("one only")
    if name == "design" and "rates" in value:
        rates = dict(value["rates"])
        first = [_("%(rate)s of each stratum", rate=rates.pop("", ""))]
        return ", ".join([*first, *(f"{stratum}: {rate}" for stratum, rate in rates.items())])
    if name == "weighting":
        return _weighting(Weighting.from_json(value))
    if name in ("fixed_sizes", "design"):
        return ", ".join(f"{name}: {size}" for name, size in value.items()) or "–"
    if name == "names_agent":
        return _("yes") if value else _("no")
    if name == "sending_window":
        return str(value.get("key", "")) if value else _("at any hour")
    if name in ("validity_days", "quarantine_days"):
        return ngettext("%(num)s day", "%(num)s days", value)
    if name in ("send_delay_hours", "reminder_gap_hours"):
        return ngettext("%(num)s hour", "%(num)s hours", value)
    return "–" if value is None else str(value)


def _weighting(said: Weighting) -> str:
    joins = " → ".join(field_words(name) for name in said.merge)
    totals = [" × ".join(field_words(name) for name in margin) for margin in said.rake]
    words = [_("short strata join: %(order)s", order=joins)] if joins else []
    return "; ".join([*words, *([_("totals met: %(totals)s", totals=", ".join(totals))] if totals else [])]) or "–"


def _rules(rules: Mapping[str, Any]) -> str:
    said = [str(OUTCOMES[name]) for name in rules["outcomes"]] + [str(DIRECTIONS[name]) for name in rules["directions"]]
    if rules.get("max_age_days"):
        said.append(ngettext("%(num)s day old at most", "%(num)s days old at most", rules["max_age_days"]))
    return ", ".join([*said, *more_rules(rules)])


def more_rules(rules: Mapping[str, Any]) -> list[str]:
    """What the rules say beside outcomes, directions and age: one piece of text for each."""
    said = [str(CHANNELS[name]) for name in rules.get("channels", ())]
    said += [language_words(name) for name in rules.get("languages", ())]
    said += [*rules.get("reasons", ()), *rules.get("entry_points", ())]
    said += [text(name=rules[name]) for name, text in _COLUMNS.items() if rules.get(name)]
    said += [_CAPS[name](rules[name]) for name in _CAPS if rules.get(name)]
    said += [_("only sites in the certified scope")] if rules.get("certified_only") else []
    said += [str(_BLOCKED[name]) for name in _BLOCKED if rules.get(name) == "block"]
    if rules.get("answered_days"):
        said.append(ngettext("%(num)s day after an answer", "%(num)s days after an answer", rules["answered_days"]))
    return said


_COLUMNS: Mapping[str, Any] = {
    "mark": lambda name: _("not where %(name)s says so", name=name),
    "consent": lambda name: _("only where %(name)s says so", name=name),
}
_CAPS: Mapping[str, Any] = {
    "per_person": lambda cap: _("%(most)s invitations of one person in %(days)s days", **cap),
    "per_agent": lambda cap: _("%(most)s invitations about one agent in %(days)s days", **cap),
    "per_entry_point": lambda cap: _("%(most)s invitations about one entry point in %(days)s days", **cap),
}
_BLOCKED = {
    "complaint": _l("an open complaint blocks"),
    "answered": _l("a recent answer blocks"),
}
