"""Playing the respondent: the real engine on a draft or a version, its state carried by whoever plays and kept nowhere.

The trial holds the events an interview would have stored and the messages that would have been sent. It is JSON between
two posts, signed by the pages so that only what they wrote comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from notifications.segments import Cost, cost
from notifications.texts import Wordings
from surveys import sms_texts, wishes
from surveys.definitions import CompiledVersion
from surveys.distress import speaks_of_distress
from surveys.editing.previewing import EXAMPLE_DAY, EXAMPLE_LINK, REASON, example_brand, example_facts
from surveys.engine import (
    Ask,
    Done,
    Incoming,
    LeftToPerson,
    Outcome,
    SendLink,
    SmsReply,
    Step,
    advance,
    next_step,
)
from surveys.interview_events import Event, State, state_of
from surveys.paths import path
from surveys.questions.base import Question, stored

OURS, THEIRS, NOTE = "ours", "theirs", "note"
THANKS = {"complaint": "thanks_complaint", "callback": "thanks_callback"}
#: A trial longer than this is begun anew: nobody plays so long, and the page would grow without end.
MOST_EVENTS = 400
LONGEST_REPLY = 1600


@dataclass(frozen=True)
class Said:
    """One line of the thread: ours, theirs, or a note of what would have happened."""

    who: str
    text: str

    @property
    def cost(self) -> Cost:
        return cost(self.text)


@dataclass(frozen=True)
class Trial:
    """Where a trial stands. ``digest`` names what is played; ``closed``: its time has run out."""

    digest: str
    language: str
    collection: str
    low_score: int | None
    events: tuple[Event, ...] = ()
    thread: tuple[Said, ...] = ()
    closed: bool = False

    @property
    def state(self) -> State:
        return state_of(self.events)

    @property
    def seed(self) -> str:
        """What decides the order of shuffled choices: the same for one trial, another for another questionnaire."""
        return self.digest[:26]


@dataclass(frozen=True)
class Played:
    """A trial after something came in, what the engine refused of it, and the events it added."""

    trial: Trial
    refusals: Mapping[str, str]
    added: tuple[Event, ...] = ()


def begun(trial: Trial, version: CompiledVersion, wordings: Wordings) -> Trial:
    """The trial with its invitation sent."""
    language = version.speaks(trial.language)
    contact = sms_texts.contact_phrase("phone", "in", EXAMPLE_DAY, REASON.get(language, ""), language)
    brand, facts = example_brand(language), example_facts(language)
    said = sms_texts.invitation(
        version, brand, contact, EXAMPLE_LINK, language, trial.collection, wordings, facts, trial.seed
    )
    return replace(trial, thread=(Said(OURS, said.body),))


def played(
    trial: Trial, version: CompiledVersion, incoming: Incoming, wordings: Wordings, day: date | None = None
) -> Played:
    """Let one thing happen, as the services would: the engine decides, one message at most answers an SMS."""
    if len(trial.events) >= MOST_EVENTS:
        return Played(trial, {})
    outcome = advance(version, trial.events, incoming, trial.closed, trial.seed)
    after = replace(trial, events=(*trial.events, *outcome.events))
    if isinstance(incoming, SmsReply):
        after = replace(after, thread=(*after.thread, Said(THEIRS, incoming.body)))
    if answer := _answer(after, version, outcome, incoming, wordings):
        after = replace(after, thread=(*after.thread, answer))
    return Played(after, outcome.refusals, outcome.events)


def reply(trial: Trial, version: CompiledVersion, body: str, day: date | None = None) -> SmsReply:
    """A message of the respondent, in the language the interview speaks."""
    for_person = "distress" if speaks_of_distress(body) else ""
    return SmsReply(body[:LONGEST_REPLY], spoken(trial, version), for_person=for_person, day=day)


def expired(trial: Trial) -> Trial:
    """The trial after the last day on which it could be answered."""
    return replace(trial, closed=True)


def spoken(trial: Trial, version: CompiledVersion) -> str:
    """The language the interview speaks now."""
    return version.speaks(trial.state.language or trial.language)


def step_of(trial: Trial, version: CompiledVersion, mode: str, at: str | None = None) -> Step:
    """What ``mode`` would show now, or an earlier screen with the question ``at``."""
    state = trial.state
    if trial.closed and not state.ended:
        return Done("closed")
    return next_step(version, state, mode, at, trial.seed)


def path_of(trial: Trial, version: CompiledVersion) -> list[tuple[Question, str]]:
    """Every question with where it stands: answered, passed, now, ahead, or off (not on the path as it is)."""
    state = trial.state
    on_path = {question.id for question in path(version, state, "web")}
    step = step_of(trial, version, "web")
    now = {each.question.id for each in step.asked} if isinstance(step, Ask) else set()
    return [(question, _stands(question.id, state, on_path, now)) for question in version.questions]


def wished(trial: Trial, version: CompiledVersion) -> list[str]:
    """What the answers so far would ask of the house, in order."""
    return sorted(wishes.wishes(version, trial.events))


def as_json(trial: Trial) -> dict[str, Any]:
    """The trial as plain values."""
    return {
        "digest": trial.digest,
        "language": trial.language,
        "collection": trial.collection,
        "low_score": trial.low_score,
        "closed": trial.closed,
        "thread": [[said.who, said.text] for said in trial.thread],
        "events": [
            [e.kind, e.question_id, e.value, e.mode, e.step, e.words, e.in_turn, list(e.order)] for e in trial.events
        ],
    }


def from_json(kept: Mapping[str, Any]) -> Trial:
    """The trial that ``as_json`` wrote."""
    return Trial(
        digest=kept["digest"],
        language=kept["language"],
        collection=kept["collection"],
        low_score=kept["low_score"],
        closed=kept["closed"],
        thread=tuple(Said(who, text) for who, text in kept["thread"]),
        events=tuple(_event(row) for row in kept["events"]),
    )


def _event(row: Sequence[Any]) -> Event:
    kind, question_id, value, mode, step, words, in_turn, order = row
    return Event(kind, question_id, stored(value), mode, step, words, in_turn, tuple(order))


def _stands(name: str, state: State, on_path: set[str], now: set[str]) -> str:
    if name not in on_path:
        return "off"
    if name in state.answers:
        return "answered"
    if name in state.passed:
        return "passed"
    return "now" if name in now else "ahead"


def _answer(
    trial: Trial, version: CompiledVersion, outcome: Outcome, incoming: Incoming, wordings: Wordings
) -> Said | None:
    """What is sent in reply, one message at most: the next question, the link, thanks; or a note why nothing is."""
    if not isinstance(incoming, SmsReply):
        return None
    match outcome.step:
        case SendLink():
            return _other("link", trial, version, wordings)
        case LeftToPerson():
            return _other("distress" if incoming.for_person == "distress" else "person", trial, version, wordings)
        case Ask() if any(event.kind == "asked" for event in outcome.events):
            return _question(outcome.step, trial, version, outcome.events, wordings)
        case Done("completed") if outcome.events and not any(event.kind == "late" for event in outcome.events):
            wished_now = wishes.wishes(version, trial.events)
            return _other(
                next((THANKS[one] for one in THANKS if one in wished_now), "thanks"), trial, version, wordings
            )
    return Said(NOTE, _silence(outcome))


def _question(step: Ask, trial: Trial, version: CompiledVersion, events: Sequence[Event], wordings: Wordings) -> Said:
    """The question that is asked next, or once more."""
    asked, language, state = step.asked[0], spoken(trial, version), trial.state
    again = any(event.kind == "unread" and event.question_id == asked.question.id for event in events)
    facts, brand = example_facts(language), example_brand(language)
    said = sms_texts.question(
        version, asked.question, brand, language, again, wordings, asked.order, state.answers, facts
    )
    return Said(OURS, said.body)


def _other(name: str, trial: Trial, version: CompiledVersion, wordings: Wordings) -> Said:
    """A message that asks nothing."""
    language = spoken(trial, version)
    return Said(OURS, sms_texts.other(version, name, example_brand(language), language, EXAMPLE_LINK, wordings).body)


def _silence(outcome: Outcome) -> str:
    """Why nothing is sent, as a code."""
    if isinstance(outcome.step, Done):
        return "closed" if outcome.step.how == "closed" else "ended"
    return "kept" if outcome.events else "nothing"
