"""What an interview asks next, on the web or by SMS."""

from dataclasses import dataclass

from surveys.definitions import CompiledVersion
from surveys.interview_events import State
from surveys.paths import options_shown, path
from surveys.questions.base import Question


@dataclass(frozen=True)
class Asked:
    """A question and the ids of its options in the order shown; ``order`` is empty where it is the questionnaire's."""

    question: Question
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """The questions of the next screen or message; the first is ``number`` of ``total`` on the path as it stands."""

    asked: tuple[Asked, ...]
    step: str
    number: int
    total: int

    @property
    def question(self) -> Question:
        return self.asked[0].question


@dataclass(frozen=True)
class SendLink:
    """The customer asked for the web page."""


@dataclass(frozen=True)
class LeftToPerson:
    """The customer's message is for a person; nothing more is asked by SMS until somebody goes on."""


@dataclass(frozen=True)
class Done:
    """Nothing more is asked. ``how`` it ended: a kind of ENDINGS, or ``closed`` when time ran out."""

    how: str


Step = Ask | SendLink | LeftToPerson | Done


def next_step(version: CompiledVersion, state: State, mode: str, at: str | None = None, seed: str = "") -> Step:
    """What ``mode`` shows now: the screen of the first open question, or that of the question ``at`` if it is earlier.

    ``seed`` (the public id of the invitation) decides the order of shuffled choices.
    """
    if state.ended:
        return Done(state.ended)
    return step_on(path(version, state, mode), state, mode, at, seed)


def step_on(questions: list[Question], state: State, mode: str, at: str | None = None, seed: str = "") -> Step:
    """The same for an interview that has not ended, whose path is known."""
    for place, question in enumerate(questions):
        if question.id == at or not state.settles(question.id):
            first, screen = (place, [question]) if mode == "sms" else _screen(questions, place)
            order = order_by_sms if mode == "sms" else order_shown
            asked = tuple(Asked(each, order(each, state, seed)) for each in screen)
            return Ask(asked, f"{screen[0].id}.{state.count}", first + 1, len(questions))
    return Done("completed")


def last_asked(version: CompiledVersion, state: State) -> str | None:
    """The id of the question that was sent last by SMS: the invitation itself asked the first."""
    if state.asked:
        return state.asked[-1]
    return next((question.id for question in path(version, State(), "sms")), None)


def order_shown(question: Question, state: State, seed: str) -> tuple[str, ...]:
    """The ids of the options as this person sees them, if they are shuffled or filtered; else empty."""
    if question.shuffled or any(choice.condition is not None for choice in question.choices):
        return options_shown(question, state.answers, seed)
    return ()


def order_by_sms(question: Question, state: State, seed: str) -> tuple[str, ...]:
    """The same by SMS; a question with words of its own for SMS numbers its choices itself."""
    return order_shown(question, state, seed) if question.sms == question.title else ()


def _screen(questions: list[Question], place: int) -> tuple[int, list[Question]]:
    """The place of the first question that shares a screen with the one at ``place``, and all that share it."""
    page = questions[place].page
    if page is None:
        return place, [questions[place]]
    first = last = place
    while first > 0 and questions[first - 1].page == page:
        first -= 1
    while last + 1 < len(questions) and questions[last + 1].page == page:
        last += 1
    return first, questions[first : last + 1]
