"""What a posted page says, before the engine reads it."""

import hashlib

from flask import request

from surveys.incoming import Ending, Incoming, WebPage
from surveys.interview_events import State
from surveys.replies import storable

ACTS = {"refuse": "refused", "wrong_person": "wrong_person"}
#: In front of a language: the page once more in that language, with what was typed.
SPEAK = "speak."
LONGEST_STEP, LONGEST_KEY, LONGEST_LANGUAGE = 60, 40, 10
#: More than any page has.
MOST_ASKED = 60


def incoming() -> Incoming:
    """An ending where a button asks for one, else the answers of the page."""
    ending = ACTS.get(request.form.get("act", ""))
    if ending:
        return Ending(ending, "web")
    language = storable(request.form.get("lang", ""))[:LONGEST_LANGUAGE]
    return WebPage(storable(request.form.get("step", ""))[:LONGEST_STEP], answers(), language)


def answers() -> dict[str, tuple[str, ...]]:
    """The raw values of each question that was on the page, by its id; empty where nothing was posted."""
    form = request.form
    return {name: tuple(form.getlist(f"q.{name}")) for name in form.getlist("asked")[:MOST_ASKED]}


def wanted_language() -> str:
    """The language a button of the page asks for, or an empty text."""
    act = request.form.get("act", "")
    return act.removeprefix(SPEAK) if act.startswith(SPEAK) else ""


def key(name: int | str, state: State, taken: frozenset[str], over: bool) -> str:
    """The name of this post: the same form with the same answers, posted twice, is one thing that happens once.

    A browser that goes back shows the old form, so other answers in it are another thing. So are the first ones once
    more: the engine says whether they are news, as long as the interview is not ``over``. ``name`` is the invitation's.
    """
    digest = hashlib.sha256(repr((request.form.get("act"), sorted(answers().items()))).encode()).hexdigest()[:16]
    name = f"web:{name}:{request.form.get('key', '')[:LONGEST_KEY]}:{digest}"
    return f"{name}:{state.count}" if name in taken and not over else name
