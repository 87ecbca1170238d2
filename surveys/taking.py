"""What an answer becomes: events, each under the question it was given to, and refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.asking import Ask, next_step, order_by_sms, order_shown
from surveys.commands import goes_on, language_asked_for
from surveys.definitions import CompiledVersion
from surveys.incoming import FileRow, SmsReply, WebPage
from surveys.interview_events import Event, State, state_of
from surveys.paths import is_required, path
from surveys.questions.base import Question, Reading, Unreadable, Value
from surveys.replies import storable

Answers = Mapping[str, Value]
#: Where a questionnaire asks about complaints, the word "complaint" is the subject and no new complaint.
ABOUT_COMPLAINTS = frozenset({"complaint_handling", "appeal_handling"})


@dataclass(frozen=True)
class Taken:
    """The events of something that came in, and what of it was refused: question id → code.

    ``ask_again``: the question that waits is to be sent once more. ``left_to_person``: nothing more is to be sent.
    """

    events: tuple[Event, ...]
    refusals: Mapping[str, str] = field(default_factory=dict)
    ask_again: bool = False
    in_turn: bool = True
    left_to_person: bool = False

    def was_unread(self, question_id: str) -> bool:
        """Whether the reply was no answer to that question."""
        return any(event.kind == "unread" and event.question_id == question_id for event in self.events)


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
        said.insert(0, Event("language", value=page.language, step=page.echoed))
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
    """What a message is: an answer, the choice of a language, words for a person, or nothing we can read.

    What can be read neither way is asked again once, and passed over the second time.
    """
    question = _asked_by_sms(version, state, reply)
    event = Event("answer", question.id, mode="sms", step=f"{question.id}.{state.count}")
    if state.with_person:
        return _to_person_again(event, reply)
    current = next_step(version, state, "sms", seed=seed)
    in_turn = isinstance(current, Ask) and current.question.id == question.id
    order = state.orders[question.id] if question.id in state.orders else order_by_sms(question, State(), seed)
    reading = _reading(question, reply, order)
    language = language_asked_for(reply.body, version.languages)
    if language and (reading is None or question.type.holds_words):
        chosen = Event("language", value=language, mode="sms", step=event.step)
        return Taken((chosen,), ask_again=True)
    event = replace(event, in_turn=in_turn, order=order)
    if _is_for_person(version, question, reply, reading):
        return _to_person(event, reply, reading)
    if reading is None:
        return _unread(replace(event, kind="unread", words=storable(reply.body), order=()), state, reply)
    return Taken((_read(event, reading),), in_turn=in_turn)


def _read(event: Event, reading: Reading) -> Event:
    if reading.skipped:
        return replace(event, kind="skip", order=())
    return replace(event, value=reading.value, words=reading.words)


def _unread(event: Event, state: State, reply: SmsReply) -> Taken:
    asked = event.in_turn and not reply.unsent
    if asked and event.question_id in state.misread:
        return Taken((event, Event("skip", event.question_id, mode="sms", step=event.step)))
    return Taken((event,), ask_again=asked, in_turn=event.in_turn)


def _is_for_person(version: CompiledVersion, question: Question, reply: SmsReply, reading: Reading | None) -> bool:
    """Words of complaint are an answer where a complaint is what we ask about."""
    if reply.for_person != "complaint":
        return bool(reply.for_person)
    if question.purpose == "complaint" and reading is not None:
        return False
    return not any(one.theme in ABOUT_COMPLAINTS for one in version.questions)


def _to_person(event: Event, reply: SmsReply, reading: Reading | None) -> Taken:
    """The answer that a message for a person gives besides is taken; the message leaves the interview as it stands."""
    step = replace(event, kind="person", order=(), words="" if reading else storable(reply.body))
    return Taken((_read(event, reading), step) if reading else (step,), in_turn=event.in_turn, left_to_person=True)


def _to_person_again(event: Event, reply: SmsReply) -> Taken:
    """Whoever is spoken to by a person is not asked by us, unless they ask for it."""
    if goes_on(reply.body):
        return Taken((), ask_again=True)
    return Taken((replace(event, kind="person", words=storable(reply.body)),), in_turn=False, left_to_person=True)


def _web_event(
    version: CompiledVersion, question: Question, page: WebPage, state: State, then: State, now: Answers, seed: str
) -> Event | None:
    """What one question of a page says that is new, or None. Raises Unreadable.

    ``then`` is where the interview stood when the page was made: what it merely shows again is no answer.
    """
    raw = page.answers[question.id]
    order = order_shown(question, then, seed)
    reading = question.type.parse_web(question, raw, order)
    is_empty = not any(text.strip() for text in raw)
    since = state.settled_by.get(question.id, -1) >= then.count
    if since and is_empty:
        return None
    if reading.skipped:
        if question.id in state.passed:
            return None
        if is_required(question, now) and question in path(version, replace(state, answers=now), "web"):
            raise Unreadable("required")
        return Event("skip", question.id, step=page.echoed)
    if _says(state, question, reading) or (since and _says(then, question, reading)):
        return None
    return Event("answer", question.id, reading.value, step=page.echoed, words=reading.words, order=order)


def _says(state: State, question: Question, reading: Reading) -> bool:
    """Whether the state has that answer already."""
    if question.id not in state.answers or state.answers[question.id] != reading.value:
        return False
    return state.words.get(question.id, "") == reading.words


def _asked_by_sms(version: CompiledVersion, state: State, reply: SmsReply) -> Question:
    """The question a reply is to: the last one that went out; the invitation itself asked the first."""
    sent = state.asked[: max(0, len(state.asked) - reply.unsent)]
    return _known(version, sent[-1]) if sent else path(version, State(), "sms")[0]


def _known(version: CompiledVersion, question_id: str) -> Question:
    question = version.question(question_id)
    if question is None:
        raise Unreadable("unknown-question")
    return question


def _reading(question: Question, reply: SmsReply, order: tuple[str, ...]) -> Reading | None:
    """What a message says in answer to the question; None if nothing."""
    try:
        return question.type.parse_sms(question, reply.body, reply.language, order, reply.day)
    except Unreadable:
        return None
