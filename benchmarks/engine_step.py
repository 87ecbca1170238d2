"""One step of the interview engine, in pure Python: a page posted, or a message, answering question 10 of 20.

The version has every second question under a condition on an earlier one, two jumps, a list that is shuffled and one
that is filtered; nine questions are answered by then. ``advance`` is timed: the events so far folded, the answer
read, the path found, what is no longer asked voided, the next step made. No database, no template.
"""

import argparse
import time
from statistics import median
from typing import Any

from surveys.definitions import CompiledVersion, compiled
from surveys.engine import Ask, Incoming, SmsReply, WebPage, advance, next_step
from surveys.interview_events import Event, state_of

SUMMARY = "one step of the interview engine, in microseconds"
ASKED, ANSWERED = 20, 9
LIMIT = 100.0
TYPES = ("satisfaction", "recommendation", "yes_no", "effort", "choice", "multiple", "number", "comment")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=20_000, help="how often each step is taken")


def run(arguments: argparse.Namespace) -> int:
    version = twenty_questions()
    events = answered(version, ANSWERED)
    step = next_step(version, state_of(events), "web", seed="seed")
    assert isinstance(step, Ask) and step.number == ANSWERED + 1
    name = step.question.id
    doors: dict[str, Incoming] = {
        "web": WebPage(step.step, {name: (ANSWERS[step.question.type.name],)}),
        "sms": SmsReply(ANSWERS[step.question.type.name], "fr"),
    }
    worst = max(
        [timed(version, _events(events, door), incoming, door, arguments.steps) for door, incoming in doors.items()]
    )
    print(f"limit: median under {LIMIT:.0f} us")
    return 0 if worst < LIMIT else 1


ANSWERS = {
    "satisfaction": "4", "recommendation": "8", "yes_no": "yes", "effort": "5", "choice": "a", "multiple": "b",
    "number": "7", "comment": "J'attends toujours.",
}  # fmt: skip


def twenty_questions() -> CompiledVersion:
    """Twenty questions of eight types, all asked by SMS too."""
    questions = [_question(number) for number in range(1, ASKED + 1)]
    definition = {"languages": ["fr"], "title": {"fr": "Votre avis"}, "questions": questions}
    return compiled(definition, "benchmark", 2)


def answered(version: CompiledVersion, count: int) -> list[Event]:
    """The events of an interview on the web whose first ``count`` questions are answered."""
    events: list[Event] = []
    for _ in range(count):
        step = next_step(version, state_of(events), "web", seed="seed")
        assert isinstance(step, Ask)
        answers = {step.question.id: (ANSWERS[step.question.type.name],)}
        events += advance(version, events, WebPage(step.step, answers), seed="seed").events
    return events


def timed(version: CompiledVersion, events: list[Event], incoming: Incoming, door: str, steps: int) -> float:
    """Microseconds of the median step; the 95th per cent is printed beside it."""
    taken = []
    for _ in range(steps):
        began = time.perf_counter_ns()
        outcome = advance(version, events, incoming, seed="seed")
        taken.append(time.perf_counter_ns() - began)
    assert any(event.kind == "answer" for event in outcome.events)
    micros = sorted(nanoseconds / 1000 for nanoseconds in taken)
    print(f"{door}: median {median(micros):.1f} us, 95 % under {micros[int(0.95 * steps)]:.1f} us, n = {steps}")
    return median(micros)


def _question(number: int) -> dict[str, Any]:
    kind = TYPES[(number - 1) % len(TYPES)]
    made: dict[str, Any] = {"id": f"q{number}", "type": kind, "title": {"fr": f"Question {number} ?"}}
    if kind == "satisfaction":
        made["choices"] = [{"id": str(degree), "label": {"fr": f"Degré {degree}"}} for degree in range(1, 6)]
    elif kind == "yes_no":
        made["choices"] = [{"id": name, "label": {"fr": name}} for name in ("yes", "no")]
    elif kind in ("choice", "multiple"):
        made["choices"] = [{"id": name, "label": {"fr": name.upper()}} for name in "abcdef"]
        made["random_order"] = kind == "choice"
        if kind == "multiple":
            made["choices"][2]["visible_if"] = "{q1} >= 3"
    if number % 2 == 0:
        made["visible_if"] = "{q1} <= 4 and ({q2} notempty or {q1} > {low_score})" if number > 2 else "{q1} <= 4"
    if number in (3, 11):
        made["jumps"] = [{"if": f"{{q{number}}} = 'no'", "to": f"q{number + 2}"}]
    return made


def _events(events: list[Event], door: str) -> list[Event]:
    """By SMS the tenth question was sent before it is answered."""
    if door == "web":
        return events
    return [*events, Event("asked", f"q{ANSWERED + 1}", mode="sms", step=f"q{ANSWERED + 1}.{len(events)}")]
