"""The one thing to do first: the most pressing of what Home and the week tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from satisfaction.changes import Change
from satisfaction.commitments import FAIL, Card, group_of
from satisfaction.standing import Thin
from satisfaction.week import CALL_BACKS, CASES, EMERGENCIES, IMPORTS, PERIODS, PROPOSALS, Group

EMERGENCY, FELL, LATE, MISSED, MISSING, STEP, THIN, NOTHING = (
    "emergency", "fell", "late", "missed", "missing", "step", "thin", "nothing",
)  # fmt: skip


@dataclass(frozen=True)
class Task:
    """What to do: ``code`` names the words, ``facts`` fill them, ``path`` is where it is done."""

    code: str
    path: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def first_thing(
    changes: Sequence[Change], thin: Sequence[Thin], week: Sequence[Group], cards: Sequence[Card] = ()
) -> Task:
    """Words of emergency, late promises, a missed target, a proven fall, what is missing, a step, a thin month."""
    groups = {each.code: each for each in week}
    return next(_tasks(changes, thin, groups, cards), Task(NOTHING))


def _tasks(
    changes: Sequence[Change], thin: Sequence[Thin], groups: dict[str, Group], cards: Sequence[Card]
) -> Iterator[Task]:
    for code in (EMERGENCIES, CALL_BACKS, CASES, PROPOSALS):
        if code in groups and groups[code].late:
            first = groups[code].items[0]
            yield Task(
                EMERGENCY if code == EMERGENCIES else LATE,
                first.path,
                {"group": code, "late": groups[code].late, "item": first},
            )
    for card in _missed(cards):
        yield Task(MISSED, "", {"card": card})
    for change in changes:
        if change.found.estimate < 0:
            yield Task(FELL, "", {"change": change.as_json()})
    for code, kind in ((IMPORTS, MISSING), (PERIODS, STEP)):
        if code in groups:
            yield Task(kind, groups[code].items[0].path, {"item": groups[code].items[0]})
    for one in thin:
        yield Task(THIN, f"/surveys/programmes/{one.survey}/plan", {"thin": one})


def _missed(cards: Sequence[Card]) -> list[Card]:
    """The targets that were missed; of several those that miss even when all are judged together come first."""
    return sorted((card for card in cards if group_of(card) == FAIL), key=lambda card: not card.misses)
