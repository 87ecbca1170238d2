"""The interview: (version, events, what comes in) → (new events, next step).

One engine for SMS, web and file. It reads no clock and stores nothing; its caller holds the lock of the
invitation and drops what came twice by its idempotency key. What it promises:

- an answer is filed under the question it was given to, whatever question is current by then;
- the last answer to a question counts until the interview ends; after that it is kept as ``late``;
- a question no longer asked because an earlier answer was corrected is voided, and its wish still heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from surveys import replies
from surveys.definitions import CompiledVersion
from surveys.interview_events import Event, State, state_of
from surveys.paths import path
from surveys.questions.base import Question, Reading, Unreadable


@dataclass(frozen=True)
class WebAnswer:
    """A posted form: the step it was shown for, and what was typed or chosen."""

    step: str
    raw: str


@dataclass(frozen=True)
class SmsReply:
    """A message. ``last_ask_sent`` is False while our last question still waits to go out: it cannot be its answer."""

    body: str
    language: str
    last_ask_sent: bool = True


@dataclass(frozen=True)
class FileRow:
    """One person's answers in a file: (question id, what the file says), those that are new or changed."""

    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ending:
    """The customer ends it: ``refused``, ``stopped`` or ``wrong_person``."""

    how: str
    mode: str


Incoming = WebAnswer | SmsReply | FileRow | Ending


@dataclass(frozen=True)
class Ask:
    """The next question; ``number`` of ``total`` on the path as it stands now."""

    question: Question
    step: str
    number: int
    total: int


@dataclass(frozen=True)
class SendLink:
    """The customer asked for the web page."""


@dataclass(frozen=True)
class Done:
    """Nothing more is asked. ``how`` it ended: a kind of ENDINGS, or ``closed`` when time ran out."""

    how: str


Step = Ask | SendLink | Done


@dataclass(frozen=True)
class Outcome:
    """What to store and what comes next; ``refusal`` says why a web or file answer was not taken."""

    events: tuple[Event, ...]
    step: Step
    refusal: str | None = None


def next_step(version: CompiledVersion, state: State, mode: str, at: str | None = None) -> Step:
    """What ``mode`` shows now: the first open question, or the one of id ``at`` if it is on the path before it."""
    if state.ended:
        return Done(state.ended)
    questions = path(version, state, mode)
    for number, question in enumerate(questions, 1):
        if question.id == at or not state.settles(question.id):
            return Ask(question, f"{question.id}.{state.count}", number, len(questions))
    return Done("completed")


def advance(version: CompiledVersion, events: Sequence[Event], incoming: Incoming, closed: bool = False) -> Outcome:
    """Take one incoming thing. ``closed``: time ran out, so an answer is kept as ``late``."""
    state = state_of(events)
    mode = mode_of(incoming)
    if isinstance(incoming, SmsReply) and replies.is_stop(incoming.body):
        incoming = Ending("stopped", "sms")
    if isinstance(incoming, Ending):
        taken: tuple[Event, ...] = () if state.ended or closed else (Event(incoming.how, mode=mode),)
    elif isinstance(incoming, SmsReply) and replies.is_web_request(incoming.body) and not (state.ended or closed):
        return Outcome((), SendLink())
    else:
        try:
            taken = _take(version, state, incoming)
        except Unreadable as fault:
            return Outcome((), _shown(version, state, mode, closed), fault.code)
        # A file is the centre's own record: what it corrects counts, also after the end.
        if (state.ended or closed) and not isinstance(incoming, FileRow):
            taken = tuple(_late(event) for event in taken if event.kind in ("answer", "unread"))
            return Outcome(taken, _shown(version, state, mode, closed))
    return _settled(version, [*events, *taken], taken, incoming)


def _take(version: CompiledVersion, state: State, incoming: Incoming) -> tuple[Event, ...]:
    """The events of an answer. Raises Unreadable for one on the web or in a file that cannot be taken."""
    if isinstance(incoming, WebAnswer):
        question = _known(version, incoming.step.partition(".")[0])
        return (_web_event(question, incoming, _is_current(version, state, "web", question)),)
    if isinstance(incoming, SmsReply):
        return _sms_events(version, state, incoming)
    if isinstance(incoming, FileRow):
        return tuple(_file_event(_known(version, name), raw) for name, raw in incoming.answers)
    return ()


