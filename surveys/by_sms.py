"""What each question of a questionnaire becomes by SMS: whether it is asked, in which words, at which price."""

from dataclasses import dataclass

from notifications.segments import Cost, cost
from notifications.texts import Wordings
from surveys import sms_texts
from surveys.definitions import CompiledVersion
from surveys.message_texts import DEFAULTS
from surveys.publication.worst import LONGEST, filled
from surveys.questions.base import Question


@dataclass(frozen=True)
class Said:
    """The message that asks a question in one language, and the most that it can cost once its places are filled."""

    language: str
    text: str
    most: Cost


@dataclass(frozen=True)
class BySms:
    """One question by SMS. ``why_not`` is a code where it is not asked, ``lost`` are codes of what does not come along.

    ``why_not``: ``web-only`` (its author says so), ``not-for-sms`` (its type cannot). ``lost``: ``hint``, ``required``
    (nobody can be made to answer), ``order`` (its own words number the choices), ``page``.
    """

    question_id: str
    type: str
    parts: int
    said: tuple[Said, ...] = ()
    why_not: str | None = None
    lost: tuple[str, ...] = ()

    @property
    def most_parts(self) -> int:
        """The most parts it takes in any language; 0 if it is not asked."""
        return max((said.most.parts for said in self.said), default=0)


def becomes_in_sms(version: CompiledVersion, wordings: Wordings = DEFAULTS, brand: str = "") -> list[BySms]:
    """Every question of the version in its order, with all of its choices.

    ``brand`` stands in the texts; prices are of the longest there is.
    """
    worst = {question.id: question for question in filled(version).questions}
    return [_becomes(version, question, worst[question.id], wordings, brand) for question in version.questions]


def _becomes(version: CompiledVersion, question: Question, worst: Question, wordings: Wordings, brand: str) -> BySms:
    kind, parts = question.type.name, question.parts or version.parts
    if not question.type.asks_by_sms(question):
        return BySms(question.id, kind, parts, why_not="not-for-sms")
    if question.sms is None:
        return BySms(question.id, kind, parts, why_not="web-only")
    said = tuple(_said(version, question, worst, language, wordings, brand) for language in version.languages)
    return BySms(question.id, kind, parts, said, lost=tuple(_lost(question)))


def _said(
    version: CompiledVersion, question: Question, worst: Question, language: str, wordings: Wordings, brand: str
) -> Said:
    text = sms_texts.question(version, question, brand, language, wordings=wordings)
    most = sms_texts.question(version, worst, LONGEST["brand"], language, wordings=wordings)
    return Said(language, text.body, cost(most.body))


def _lost(question: Question) -> list[str]:
    lost = {
        "hint": bool(question.hint),
        "required": question.required or question.required_when is not None,
        "order": question.shuffled and question.sms != question.title,
        "page": question.page is not None,
    }
    return [name for name, is_lost in lost.items() if is_lost]
