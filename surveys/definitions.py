"""From the normalised definition of a questionnaire to the version an interview runs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.conditions import Condition, parse_condition
from surveys.questions.base import Choice, Jump, Question, Texts
from surveys.questions.registry import TYPES

Definition = Mapping[str, Any]

WANTS = {"complaint", "callback", "none"}
PURPOSES = {"complaint", "call_back"}
POLARITIES = {"higher", "lower"}
END = "end"
USUAL_PARTS = 2


@dataclass(frozen=True)
class CompiledVersion:
    """A questionnaire ready to run, for one threshold of low score. ``content_hash`` names its definition."""

    content_hash: str
    languages: tuple[str, ...]
    title: Texts
    messages: Mapping[str, Texts]
    questions: tuple[Question, ...]
    low_score: int
    parts: int = USUAL_PARTS  # the most that one message by SMS may take

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None if the version has none."""
        return next((question for question in self.questions if question.id == question_id), None)

    def asked_by(self, mode: str) -> tuple[Question, ...]:
        """The questions of a mode in their order; an SMS interview leaves out those of the web only."""
        return tuple(q for q in self.questions if mode != "sms" or q.sms is not None)

    @property
    def score(self) -> Question | None:
        """The question whose low values count as dissatisfaction: the first satisfaction question."""
        return next((question for question in self.questions if question.type.name == "satisfaction"), None)

    def speaks(self, language: str) -> str:
        """``language`` if the version has it, else its first language."""
        return language if language in self.languages else self.languages[0]


def compiled(definition: Definition, content_hash: str, low_score: int) -> CompiledVersion:
    """The version of a definition that has no problems; of any other the behaviour is not defined."""
    return CompiledVersion(
        content_hash=content_hash,
        languages=tuple(definition["languages"]),
        title=definition["title"],
        messages=definition.get("messages", {}),
        questions=tuple(_question(raw, low_score) for raw in definition["questions"]),
        low_score=low_score,
        parts=definition.get("parts", USUAL_PARTS),
    )


def _question(raw: Mapping[str, Any], low_score: int) -> Question:
    return Question(
        id=raw["id"],
        type=TYPES[raw["type"]],
        title=raw["title"],
        hint=raw.get("hint", {}),
        low_end=raw.get("low_end", {}),
        high_end=raw.get("high_end", {}),
        choices=tuple(_choice(choice, low_score) for choice in raw.get("choices", ())),
        sms=_sms_texts(raw),
        theme=raw.get("theme"),
        purpose=raw.get("purpose"),
        required=raw.get("required", False),
        condition=_condition(raw, "visible_if", low_score),
        required_when=_condition(raw, "required_if", low_score),
        jumps=tuple(_jump(jump, low_score) for jump in raw.get("jumps", ())),
        page=raw.get("page"),
        shuffled=raw.get("random_order", False),
        lower_is_better=raw.get("polarity") == "lower",
        not_applicable=raw.get("not_applicable", {}),
        prefer_not=raw.get("prefer_not", {}),
        consent=raw.get("consent", {}),
        least=raw.get("least"),
        most=raw.get("most"),
        decimals=raw.get("decimals", 0),
        parts=raw.get("parts"),
    )


def _choice(raw: Mapping[str, Any], low_score: int) -> Choice:
    return Choice(
        raw["id"],
        raw["label"],
        raw.get("words", {}),
        raw.get("wants"),
        _condition(raw, "visible_if", low_score),
        raw.get("fixed", False),
        raw.get("exclusive", False),
    )


def _jump(raw: Mapping[str, Any], low_score: int) -> Jump:
    return Jump(None if raw["to"] == END else raw["to"], _condition(raw, "if", low_score))


def _sms_texts(raw: Mapping[str, Any]) -> Texts | None:
    """The words of a question by SMS: its own, else its title; None if it is marked ``"sms": false``."""
    sms = raw.get("sms", True)
    if sms is False:
        return None
    return raw["title"] if sms is True else sms


def _condition(raw: Mapping[str, Any], name: str, low_score: int) -> Condition | None:
    written = raw.get(name)
    return parse_condition(written).with_low_score(low_score) if written else None
