"""What a published version asks, as figures see it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from satisfaction.indicators import Asked, Reading, readings
from surveys.questionnaires import Definition, canonical_json, compile_version
from surveys.questions.base import Question

SCALES = {"satisfaction": (1, 5), "recommendation": (0, 10), "effort": (1, 7), "yes_no": (0, 1)}
WORDING = ("type", "title", "hint", "low_end", "high_end", "sms")
SERIES_DIGITS = 12


def asked_questions(definition: Definition) -> list[Asked]:
    """The questions of a version that a figure may be read from.

    One asked under a condition is left out: those who saw it are no sample of the whole.
    """
    written = {raw["id"]: raw for raw in definition["questions"]}
    return [
        Asked(
            question=question.id,
            kind=question.type.name,
            theme=question.theme or ("solved" if question.id == "solved" else None),
            scale=SCALES[question.type.name],
            series=series(written[question.id]),
            web_only=question.sms is None,
        )
        for question in compile_version(definition).questions
        if _is_counted(question)
    ]


def _is_counted(question: Question) -> bool:
    return question.type.name in SCALES and question.condition is None and question.purpose is None


def series(raw: Mapping[str, Any]) -> str:
    """A digest of what the customer is asked: wording in every language and mode, choices, scale."""
    shown = {name: raw[name] for name in WORDING if name in raw}
    shown["choices"] = [{"id": choice["id"], "label": choice["label"]} for choice in raw.get("choices", ())]
    return hashlib.sha256(canonical_json(shown).encode()).hexdigest()[:SERIES_DIGITS]


def common_readings(definitions: Sequence[Definition]) -> tuple[tuple[Reading, ...], frozenset[str]]:
    """The indicators of the last version, and the questions among them that another version asked differently."""
    each = [{reading.indicator.code: reading for reading in readings(asked_questions(d))} for d in definitions]
    latest = tuple(each[-1].values()) if each else ()
    broken = {
        reading.asked.question
        for reading in latest
        for other in each[:-1]
        if (match := other.get(reading.indicator.code)) is None or match.asked.series != reading.asked.series
    }
    return latest, frozenset(broken)


def counted_value(value: Any) -> int | None:
    """An answer's value as the number that figures count; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return value if isinstance(value, int) else {"yes": 1, "no": 0}.get(value)
