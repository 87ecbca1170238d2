"""The expressions of a SurveyJS document, about questions and choices that may have other ids with us."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from surveys.comparisons import Comparison
from surveys.conditions import BadCondition, Condition, parse_condition
from surveys.connectives import mapped
from surveys.formats.report import Notes

NAMED = re.compile(r"\{\s*([^{}]*?)\s*\}")


class Conditions:
    """``names``: their name of a question → our id. ``values``: our id → their value of a choice → its id with us."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.names: dict[str, str] = {}
        self.values: dict[str, dict[Any, str]] = {}

    def read(self, holder: Mapping[str, Any], key: str, where: str) -> Condition | None:
        """The condition under ``key``; None if there is none, or if it cannot be read, which is noted."""
        written = holder.get(key)
        if written is None:
            return None
        found = self.parsed(written)
        if found is None:
            self.notes.drop(f"{where}.{key}".lstrip("."), "bad-condition", written)
        return found

    def parsed(self, written: Any) -> Condition | None:
        """The condition as it is about our questions and choices; None if it is outside the subset."""
        renamed = NAMED.sub(lambda found: f"{{{self.names.get(found[1], found[1])}}}", str(written))
        try:
            return Condition(mapped(parse_condition(renamed).root, self._about_our_choices))
        except BadCondition:
            return None

    def spelled(self, condition: Condition, written: Any, original: Any = None) -> str:
        """The condition as its author wrote it, where that still says the same, else in our own spelling."""
        for text in (original, written):
            try:
                if isinstance(text, str) and parse_condition(text) == condition:
                    return text
            except BadCondition:
                continue
        return str(condition)

    def _about_our_choices(self, comparison: Comparison) -> Comparison:
        known = self.values.get(comparison.name, {})
        operand = comparison.operand
        if isinstance(operand, tuple):
            return replace(comparison, operand=tuple(known.get(value, value) for value in operand))
        return replace(comparison, operand=known[operand]) if operand in known else comparison
