"""What an answer becomes: events, each under the question it was given to, and refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.asking import Ask, next_step, order_shown
from surveys.definitions import CompiledVersion
from surveys.incoming import FileRow, SmsReply, WebPage
from surveys.interview_events import Event, State, state_of
from surveys.paths import is_required, path
from surveys.questions.base import Question, Reading, Unreadable, Value

Answers = Mapping[str, Value]


@dataclass(frozen=True)
class Taken:
    """The events of something that came in, and what of it was refused: question id → code."""

    events: tuple[Event, ...]
    refusals: Mapping[str, str] = field(default_factory=dict)


def from_web(version: CompiledVersion, events: Sequence[Event], state: State, page: WebPage, seed: str) -> Taken:
    """The answers of a posted page, each readable one taken, whatever becomes of the others."""
    then = state if page.events_shown >= state.count else state_of(events[: page.events_shown])
    current = next_step(version, state, "web", seed=seed)
    in_turn = {one.question.id for one in current.asked} if isinstance(current, Ask) else set()
    refusals = {name: "unknown-question" for name in page.answers if version.question(name) is None}
    answers = dict(state.answers)  # as they are after each question of the page, for what is required then
    said: list[Event] = []
    for question in version.questions:
        if question.id not in page.answers:
            continue
        try:
            event = _web_event(version, question, page, state, then, answers, seed)
        except Unreadable as fault:
            refusals[question.id] = fault.code
            continue
        if event is not None:
            answers.pop(question.id, None)
            if event.kind == "answer":
                answers[question.id] = event.value
            turn = question.id in in_turn and not state.settles(question.id)
            said.append(event if turn else replace(event, in_turn=False))
    if page.language and page.language in version.languages and page.language != state.language:
        said.insert(0, Event("language", value=page.language, step=page.step))
    return Taken(tuple(said), refusals)


def from_file(version: CompiledVersion, row: FileRow) -> Taken:
    """The answers of a row of a file; the cells that cannot be read are refused."""
    said, refusals = [], {}
    for name, raw in row.answers:
        try:
            question = _known(version, name)
            reading = question.type.parse_cell(question, raw)
        except Unreadable as fault:
            refusals[name] = fault.code
        else:
            said.append(Event("answer", name, reading.value, "file", words=reading.words))
    return Taken(tuple(said), refusals)


def from_sms(version: CompiledVersion, state: State, reply: SmsReply, seed: str) -> Taken:
    """A readable reply is an answer; the first unreadable one is asked again, the second is passed over."""
    question = _asked_by_sms(version, state, reply)
    order = state.orders[question.id] if question.id in state.orders else order_shown(question, State(), seed)
    current = next_step(version, state, "sms", seed=seed)
    in_turn = isinstance(current, Ask) and current.question.id == question.id
    event = Event("unread", question.id, mode="sms", step=f"{question.id}.{state.count}", in_turn=in_turn, order=order)
    try:
        reading = question.type.parse_sms(question, reply.body, reply.language, order, reply.day)
    except Unreadable:
        unread = replace(event, words=reply.body, order=())
        if in_turn and reply.last_ask_sent and question.id in state.misread:
            return Taken((unread, Event("skip", question.id, mode="sms", step=event.step)))
        return Taken((unread,))
    if reading.skipped:
        return Taken((replace(event, kind="skip", order=()),))
    return Taken((replace(event, kind="answer", value=reading.value, words=reading.words),))


def _web_event(
    version: CompiledVersion, question: Question, page: WebPage, state: State, then: State, now: Answers, seed: str
) -> Event | None:
    """What one question of a page says that is new, or None. Raises Unreadable.

    ``then`` is where the interview stood when the page was made: what it merely shows again is no answer.
    """
    order = order_shown(question, then, seed)
    reading = question.type.parse_web(question, page.answers[question.id], order)
    since = state.settled_by.get(question.id, -1) >= then.count
    if reading.skipped:
        if since or question.id in state.passed:
            return None
        if is_required(question, now) and question in path(version, replace(state, answers=now), "web"):
            raise Unreadable("required")
        return Event("skip", question.id, step=page.step)
    if _says(state, question, reading) or (since and _says(then, question, reading)):
        return None
    return Event("answer", question.id, reading.value, step=page.step, words=reading.words, order=order)


def _says(state: State, question: Question, reading: Reading) -> bool:
    """Whether the state has that answer already."""
    if question.id not in state.answers or state.answers[question.id] != reading.value:
        return False
    return state.words.get(question.id, "") == reading.words


def _asked_by_sms(version: CompiledVersion, state: State, reply: SmsReply) -> Question:
    """The question a reply is to: the last one sent; the invitation itself asked the first."""
    first = next(iter(path(version, State(), "sms")))
    sent = [first.id, *state.asked]
    if not reply.last_ask_sent and len(sent) > 1:
        sent.pop()
    return _known(version, sent[-1])


def _known(version: CompiledVersion, question_id: str) -> Question:
    question = version.question(question_id)
    if question is None:
        raise Unreadable("unknown-question")
    return question
