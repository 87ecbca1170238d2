"""The interview: (version, events, what comes in) → (new events, next step).

One engine for SMS, web and file. It reads no clock and stores nothing; its caller holds the lock of the
invitation and drops what came twice by its idempotency key. What it promises:

- an answer is filed under the question it was given to, whatever question is current by then;
- the last answer to a question counts until the interview ends; after that it is kept as ``late``;
- what a page that is older than an answer merely shows again, or leaves empty, does not undo that answer;
- a question no longer asked because an earlier answer was corrected is voided, and its wish still heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys import replies
from surveys.asking import Ask, Asked, Done, LeftToPerson, SendLink, Step, next_step, step_on
from surveys.definitions import CompiledVersion
from surveys.incoming import ChooseLanguage, Ending, FileRow, Incoming, SmsReply, WebPage, mode_of
from surveys.interview_events import Event, State, state_after, state_of
from surveys.paths import path
from surveys.questions.base import Question
from surveys.taking import Taken, from_file, from_sms, from_web

__all__ = [
    "Ask", "Asked", "ChooseLanguage", "Done", "Ending", "FileRow", "Incoming", "LeftToPerson", "Outcome", "SendLink",
    "SmsReply", "Step", "WebPage", "advance", "mode_of", "next_step", "path",
]  # fmt: skip

NOTHING = Taken(())


@dataclass(frozen=True)
class Outcome:
    """What to store and what comes next. ``refusals``: question id → why a web or file answer was not taken."""

    events: tuple[Event, ...]
    step: Step
    refusals: Mapping[str, str] = field(default_factory=dict)


def advance(
    version: CompiledVersion, events: Sequence[Event], incoming: Incoming, closed: bool = False, seed: str = ""
) -> Outcome:
    """Take one incoming thing.

    ``closed``: time ran out, so an answer is kept as ``late``. ``seed``, the public id of the invitation, decides the
    order of shuffled choices: what a page showed is what its answers are recorded with.
    """
    state = state_of(events)
    mode = mode_of(incoming)
    over = closed or state.ended is not None
    if isinstance(incoming, SmsReply) and replies.is_stop(incoming.body):
        incoming = Ending("stopped", "sms")
    if isinstance(incoming, Ending | ChooseLanguage) and over:
        return Outcome((), _shown(version, state, mode, closed, seed))
    if isinstance(incoming, SmsReply) and replies.is_web_request(incoming.body) and not over:
        return Outcome((), SendLink())
    taken = _take(version, events, state, incoming, seed)
    # A file is the centre's own record: what it corrects counts, also after the end.
    if over and not isinstance(incoming, FileRow):
        late = tuple(_late(event) for event in taken.events if _says_something(event, state))
        return Outcome(late, _shown(version, state, mode, closed, seed), taken.refusals)
    return _settled(version, state, taken, incoming, seed)


def _take(version: CompiledVersion, events: Sequence[Event], state: State, incoming: Incoming, seed: str) -> Taken:
    match incoming:
        case WebPage():
            return from_web(version, events, state, incoming, seed)
        case SmsReply():
            return from_sms(version, state, incoming, seed)
        case FileRow():
            return from_file(version, incoming)
        case Ending():
            return Taken((Event(incoming.how, mode=incoming.mode),))
        case ChooseLanguage():
            known = incoming.language in version.languages and incoming.language != state.language
            return Taken((Event("language", value=incoming.language, mode=incoming.mode),)) if known else NOTHING


def _settled(version: CompiledVersion, state: State, taken: Taken, incoming: Incoming, seed: str) -> Outcome:
    """Void what is no longer asked, end what is complete, and ask the next question."""
    mode = mode_of(incoming)
    after = state_after(state, taken.events) if taken.events else state
    if after.ended and not state.ended:
        return Outcome(taken.events, Done(after.ended))
    on_path = path(version, after, "web")
    ids = {question.id for question in on_path}
    gone = [name for name in (*after.answers, *sorted(after.passed)) if name not in ids]
    added = [*taken.events]
    if gone:
        voids = [Event("void", name, mode=mode, in_turn=False) for name in gone]
        added += voids
        after = state_after(after, voids)
        on_path = path(version, after, "web")
    step = _next(on_path, after, taken, incoming, seed)
    if isinstance(step, Done) and not after.ended:
        added.append(Event("completed", mode=mode))
    if isinstance(step, Ask) and mode == "sms" and _to_send(after, step.question, taken.events, incoming):
        asked = step.asked[0]
        added.append(Event("asked", asked.question.id, mode="sms", step=step.step, order=asked.order))
    return Outcome(tuple(added), step, taken.refusals)


def _next(on_path: list[Question], after: State, taken: Taken, incoming: Incoming, seed: str) -> Step:
    """The next step; a page of which something was refused is shown again, and completes nothing."""
    if after.ended:
        return Done(after.ended)
    # What a file leaves out was not asked: its row is the whole interview.
    if isinstance(incoming, FileRow):
        return Done("completed")
    if isinstance(incoming, WebPage) and taken.refusals:
        first = next((question.id for question in on_path if question.id in taken.refusals), None)
        step = step_on(on_path, after, "web", first, seed)
        if isinstance(step, Ask) or first is None:
            return step
    mode = mode_of(incoming)
    by_sms = [question for question in on_path if question.sms is not None] if mode == "sms" else on_path
    return step_on(by_sms, after, mode, None, seed)


def _to_send(state: State, question: Question, taken: tuple[Event, ...], incoming: Incoming) -> bool:
    """Whether a question is to be sent: not while it waits for its answer, unless the reply was no answer."""
    if isinstance(incoming, ChooseLanguage):
        return True
    waiting = question.id in state.asked[-1:]
    was_sent = isinstance(incoming, SmsReply) and incoming.last_ask_sent
    unread = any(event.kind == "unread" and event.question_id == question.id for event in taken)
    return (was_sent and unread) if waiting or unread else True


def _says_something(event: Event, state: State) -> bool:
    """Whether a late event is worth keeping: words, or a value that is not the answer already."""
    if event.kind == "unread":
        return True
    name = event.question_id or ""
    known = name in state.answers and state.answers[name] == event.value and state.words.get(name, "") == event.words
    return event.kind == "answer" and not known


def _late(event: Event) -> Event:
    return replace(event, kind="late", in_turn=False)


def _shown(version: CompiledVersion, state: State, mode: str, closed: bool, seed: str) -> Step:
    return Done("closed") if closed and not state.ended else next_step(version, state, mode, seed=seed)
