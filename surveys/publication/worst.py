"""A questionnaire with the longest that each place of its texts may be filled with: what a message can cost at most."""

from collections.abc import Mapping
from dataclasses import replace

from notifications.segments import UCS2, cost, fold
from surveys.definitions import CompiledVersion
from surveys.message_texts import BRAND
from surveys.piping import PLACE, UNSAID, can_pipe
from surveys.questions.base import Choice, Question, Texts

# The longest each of these gets in practice; the price of a message is promised for them.
LONGEST = {"brand": "B" * 40, "contact": "c" * 60, "link": "https://" + "l" * 52}
LONGEST_FACTS: Mapping[str, str] = {
    "brand": BRAND.longest["fr"],
    "site": "S" * 40,
    "channel": "votre discussion en ligne",
    "date": "30 sept.",
    "reason": "r" * 40,
    "agent": "A" * 20,
}
MOST_DIGITS = 9


def filled(version: CompiledVersion) -> CompiledVersion:
    """The version with every place of its questions filled with the longest that may stand there, and none left."""
    done: list[Question] = []
    for question in version.questions:
        done.append(_filled(question, {each.id: each for each in done}, version.languages))
    return replace(version, questions=tuple(done))


def _filled(question: Question, earlier: Mapping[str, Question], languages: tuple[str, ...]) -> Question:
    def said(texts: Texts) -> Texts:
        return {language: _said(text, language, earlier) for language, text in texts.items()}

    title = said(question.title)
    # The words by SMS are the title itself where there are none of their own.
    sms = title if question.sms == question.title else None if question.sms is None else said(question.sms)
    choices = tuple(replace(choice, label=said(choice.label)) for choice in question.choices)
    return replace(
        question,
        title=title,
        sms=sms,
        choices=choices,
        low_end=said(question.low_end),
        high_end=said(question.high_end),
        not_applicable=said(question.not_applicable),
        prefer_not=said(question.prefer_not),
    )


def _said(text: str, language: str, earlier: Mapping[str, Question]) -> str:
    return PLACE.sub(lambda found: _longest(found[1], language, earlier, found[0]), text)


def _longest(name: str, language: str, earlier: Mapping[str, Question], written: str) -> str:
    if name in LONGEST_FACTS:
        return LONGEST_FACTS[name]
    question = earlier.get(name)
    if question is None or not can_pipe(question):
        return written
    return max((UNSAID, *_answers(question, language)), key=_price)


def _answers(question: Question, language: str) -> list[str]:
    """What may be said of an answer: each label, or the longest list, number or day."""
    if question.type.takes_several:
        most = question.most if isinstance(question.most, int) else len(question.choices)
        labels = sorted((_label(choice, language) for choice in question.choices), key=len, reverse=True)
        return [", ".join(labels[:most])]
    if question.type.name == "number":
        bounds = [question.least, question.most]
        numbers = [10**MOST_DIGITS - 1 if bound is None else bound for bound in bounds]
        return [question.type.label(question, float(number), language) for number in numbers if number is not None]
    if question.type.name == "date":
        return [question.type.label(question, f"2026-{month:02}-30", language) for month in (1, 9, 12)]
    return [option.label for option in question.type.options(question, language)]


def _label(choice: Choice, language: str) -> str:
    return choice.label.get(language, "")


def _price(text: str) -> tuple[bool, int]:
    """Letters that double the price come first, then length."""
    price = cost(fold(text))
    return price.encoding == UCS2, price.units