def _web_event(question: Question, incoming: WebAnswer, in_turn: bool) -> Event:
    if not incoming.raw.strip():
        if question.required:
            raise Unreadable("required")
        return Event("skip", question.id, step=incoming.step, in_turn=in_turn)
    value = question.type.parse_web(question, incoming.raw)
    words = _words(question, incoming.raw)
    return Event("answer", question.id, value, step=incoming.step, words=words, in_turn=in_turn)


def _file_event(question: Question, raw: str) -> Event:
    return Event("answer", question.id, question.type.parse_web(question, raw), "file", words=_words(question, raw))


def _sms_events(version: CompiledVersion, state: State, incoming: SmsReply) -> tuple[Event, ...]:
    """A readable reply is an answer; the first unreadable one is asked again, the second is passed over."""
    question = _asked_by_sms(version, state, incoming)
    step = f"{question.id}.{state.count}"
    in_turn = _is_current(version, state, "sms", question)
    try:
        reading = question.type.parse_sms(question, incoming.body, incoming.language)
    except Unreadable:
        unread = Event("unread", question.id, mode="sms", step=step, words=incoming.body, in_turn=in_turn)
        if in_turn and incoming.last_ask_sent and question.id in state.misread:
            return unread, Event("skip", question.id, mode="sms", step=step)
        return (unread,)
    return (_sms_event(question, reading, step, in_turn),)


def _sms_event(question: Question, reading: Reading, step: str, in_turn: bool) -> Event:
    if reading.skipped:
        return Event("skip", question.id, mode="sms", step=step, in_turn=in_turn)
    return Event("answer", question.id, reading.value, "sms", step, reading.words, in_turn)


def _asked_by_sms(version: CompiledVersion, state: State, incoming: SmsReply) -> Question:
    """The question a reply is to: the last one sent; the invitation itself asked the first."""
    first = version.asked_by("sms")[0].id
    sent = [first, *state.asked]
    if not incoming.last_ask_sent and len(sent) > 1:
        sent.pop()
    return _known(version, sent[-1])


def _settled(version: CompiledVersion, events: list[Event], taken: tuple[Event, ...], incoming: Incoming) -> Outcome:
    """Void what is no longer asked, end what is complete, and ask the next question."""
    mode = mode_of(incoming)
    state = state_of(events)
    on_path = {question.id for question in path(version, state, "web")}
    gone = [name for name in (*state.answers, *sorted(state.passed)) if name not in on_path]
    added = [*taken, *(Event("void", name, mode=mode, in_turn=False) for name in gone)]
    state = state_of([*events, *added[len(taken) :]])
    # What a file leaves out was not asked: its row is the whole interview.
    step = Done("completed") if isinstance(incoming, FileRow) else next_step(version, state, mode)
    if isinstance(step, Done) and not state.ended:
        added.append(Event("completed", mode=mode))
    if isinstance(step, Ask) and mode == "sms" and _to_send(state, step.question, taken, incoming):
        added.append(Event("asked", step.question.id, mode="sms", step=step.step))
    return Outcome(tuple(added), step)


def _to_send(state: State, question: Question, taken: tuple[Event, ...], incoming: Incoming) -> bool:
    """Whether a question is to be sent: not while it waits for its answer, unless the reply was no answer."""
    waiting = question.id in state.asked[-1:]
    was_sent = isinstance(incoming, SmsReply) and incoming.last_ask_sent
    unread = any(event.kind == "unread" and event.question_id == question.id for event in taken)
    return (was_sent and unread) if waiting or unread else True


def _is_current(version: CompiledVersion, state: State, mode: str, question: Question) -> bool:
    step = next_step(version, state, mode)
    return isinstance(step, Ask) and step.question.id == question.id


def _known(version: CompiledVersion, question_id: str) -> Question:
    question = version.question(question_id)
    if question is None:
        raise Unreadable("unknown-question")
    return question


def _late(event: Event) -> Event:
    return replace(event, kind="late", in_turn=False)


def _shown(version: CompiledVersion, state: State, mode: str, closed: bool) -> Step:
    return Done("closed") if closed and not state.ended else next_step(version, state, mode)


def _words(question: Question, raw: str) -> str:
    return raw.strip() if question.type.name == "comment" else ""


def mode_of(incoming: Incoming) -> str:
    """``sms``, ``web`` or ``file``."""
    if isinstance(incoming, Ending):
        return incoming.mode
    return {WebAnswer: "web", SmsReply: "sms"}.get(type(incoming), "file")
