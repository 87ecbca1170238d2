"""What each page of an interview shows, as plain values for its template."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contacts.models import Contact
from foundation.web.filters import long_date
from foundation.web.i18n import current_language
from notifications.texts import fill
from surveys import wishes
from surveys.engine import Ask, Done, Step, next_step
from surveys.interview_events import state_of
from surveys.paths import path
from surveys.queries.interviews import Interview
from surveys.questions.base import Question, Unreadable

SECONDS_A_QUESTION = 12
# How a type is drawn: the columns of its scale; every other type is a list.
SCALES = {"recommendation": "ten", "effort": "ten seven"}


def shown(interview: Interview, now: datetime, at: str | None = None) -> Step:
    """The step this page shows: the current one, or the earlier question of id ``at``."""
    state = state_of(interview.events)
    if interview.closed(now) and not state.ended:
        return Done("closed")
    return next_step(interview.version, state, "web", at, interview.seed)


def frame(interview: Interview) -> dict[str, Any]:
    """What every page says: who asks, about which contact, under which promise."""
    principal = interview.principal
    return {
        "brand": principal.brand,
        "mark": "".join(word[0] for word in principal.brand.split()[:2]).upper(),
        "contact": contact_line(interview.contact, interview.zone),
        "by_phone": interview.contact.channel == "phone",
        "languages": [name for name in interview.version.languages if name != current_language()],
        "promise": interview.terms.promise,
        "controller": principal.controller or principal.name,
        "notice": principal.notice(current_language()),
        "by_sms": interview.invitation.collection == "sms" or interview.phone is not None,
    }


def question(interview: Interview, step: Ask, proposed: str | None) -> dict[str, Any]:
    """One question; ``proposed`` is what was typed before, or a score in the link, which is only pre-selected."""
    asked, language = step.question, current_language()
    options = asked.type.options(asked, language)
    return {
        "step": step,
        "title": fill(asked.title[language], brand=interview.principal.brand),
        "hint": asked.hint.get(language, ""),
        "low_end": asked.low_end.get(language, ""),
        "high_end": asked.high_end.get(language, ""),
        # The best answer on top, as people read a scale of satisfaction.
        "options": options[::-1] if asked.type.name == "satisfaction" else options,
        "scale": SCALES.get(asked.type.name, ""),
        "numbered": asked.type.name == "satisfaction",
        "value": _current(interview, asked, proposed),
        "previous": _previous(interview, step),
        "minutes": max(1, round(step.total * SECONDS_A_QUESTION / 60)),
    }


def ending(interview: Interview, step: Step) -> dict[str, Any]:
    """How it ended, and what was asked of us in it."""
    wished = wishes.wishes(interview.version, interview.events)
    score = wishes.score(interview.version, interview.events)
    return frame(interview) | {
        "how": step.how if isinstance(step, Done) else "completed",
        "wished": wished,
        "low": isinstance(score, int) and score <= interview.version.low_score,
    }


def contact_line(contact: Contact, zone: str) -> str:
    """« Votre appel du mardi 17 novembre 2026, facturation »."""
    day = long_date(contact.started_at.astimezone(ZoneInfo(zone)).date())
    said = {
        "phone": _("Your call of %(day)s", day=day),
        "email": _("Your e-mail of %(day)s", day=day),
        "chat": _("Your online chat of %(day)s", day=day),
        "sms": _("Your text message of %(day)s", day=day),
        "web": _("Your online request of %(day)s", day=day),
        "post": _("Your letter of %(day)s", day=day),
        "social": _("Your message of %(day)s", day=day),
    }
    line = said.get(contact.channel) or _("Your contact with us of %(day)s", day=day)
    if (contact.channel, contact.direction) == ("phone", "out"):
        line = _("Our call of %(day)s", day=day)
    return f"{line}, {contact.reason[:1].lower()}{contact.reason[1:]}" if contact.reason else line


def _current(interview: Interview, asked: Question, proposed: str | None) -> str:
    """What the field holds: what was typed, else the current answer, else a readable proposal for the score."""
    state = state_of(interview.events)
    if proposed is not None and asked.id not in state.answers:
        return _readable(asked, proposed)
    if asked.type.name == "comment":
        said = [event.words for event in interview.events if event.question_id == asked.id and event.kind == "answer"]
        return said[-1] if said and asked.id in state.answers else ""
    return str(state.answers.get(asked.id, ""))


def _readable(asked: Question, proposed: str) -> str:
    try:
        value = asked.type.parse_web(asked, (proposed,)).value
    except Unreadable:
        return proposed if asked.type.name == "comment" else ""
    return proposed if value is None else str(value)


def _previous(interview: Interview, step: Ask) -> str | None:
    """The id of the question before this one on the path, or None at the first."""
    questions = path(interview.version, state_of(interview.events), "web")
    return questions[step.number - 2].id if step.number > 1 else None
