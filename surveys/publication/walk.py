"""Every way through a questionnaire that its conditions can tell apart, and what was seen on the way.

Question by question, all situations that can arise are kept: the answers that later conditions look at, and the jump
under way. Two interviews in one situation go on alike, so each situation is followed once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from surveys.comparisons import PRESENCE, Comparison
from surveys.conditions import Condition
from surveys.definitions import END, CompiledVersion
from surveys.publication.domains import kinds_of_answer
from surveys.questions.base import DECLINED, Question, Value

#: More situations than these at one question are not followed; then nothing can be claimed.
MOST_SITUATIONS = 5000
Answers = dict[str, Value]
Situation = tuple[str | None, frozenset[tuple[str, Value]]]  # where a jump leads, the answers still looked at


@dataclass
class Seen:
    """What was seen on all ways. Conditions are named by their place, as in ``places``."""

    asked: set[str] = field(default_factory=set)
    jumped: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # question → who jumped over it
    held: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    #: The same where every question looked at has an answer that does not decline.
    held_answered: Counter[str] = field(default_factory=Counter)
    failed_answered: Counter[str] = field(default_factory=Counter)
    starved: set[str] = field(default_factory=set)  # questions that had no choice left
    #: The first answers with which a required question had no choice left, or one had fewer than must be taken.
    stuck: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    short: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    complete: bool = True
    steps: int = 0  # situations looked at, at whatever question


class Walk:
    """Follows every interview in one mode, and notes in ``seen``. ``patience``: the most steps; None: all there are."""

    def __init__(self, version: CompiledVersion, mode: str, seen: Seen, patience: int | None = None) -> None:
        self.questions, self.mode, self.seen, self.patience = version.questions, mode, seen, patience
        comparisons: dict[str, list[Comparison]] = defaultdict(list)
        for condition in (each for question in self.questions for each in _conditions(question)):
            for comparison in condition.comparisons:
                comparisons[comparison.name].append(comparison)
        self.kinds = {q.id: kinds_of_answer(q, comparisons[q.id]) for q in self.questions if q.id in comparisons}
        self.looked_at = _looked_at(self.questions)

    def run(self) -> None:
        """Follow them all, from the first question to the last."""
        ahead: dict[Situation, None] = {(None, frozenset()): None}  # in an order, so that every run tells the same
        for position, question in enumerate(self.questions):
            after: dict[Situation, None] = {}
            for target, answers in ahead:
                if self._is_weary():
                    return
                if target is not None and target != question.id:
                    after[target, _kept(dict(answers), self.looked_at[position + 1])] = None
                    continue
                for to, given in self._through(position, question, dict(answers)):
                    if to != END:
                        after[to, _kept(given, self.looked_at[position + 1])] = None
            ahead = after
            if len(ahead) > MOST_SITUATIONS:
                self.seen.complete = False
                ahead = dict.fromkeys(list(ahead)[:MOST_SITUATIONS])

    def _is_weary(self) -> bool:
        """Whether patience has run out; counts a step."""
        self.seen.steps += 1
        if self.patience is None or self.seen.steps <= self.patience:
            return False
        self.seen.complete = False
        return True

    def _through(self, position: int, question: Question, answers: Answers) -> Iterator[tuple[str | None, Answers]]:
        """Each way on from a question: where it jumps to (None: the next one), and the answers then."""
        where = f"questions.{question.id}"
        if self.mode == "sms" and question.sms is None:
            yield None, answers
            return
        if not self._holds(question.condition, f"{where}.visible_if", answers):
            yield None, answers
            return
        shown = {
            choice.id
            for choice in question.choices
            if self._holds(choice.condition, f"{where}.choices.{choice.id}.visible_if", answers)
        }
        required = self._holds(question.required_when, f"{where}.required_if", answers, usually=False)
        required = required or question.required
        if question.choices and not shown:
            self.seen.starved.add(question.id)
            if required:
                self.seen.stuck.setdefault(question.id, answers)
            yield None, answers
            return
        if question.type.takes_several and isinstance(question.least, int) and len(shown) < question.least:
            self.seen.short.setdefault(question.id, answers)
        self.seen.asked.add(question.id)
        for given in self._answers(question, shown, answers, required):
            yield self._jump(position, question, given), given

    def _answers(self, question: Question, shown: set[str], answers: Answers, required: bool) -> Iterable[Answers]:
        """The answers after this question, one of each kind; by SMS nobody can be made to answer."""
        if question.id not in self.kinds or question.sms is not None or not required:
            yield answers
        filtered = any(choice.condition is not None for choice in question.choices)
        for kind in self.kinds.get(question.id, ()):
            value = next((each for each in kind if not filtered or _is_shown(each, shown)), ...)
            if value is not ...:
                yield {**answers, question.id: value}

    def _jump(self, position: int, question: Question, answers: Answers) -> str | None:
        for number, jump in enumerate(question.jumps):
            if self._holds(jump.condition, f"questions.{question.id}.jumps.{number}.if", answers):
                for over in self.questions[position + 1 :]:
                    if over.id == jump.to:
                        break
                    self.seen.jumped[over.id].add(question.id)
                return END if jump.to is None else jump.to
        return None

    def _holds(self, condition: Condition | None, where: str, answers: Answers, usually: bool = True) -> bool:
        """Whether it holds, and note it; ``usually`` where there is no condition."""
        if condition is None:
            self.seen.held[where] += 1
            return usually
        holds = condition.holds(answers)
        (self.seen.held if holds else self.seen.failed)[where] += 1
        if all(answers.get(name, "_na") not in DECLINED for name in condition.names):
            (self.seen.held_answered if holds else self.seen.failed_answered)[where] += 1
        return holds


def always_held(seen: Seen, where: str, condition: Condition) -> bool:
    """Whether it held whatever was answered; silence counts only for a condition that asks about silence."""
    if any(comparison.operator in PRESENCE for comparison in condition.comparisons):
        return seen.held[where] > 0 and not seen.failed[where]
    if seen.held_answered[where]:
        return not seen.failed_answered[where]
    return seen.held[where] > 0 and not seen.failed[where] and not seen.failed_answered[where]


def _conditions(question: Question) -> Iterator[Condition]:
    chosen = (choice.condition for choice in question.choices)
    jumps = (jump.condition for jump in question.jumps)
    for condition in (question.condition, question.required_when, *chosen, *jumps):
        if condition is not None:
            yield condition


def _looked_at(questions: Iterable[Question]) -> list[frozenset[str]]:
    """For each position, and the end: the questions that conditions from there on look at."""
    found: list[frozenset[str]] = [frozenset()]
    for question in reversed(list(questions)):
        found.append(found[-1].union(*(condition.names for condition in _conditions(question))))
    return found[::-1]


def _kept(answers: Answers, names: frozenset[str]) -> frozenset[tuple[str, Value]]:
    return frozenset((name, value) for name, value in answers.items() if name in names)


def _is_shown(value: Value, shown: set[str]) -> bool:
    if value in DECLINED:
        return True
    return set(value) <= shown if isinstance(value, tuple) else value in shown
