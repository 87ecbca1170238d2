"""The words for what happens in an interview, for whoever tries one."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from surveys.definitions import CompiledVersion
from surveys.interview_events import Event

KINDS = {
    "asked": _l("asked by SMS"),
    "answer": _l("answer"),
    "unread": _l("reply not understood"),
    "skip": _l("passed over"),
    "void": _l("no longer asked: voided"),
    "late": _l("too late: kept, not counted"),
    "language": _l("language chosen"),
    "person": _l("left to a person"),
    "completed": _l("complete"),
    "refused": _l("refused"),
    "stopped": _l("STOP"),
    "wrong_person": _l("wrong person"),
}
STANDS = {
    "answered": _l("answered"),
    "passed": _l("passed over"),
    "now": _l("on the screen now"),
    "ahead": _l("still to come"),
    "off": _l("not asked, as the answers stand"),
}
WISHES = {
    "dissatisfied": _l("The complaint desk is told of a dissatisfied answer with words."),
    "complaint": _l("A complaint is opened, and its reference sent."),
    "callback": _l("The wish for a call is passed on."),
}
NOTES = {
    "closed": _l("The time to answer is over. In earnest, one sentence says so, once."),
    "ended": _l("The interview has ended: nothing is sent."),
    "kept": _l("Kept; nothing is sent, as a question of ours still waits for its answer."),
    "nothing": _l("Nothing is sent."),
}


def value_words(event: Event, version: CompiledVersion, language: str) -> str:
    """The value of an event by its label, with the code that is stored."""
    if event.value is None:
        return _("words alone") if event.words else ""
    stored = ", ".join(event.value) if isinstance(event.value, tuple) else str(event.value)
    question = version.question(event.question_id or "")
    label = question.type.label(question, event.value, language) if question else ""
    return f"{stored} ({label})" if label and label != stored else stored


def note_words(code: str) -> str:
    return str(NOTES.get(code, code))
