"""Which questions an interview asks, and which of their choices, as the answers so far decide.

All of it is computed from the compiled version and the answers; nothing is remembered between two calls.
"""

import hmac
from collections.abc import Mapping

from surveys.definitions import CompiledVersion
from surveys.interview_events import State
from surveys.questions.base import Choice, Jump, Question, Value

Answers = Mapping[str, Value]


def path(version: CompiledVersion, state: State, mode: str) -> list[Question]:
    """The questions of this interview in ``mode``, in their order; what is not settled yet is thought passed over.

    Only answers on the path decide about what follows, so a corrected answer takes with it all that hung on it. A jump
    counts once its question is settled. A question with no choice left to show is not asked.
    """
    asked: list[Question] = []
    answers: dict[str, Value] = {}
    target: str | None = None
    for question in version.questions:
        if target is not None and question.id != target:
            continue
        target = None
        if not _is_asked(question, answers):
            continue
        asked.append(question)
        if question.id in state.answers:
            answers[question.id] = state.answers[question.id]
        if question.jumps and state.settles(question.id) and (jump := _taken(question, answers)):
            if jump.to is None:
                break
            target = jump.to
    return asked if mode != "sms" else [question for question in asked if question.sms is not None]


def options_shown(question: Question, answers: Answers, seed: str) -> tuple[str, ...]:
    """The ids of the choices this person sees, in the order they see them; empty for a question without choices.

    A shuffled question ranks its choices by HMAC-SHA-256(seed, question and choice id), so that one ``seed`` always
    shows one order, and every order is as likely over many of them. ``fixed`` choices keep their place.
    """
    shown = [choice for choice in question.choices if choice.condition is None or choice.condition.holds(answers)]
    if question.shuffled:
        shown = _shuffled(question.id, shown, seed.encode())
    return tuple(choice.id for choice in shown)


def is_required(question: Question, answers: Answers) -> bool:
    """Whether the web insists on an answer; by SMS nobody can be made to answer."""
    return question.required or (question.required_when is not None and question.required_when.holds(answers))


def _is_asked(question: Question, answers: Answers) -> bool:
    if question.condition is not None and not question.condition.holds(answers):
        return False
    return not question.choices or any(c.condition is None or c.condition.holds(answers) for c in question.choices)


def _taken(question: Question, answers: Answers) -> Jump | None:
    return next((jump for jump in question.jumps if jump.condition is None or jump.condition.holds(answers)), None)


def _shuffled(question_id: str, choices: list[Choice], seed: bytes) -> list[Choice]:
    def rank(choice: Choice) -> bytes:
        return hmac.digest(seed, f"{question_id}.{choice.id}".encode(), "sha256")

    moved = iter(sorted((choice for choice in choices if not choice.fixed), key=rank))
    return [choice if choice.fixed else next(moved) for choice in choices]
