"""A questionnaire as it will be asked in one language, on the web and by SMS, with what each message costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifications.segments import Cost, cost
from notifications.texts import Template, Wordings, fill
from surveys import sms_texts
from surveys.definitions import CompiledVersion
from surveys.message_texts import DEFAULTS
from surveys.questionnaires import compile_version
from surveys.questions.base import Option, Question


@dataclass(frozen=True)
class Message:
    text: str
    cost: Cost


@dataclass(frozen=True)
class QuestionPreview:
    """One question as the web shows it; ``sms`` None: it is asked on the web only. ``condition`` "" : always asked."""

    id: str
    type: str
    title: str
    hint: str
    low_end: str
    high_end: str
    options: list[Option]
    required: bool
    condition: str
    sms: Message | None


@dataclass(frozen=True)
class Preview:
    language: str
    languages: tuple[str, ...]
    title: str
    invitation_sms: Message
    invitation_web: Message
    thanks: Message
    questions: list[QuestionPreview]

    @property
    def most_parts(self) -> int:
        """The parts of an interview by SMS in which every question is asked, with the thanks at its end."""
        asked = [question.sms.cost.parts for question in self.questions if question.sms]
        # The invitation asks the first question.
        return self.invitation_sms.cost.parts + sum(asked[1:]) + self.thanks.cost.parts


def preview(
    definition: Mapping[str, Any],
    language: str,
    brand: str,
    contact_phrase: str,
    link: str,
    wordings: Wordings = DEFAULTS,
) -> Preview:
    """The wording of a definition without problems, with example values where a customer's own will stand."""
    version = compile_version(definition)
    language = version.speaks(language)

    def invitation(collection: str) -> Message:
        return _message(sms_texts.invitation(version, brand, contact_phrase, link, language, collection, wordings))

    conditions = {raw["id"]: raw.get("visible_if", "") for raw in definition["questions"]}
    return Preview(
        language=language,
        languages=version.languages,
        title=version.title[language],
        invitation_sms=invitation("sms"),
        invitation_web=invitation("web"),
        thanks=_message(sms_texts.other(version, "thanks", brand, language, wordings=wordings)),
        questions=[
            _question(version, question, language, brand, conditions[question.id], wordings)
            for question in version.questions
        ],
    )


def _question(
    version: CompiledVersion, question: Question, language: str, brand: str, condition: str, wordings: Wordings
) -> QuestionPreview:
    def said(texts: Mapping[str, str]) -> str:
        return fill(texts.get(language, ""), brand=brand)

    by_sms = question.sms is not None
    return QuestionPreview(
        id=question.id,
        type=question.type.name,
        title=said(question.title),
        hint=said(question.hint),
        low_end=said(question.low_end),
        high_end=said(question.high_end),
        options=question.type.options(question, language),
        required=question.required,
        condition=condition,
        sms=_message(sms_texts.question(version, question, brand, language, wordings=wordings)) if by_sms else None,
    )


def _message(said: Template) -> Message:
    return Message(said.body, cost(said.body))
