"""What each page of an interview shows."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from contacts.models import Principal
from foundation.database import db
from foundation.web.i18n import current_language
from surveys import wishes
from surveys.anonymity import FEWEST
from surveys.asking import Ask, Done, Step, next_step
from surveys.interview_events import Event, State
from surveys.paths import is_required, path
from surveys.public_views import kept
from surveys.public_views.asked import Asked
from surveys.public_views.contact_lines import about
from surveys.public_views.fields import Field, answered, field_of, proposed, typed
from surveys.public_views.frames import frame, frame_key
from surveys.public_views.texts import filler, is_personal, worded_in
from surveys.public_views.wording import advice, reason

SECONDS_A_QUESTION = 12
#: What differs on one page from person to person; see ``kept``.
PLACES = ("csrf", "key", "step", "link", "contact")


@dataclass(frozen=True)
class Entered:
    """What a form brought that is shown again: the raw values and the refusals by question, and why, as a code.

    ``link``: where one may go on instead.
    """

    raw: Mapping[str, tuple[str, ...]]
    refusals: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    link: str = ""


def shown(interview: Asked, now: datetime, at: str | None = None) -> Step:
    """The step this page shows: the current one, or the earlier screen with the question ``at``."""
    if interview.closed(now) and not interview.state.ended:
        return Done("closed")
    return next_step(interview.version, interview.state, "web", at, interview.seed)


def question_page(
    interview: Asked, step: Ask, link: str, key: str, entered: Entered | None = None, score: str = ""
) -> str:
    """The page that asks ``step``. ``score`` is what a link proposes; ``key`` names the answer to come."""
    state = interview.state
    own = {
        "csrf": escape(generate_csrf()),
        "key": escape(key),
        "step": escape(step.step),
        "link": escape(link),
        "contact": escape(about(interview)),
    }

    def rendered(places: Mapping[str, Markup]) -> str:
        fields = [_filled_in(each, interview, state, entered, score) for each in _fields(interview, state, step)]
        said = {"entered": entered, "fields": fields, **_around(interview, state, step)}
        return render_template("survey/question.html", **places, **frame(interview), **said)

    asked = [each.question for each in step.asked]
    touched = entered or score or any(state.settles(question.id) for question in asked)
    if touched or any(is_personal(interview.version, question) for question in asked):
        return rendered(own)
    return kept.filled(_alike(interview, state, step), lambda: rendered({p: kept.place(p) for p in PLACES}), own)


def _alike(interview: Asked, state: State, step: Ask) -> Hashable:
    """All that an untouched page depends on, beside its places."""
    version = interview.version
    asked = tuple((each.question.id, each.order, is_required(each.question, state.answers)) for each in step.asked)
    said = version.content_hash, version.low_score, worded_in(), current_language()
    return *said, asked, step.number, step.total, _previous(interview, state, step), frame_key(interview)


def _fields(interview: Asked, state: State, step: Ask) -> list[Field]:
    """The empty fields of a screen."""
    language, said = worded_in(), filler(interview, state)
    return [
        field_of(each.question, each.order, language, is_required(each.question, state.answers), said)
        for each in step.asked
    ]


def _filled_in(empty: Field, interview: Asked, state: State, entered: Entered | None, score: str) -> Field:
    """What stands in a field: what was just typed, else the current answer, else a proposal for the score."""
    if entered is not None and empty.id in entered.raw:
        return typed(empty, entered.raw[empty.id], entered.refusals.get(empty.id, ""))
    if empty.id in state.answers:
        return answered(empty, state.answers[empty.id], state.words.get(empty.id, ""))
    asked = interview.version.score
    return proposed(empty, score) if score and asked is not None and empty.id == asked.id else empty


def _around(interview: Asked, state: State, step: Ask) -> dict[str, Any]:
    """Where the screen stands among the others, and how to get back."""
    return {
        "title": interview.version.title[worded_in()],
        "number": step.number,
        "last_number": step.number + len(step.asked) - 1,
        "total": step.total,
        "previous": _previous(interview, state, step),
        "minutes": max(1, round(step.total * SECONDS_A_QUESTION / 60)),
        "advice": advice,
        "reason": reason,
    }


def _previous(interview: Asked, state: State, step: Ask) -> str | None:
    """The id of the question before this screen on the path, or None on the first."""
    return path(interview.version, state, "web")[step.number - 2].id if step.number > 1 else None


def ending_page(interview: Asked, how: str, events: Sequence[Event], link: str) -> str:
    """How it ended, and what becomes of the answers; ``events`` are all that happened."""
    score = wishes.score(interview.version, events)
    low = isinstance(score, int) and score <= interview.version.low_score
    wished = wishes.wishes(interview.version, events)
    contact = escape(about(interview))

    def rendered() -> str:
        said = {"how": how, "wished": wished, "low": low, "contact": kept.place("contact"), "call": kept.place("call")}
        return render_template("survey/done.html", **frame(interview), **said)

    key = "done", how, wished, low, interview.version.languages, current_language(), frame_key(interview)
    return kept.filled(key, rendered, {"contact": contact, "call": escape(f"{link}/call")})


def privacy(interview: Asked) -> dict[str, Any]:
    """The page of rights."""
    keeper = db.session.get_one(Principal, interview.principal.id)
    return frame(interview) | {"contact": about(interview), "fewest": FEWEST, "keeper": keeper}
