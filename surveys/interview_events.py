"""What happens in an interview, and where it stands after that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from surveys.questions.base import Value

ENDINGS = {"completed", "refused", "stopped", "wrong_person"}


@dataclass(frozen=True)
class Event:
    """One event; the kinds are those of ``answer_events``. ``words`` are the customer's own."""

    kind: str
    question_id: str | None = None
    value: Value = None
    mode: str = "web"
    step: str = ""
    words: str = ""
    in_turn: bool = True


@dataclass(frozen=True)
class State:
    """Where an interview stands: what its events add up to."""

    count: int = 0
    answers: Mapping[str, Value] = field(default_factory=dict)  # the current ones
    passed: frozenset[str] = frozenset()  # questions skipped
    ended: str | None = None
    asked: tuple[str, ...] = ()  # questions sent by SMS after the invitation, oldest first
    misread: frozenset[str] = frozenset()  # questions asked again after a reply that was no answer

    def settles(self, question_id: str) -> bool:
        """Whether the question is answered or passed over."""
        return question_id in self.answers or question_id in self.passed


def state_of(events: Iterable[Event]) -> State:
    """The state after ``events``, oldest first."""
    answers: dict[str, Value] = {}
    passed: set[str] = set()
    unread: set[str] = set()
    misread: set[str] = set()
    asked: list[str] = []
    ended, count = None, 0
    for event in events:
        count += 1
        name = event.question_id or ""
        if event.kind in ENDINGS:
            ended = event.kind
        elif event.kind == "asked":
            asked.append(name)
            misread |= {name} & unread
        elif event.kind == "unread":
            unread.add(name)
        elif event.kind in ("answer", "skip", "void"):
            answers.pop(name, None)
            passed.discard(name)
            if event.kind == "answer":
                answers[name] = event.value
            elif event.kind == "skip":
                passed.add(name)
    return State(count, answers, frozenset(passed), ended, tuple(asked), frozenset(misread))
