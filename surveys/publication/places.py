"""Where conditions and texts stand in a questionnaire, and what they may look at from there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.conditions import Condition, parse_condition
from surveys.definitions import Definition
from surveys.questions.base import Question


@dataclass(frozen=True)
class Place:
    """A condition as it is written: ``key`` is visible_if, required_if, choices or jumps; ``where`` names it whole."""

    question_id: str
    where: str
    key: str
    condition: Condition


def conditions(raw: Mapping[str, Any]) -> Iterator[Place]:
    """Every condition of a question whose form is right, in the order in which they are looked at."""
    where = f"questions.{raw['id']}"
    for key in ("visible_if", "required_if"):
        if key in raw:
            yield Place(raw["id"], f"{where}.{key}", key, parse_condition(raw[key]))
    for choice in raw.get("choices", ()):
        if "visible_if" in choice:
            place = f"{where}.choices.{choice['id']}.visible_if"
            yield Place(raw["id"], place, "choices", parse_condition(choice["visible_if"]))
    for number, jump in enumerate(raw.get("jumps", ())):
        if "if" in jump:
            yield Place(raw["id"], f"{where}.jumps.{number}.if", "jumps", parse_condition(jump["if"]))


def ids(definition: Definition) -> list[str]:
    """The ids of the questions in their order."""
    return [raw["id"] for raw in definition["questions"]]


def texts(question: Question) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of a question, with its place; the words by SMS only where they are its own."""
    where = f"questions.{question.id}"
    for name in ("title", "hint", "low_end", "high_end", "not_applicable", "prefer_not", "consent"):
        yield f"{where}.{name}", getattr(question, name)
    if question.sms is not None and question.sms != question.title:
        yield f"{where}.sms", question.sms
    for choice in question.choices:
        yield f"{where}.choices.{choice.id}.label", choice.label
