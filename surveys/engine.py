"""The interview: (version, events, what comes in) → (new events, next step).

One engine for SMS, web and file. It reads no clock and stores nothing; its caller holds the lock of the
invitation and drops what came twice by its idempotency key. What it promises:

- an answer is filed under the question it was given to, whatever question is current by then;
- the last answer to a question counts until the interview ends; after that it is kept as ``late``;
- what a page that is older than an answer merely shows again, or leaves empty, does not undo that answer;
- a question no longer asked because an earlier answer was corrected is voided, and its wish still heard;
- a message for a person leaves the interview where it stands, and nothing is asked by SMS until somebody goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys import replies
from surveys.asking import Ask, Asked, Done, LeftToPerson, SendLink, Step, next_step, step_on
from surveys.commands import is_web_request
from surveys.definitions import CompiledVersion
from surveys.incoming import ChooseLanguage, Ending, FileRow, GoOn, Incoming, SmsReply, WebPage, mode_of
from surveys.interview_events import Event, State, state_after, state_of
from surveys.paths import path
from surveys.questions.base import Question
from surveys.taking import Taken, from_file, from_sms, from_web

__all__ = [
    "Ask", "Asked", "ChooseLanguage", "Done", "Ending", "FileRow", "GoOn", "Incoming", "LeftToPerson", "Outcome",
    "SendLink", "SmsReply", "Step", "WebPage", "advance", "mode_of", "next_step", "path",
]  # fmt: skip


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
    if isinstance(incoming, SmsReply) and replies.is_stop(incoming.body):
        incoming = Ending("stopped", "sms")
    if closed or state.ended is not None:
        return _after_the_end(version, events, state, incoming, closed, seed)
    if isinstance(incoming, SmsReply) and is_web_request(incoming.body):
        return Outcome((), SendLink())
    if isinstance(incoming, GoOn) and not state.with_person:
        return Outcome((), next_step(version, state, "sms", seed=seed))
    taken = _take(version, events, state, incoming, seed)
    return _settled(version, events, state, taken, mode, seed)


def _after_the_end(
    version: CompiledVersion, events: Sequence[Event], state: State, incoming: Incoming, closed: bool, seed: str
) -> Outcome:
    """Keep what says something as ``late``; it counts for nothing but what it asks of us."""
    if isinstance(incoming, FileRow):
        # A file is the centre's own record: what it corrects counts, also after the end.
        return _settled(version, events, state, from_file(version, incoming), "file", seed)
    step: Step = Done(state.ended or "closed")
    if isinstance(incoming, Ending | ChooseLanguage | GoOn):
        return Outcome((), step)
    taken = _take(version, events, state, incoming, seed)
    late = (replace(event, kind="late", in_turn=False) for event in taken.events if _says_something(event, state))
    return Outcome(tuple(late), step, taken.refusals)


def _take(version: CompiledVersion, events: Sequence[Event], state: State, incoming: Incoming, seed: str) -> Taken:
    match incoming:
        case WebPage():
            return from_web(version, events, state, incoming, seed)
        case SmsReply():
            return from_sms(version, state, incoming, seed)
        case FileRow():
            return from_file(version, incoming)
        case GoOn():
            return Taken((), ask_again=True, in_turn=False)
        case Ending():
            return Taken((Event(incoming.how, mode=incoming.mode),))
        case ChooseLanguage():
            if incoming.language in version.languages and incoming.language != state.language:
                return Taken((Event("language", value=incoming.language, mode=incoming.mode),), ask_again=True)
            return Taken(())


def _settled(
    version: CompiledVersion, events: Sequence[Event], state: State, taken: Taken, mode: str, seed: str
) -> Outcome:
    """Void what is no longer asked, end what is complete, and ask the next question."""
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
    step = _next(on_path, events, after, taken, mode, seed)
    if isinstance(step, Done) and not after.ended:
        added.append(Event("completed", mode=mode))
    if isinstance(step, Ask) and mode == "sms" and _is_to_send(after, step.question, taken):
        asked = step.asked[0]
        added.append(Event("asked", asked.question.id, mode="sms", step=step.step, order=asked.order))
    return Outcome(tuple(added), LeftToPerson() if taken.left_to_person else step, taken.refusals)


def _next(on_path: list[Question], events: Sequence[Event], after: State, taken: Taken, mode: str, seed: str) -> Step:
    """The next step; a page of which something was refused is shown again, and completes nothing."""
    if after.ended:
        return Done(after.ended)
    # What a file leaves out was not asked: its row is the whole interview.
    if mode == "file":
        return Done("completed")
    if mode == "web":
        return step_on(on_path, after, "web", _first_refused(on_path, taken), seed)
    step = step_on([question for question in on_path if question.sms is not None], after, "sms", None, seed)
    if isinstance(step, Done) and not taken.in_turn and any(event.mode == "web" for event in events):
        # A correction by SMS does not end what its customer is going on with on the web.
        return step_on(on_path, after, "web", None, seed)
    return step


def _first_refused(on_path: list[Question], taken: Taken) -> str | None:
    return (
        next((question.id for question in on_path if question.id in taken.refusals), None) if taken.refusals else None
    )


def _is_to_send(state: State, question: Question, taken: Taken) -> bool:
    """Whether a question is to be sent: not while it waits for its answer, unless the reply was no answer."""
    if question.sms is None or taken.left_to_person:
        return False
    return taken.ask_again or (question.id not in state.asked[-1:] and not taken.was_unread(question.id))


def _says_something(event: Event, state: State) -> bool:
    """Whether a late event is worth keeping: words, or a value that is not the answer already."""
    name = event.question_id or ""
    known = name in state.answers and state.answers[name] == event.value and state.words.get(name, "") == event.words
    return bool(event.kind in ("unread", "person") and event.words) or (event.kind == "answer" and not known)
