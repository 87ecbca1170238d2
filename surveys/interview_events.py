"""What happens in an interview, and where it stands after that."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from surveys.questions.base import Value

ENDINGS = frozenset({"completed", "refused", "stopped", "wrong_person"})
#: Of these kinds the last event of a question says what its answer is.
SETTLING = frozenset({"answer", "skip", "void"})


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
    order: tuple[str, ...] = ()  # ids of the options as this person saw them, where shuffled or filtered

    def to_json(self) -> dict[str, Any]:
        """The event as it is kept where it has no row of its own."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {**asdict(self), "value": value, "order": list(self.order)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Event":
        value = tuple(kept["value"]) if isinstance(kept["value"], list) else kept["value"]
        return cls(**{**kept, "value": value, "order": tuple(kept["order"])})


@dataclass(frozen=True)
class State:
    """Where an interview stands: what its events add up to."""

    count: int = 0
    answers: Mapping[str, Value] = field(default_factory=dict)  # the current ones
    passed: frozenset[str] = frozenset()  # questions skipped
    ended: str | None = None
    asked: tuple[str, ...] = ()  # questions sent by SMS after the invitation, oldest first
    misread: frozenset[str] = frozenset()  # questions asked again after a reply that was no answer
    words: Mapping[str, str] = field(default_factory=dict)  # those of the current answers that have some
    settled_by: Mapping[str, int] = field(default_factory=dict)  # question id → place of the event that settled it
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of the questions sent by SMS
    language: str = ""  # the one chosen in the interview, if any was
    with_person: bool = False  # a message was left to a person, and nobody has gone on yet
    unread: frozenset[str] = frozenset()  # questions that got a reply which was no answer

    def settles(self, question_id: str) -> bool:
        """Whether the question is answered or passed over."""
        return question_id in self.answers or question_id in self.passed


def state_of(events: Iterable[Event]) -> State:
    """The state after ``events``, oldest first."""
    return state_after(State(), events)


def state_after(state: State, events: Iterable[Event]) -> State:
    """The state after ``events`` that follow on ``state``: as if all had been read from the beginning."""
    answers, words, settled_by = dict(state.answers), dict(state.words), dict(state.settled_by)
    passed, misread, orders = set(state.passed), set(state.misread), dict(state.orders)
    unread, asked = set(state.unread), list(state.asked)
    count, ended, language, with_person = state.count, state.ended, state.language, state.with_person
    for event in events:
        kind, name = event.kind, event.question_id or ""
        if kind in SETTLING:
            answers.pop(name, None)
            words.pop(name, None)
            passed.discard(name)
            settled_by[name] = count
            if kind == "answer":
                answers[name] = event.value
                if event.words:
                    words[name] = event.words
            elif kind == "skip":
                passed.add(name)
            with_person = with_person and (event.mode == "sms" or kind == "void")
        elif kind == "asked":
            asked.append(name)
            orders[name] = event.order
            misread |= {name} & unread
            with_person = False
        elif kind == "unread":
            unread.add(name)
        elif kind in ENDINGS:
            ended = kind
        elif kind == "language":
            language = str(event.value)
        elif kind == "person":
            with_person = True
        count += 1
    return State(
        count, answers, frozenset(passed), ended, tuple(asked), frozenset(misread), words, settled_by, orders,
        language, with_person, frozenset(unread),
    )  # fmt: skip
