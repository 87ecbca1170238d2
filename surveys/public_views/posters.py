"""The door of a poster, for whoever scans it: the first question at once, and an interview from the first answer on.

A GET changes no fact. The form of the first page bears a key drawn by lot, and the interview is a function of it: the
same form sent twice begins one interview, also when the first reply was lost.
"""

import re
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import TooManyRequests

from foundation.accounts.security import limiter
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.i18n import LANGUAGES
from surveys import tokens, wishes
from surveys.anonymity import FEWEST
from surveys.engine import Ask, Done
from surveys.incoming import Ending
from surveys.interview_events import Event
from surveys.public_views import posted, screens
from surveys.public_views.contact_lines import about
from surveys.public_views.frames import frame
from surveys.public_views.interview import no_interview
from surveys.public_views.screens import Entered
from surveys.queries.poster_interviews import AtPoster, begun, begun_under, door, is_open
from surveys.services.poster_interviews import take, withdraw

bp = Blueprint("poster", __name__)

EVERYBODY = "a poster asks whoever comes by"
HOLDER = "the link is a secret of the browser in which the interview was begun"
#: Whole shops share one address; a poster has one wall.
OF_AN_ADDRESS, OF_A_POSTER = "60 per hour; 300 per day", "600 per hour"
ANSWERS_OF_AN_ADDRESS = "1200 per hour"
FORM_KEY = re.compile(r"[0-9a-f]{32}")


def _chooses_language() -> bool:
    """Such a post stores nothing."""
    return bool(posted.wanted_language())


def _of_this_poster() -> str:
    return str((request.view_args or {}).get("key", "")).lower()[:40]


@bp.get("/q/<key>")
@public(EVERYBODY)
def start(key: str) -> Any:
    """Show the first screen, as it is before anything was answered."""
    form_key = secrets.token_hex(16)
    interview = _door(key, form_key)
    if interview is None:
        return no_interview()
    link = _begun_here(interview)
    entered = Entered({}, why="begun-here", link=link) if link and is_open(interview) else None
    return _first_page(interview, key, form_key, entered)


@bp.post("/q/<key>")
@public(EVERYBODY)
@limiter.limit(OF_AN_ADDRESS, exempt_when=_chooses_language)
@limiter.limit(OF_A_POSTER, key_func=_of_this_poster, exempt_when=_chooses_language)
def begin(key: str) -> Any:
    """Record the first page of answers, which begins an interview, and go on to what is next."""
    try:
        return _begin(key)
    except IntegrityError:
        # The same form came a second time while the first was being stored: now it is seen.
        db.session.rollback()
        return _begin(key)


def _begin(key: str) -> Any:
    form_key = _form_key()
    looked_at = _door(key, form_key)
    if looked_at is None:
        return no_interview()
    token = tokens.poster_token(_secret(), looked_at.poster.id, form_key)
    interview = begun_under(looked_at.token_hash, for_change=True)
    if wanted := posted.wanted_language():
        _choose(looked_at, wanted)
        entered = Entered(posted.answers(), why="language")
        return _again(token, entered, 200) if interview else _first_page(looked_at, key, form_key, entered)
    if interview is not None:
        _speak(interview)
        return _taken(interview, token)
    if not is_open(looked_at) or isinstance(posted.incoming(), Ending):
        db.session.rollback()
        return _first_page(looked_at, key, form_key)
    _speak(looked_at)
    return _taken(replace(looked_at, spoken=g.wording), token, first=(key, form_key))


@bp.get("/q/i/<token>")
@public(HOLDER)
def question(token: str) -> Any:
    """Show the current screen of an interview that was begun, an earlier one (``?q=``), or how it ended."""
    interview = begun(token)
    if interview is None:
        return no_interview()
    _speak(interview)
    if interview.is_withdrawn:
        return _ending_page(interview, "withdrawn", "")
    step = screens.shown(interview, utc_now(), request.args.get("q"))
    if isinstance(step, Ask):
        return _page(interview, step, token)
    if isinstance(step, Done) and step.how != "closed":
        return _ending_page(interview, step.how, url_for(".question", token=token))
    return no_interview()


@bp.post("/q/i/<token>")
@public(HOLDER)
@limiter.limit(ANSWERS_OF_AN_ADDRESS, exempt_when=_chooses_language)
def answer(token: str) -> Any:
    """Record a page of answers, or that nothing more is answered, and go on to what is next."""
    interview = begun(token, for_change=True)
    if interview is None:
        return no_interview()
    if wanted := posted.wanted_language():
        _choose(interview, wanted)
        return _again(token, Entered(posted.answers(), why="language"), 200)
    _speak(interview)
    return _taken(interview, token)


@bp.get("/q/<key>/privacy")
@public(EVERYBODY)
def rights(key: str) -> Any:
    """Say who uses the answers and what one's rights are, before there are any."""
    interview = _door(key, secrets.token_hex(16))
    if interview is None or not is_open(interview):
        return no_interview()
    _speak(interview)
    return _rights_page(interview, url_for(".start", key=key))


@bp.route("/q/i/<token>/privacy", methods=["GET", "POST"])
@public(HOLDER)
def rights_begun(token: str) -> Any:
    """The same of an interview that was begun; a POST takes all its answers back."""
    interview = begun(token, for_change=request.method == "POST")
    if interview is None or interview.is_withdrawn:
        return no_interview()
    _speak(interview)
    link = url_for(".question", token=token)
    if request.method == "GET":
        return _rights_page(interview, link, is_begun=True)
    withdraw(interview, utc_now())
    db.session.commit()
    _forget_here(interview)
    return redirect(link, 303)


@bp.errorhandler(CSRFError)
def expired_form(_error: CSRFError) -> Any:
    """Show the page again with what was typed; what was not read changed nothing."""
    if request.endpoint == "poster.rights_begun":
        return redirect(request.path, 303)
    return _kept(Entered(posted.answers(), why="expired-form"), 400)


@bp.errorhandler(TooManyRequests)
def too_many(_error: TooManyRequests) -> Any:
    """Ask for some patience, with what was typed."""
    return _kept(Entered(posted.answers(), why="too-many"), 429)


def _kept(entered: Entered, status: int) -> Any:
    named, form_key = request.view_args or {}, _form_key()
    if request.endpoint != "poster.begin":
        return _again(named["token"], entered, status)
    interview = _door(named["key"], form_key)
    return no_interview() if interview is None else _first_page(interview, named["key"], form_key, entered, status)


def _taken(interview: AtPoster, token: str, first: tuple[str, str] | None = None) -> Any:
    """Store what was posted. ``first``: the key of the poster and of the form, where this may be the first answer."""
    now, link = utc_now(), url_for(".question", token=token)
    over = interview.closed(now) or interview.state.ended is not None
    name = posted.key(f"q{interview.token_hash[:16]}", interview.state, interview.keys, over)
    outcome = take(interview, _incoming(), name, now, again=first is not None and _was_begun(interview, now))
    db.session.commit()
    if first is not None and outcome.events:
        _note_here(interview, now, token)
    if outcome.refusals and isinstance(outcome.step, Ask):
        entered = Entered(posted.answers(), outcome.refusals)
        return _first_page(interview, *first, entered, 400) if first and not outcome.events else _again(token, entered)
    if isinstance(outcome.step, Done) and outcome.step.how != "closed":
        _forget_here(interview)
        return _ending_page(interview, outcome.step.how, link, (*interview.events, *outcome.events))
    if first is not None and not outcome.events:
        return redirect(url_for(".start", key=first[0]), 303)
    return redirect(link, 303)


def _incoming() -> Any:
    """Nobody was drawn here, so nobody is the wrong person: to say so is to answer nothing more."""
    said = posted.incoming()
    return Ending("refused", "web") if isinstance(said, Ending) else said


def _first_page(interview: AtPoster, key: str, form_key: str, entered: Entered | None = None, status: int = 200) -> Any:
    _speak(interview, posted=entered is None or entered.why != "language")
    if not is_open(interview):
        return render_template("survey/poster_closed.html", contact=about(interview), **frame(interview)), 410
    step = screens.shown(interview, utc_now())
    assert isinstance(step, Ask)
    return screens.question_page(interview, step, url_for(".start", key=key), form_key, entered), status


def _again(token: str, entered: Entered, status: int = 400) -> Any:
    """The screen that was posted once more, with what was typed in it."""
    interview = begun(token)
    if interview is None:
        return no_interview()
    _speak(interview, posted=entered.why != "language")
    first = next(iter(entered.refusals or entered.raw), None)
    step = screens.shown(interview, utc_now(), first)
    if not isinstance(step, Ask):
        return redirect(url_for(".question", token=token), 303)
    return _page(interview, step, token, entered), status


def _page(interview: AtPoster, step: Ask, token: str, entered: Entered | None = None) -> str:
    return screens.question_page(interview, step, url_for(".question", token=token), secrets.token_hex(8), entered)


def _ending_page(interview: AtPoster, how: str, link: str, events: tuple[Event, ...] = ()) -> str:
    """How it ended; ``events`` are what was just answered, none where the page is only looked at again."""
    score = wishes.score(interview.version, events)
    low = isinstance(score, int) and score <= interview.version.low_score
    said = {"how": how, "low": low, "link": link, "contact": about(interview)}
    return render_template("survey/poster_done.html", **said, **frame(interview))


def _rights_page(interview: AtPoster, link: str, is_begun: bool = False) -> str:
    said = {"link": link, "is_begun": is_begun, "ended": interview.state.ended, "fewest": FEWEST}
    return render_template("survey/poster_rights.html", contact=about(interview), **said, **frame(interview))


def _door(key: str, form_key: str) -> AtPoster | None:
    return door(key, form_key, _secret(), utc_now())


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _form_key() -> str:
    """The key of the form that was posted; a fresh one for a form that is not ours."""
    given = request.form.get("key", "")
    return given if FORM_KEY.fullmatch(given) else secrets.token_hex(16)


def _choose(interview: AtPoster, wanted: str) -> None:
    """Keep a language for the visit; it is recorded with the next answer."""
    if wanted in interview.version.languages:
        session["lang"] = wanted
    db.session.rollback()


def _speak(interview: AtPoster, posted: bool = True) -> None:
    """Let the page speak the language chosen on it, else that of the interview, else the browser's."""
    languages = interview.version.languages
    of_browser = None if interview.row else request.accept_languages.best_match(languages)
    of_form = request.form.get("lang") if posted else None
    wanted = [request.args.get("lang"), of_form, session.get("lang"), of_browser, interview.language]
    g.wording = next(language for language in wanted if language in languages)
    g.language = g.wording if g.wording in LANGUAGES else None


def _today(interview: AtPoster, now: datetime) -> str:
    return now.astimezone(ZoneInfo(interview.zone)).date().isoformat()


def _here(interview: AtPoster, now: datetime) -> dict[str, str]:
    """What this browser's own session keeps until the day is over: poster → token of what runs, or nothing."""
    kept = session.get("posters", {})
    return dict(kept.get("begun", {})) if kept.get("day") == _today(interview, now) else {}


def _was_begun(interview: AtPoster, now: datetime) -> bool:
    return str(interview.poster.id) in _here(interview, now)


def _begun_here(interview: AtPoster) -> str:
    """The link of an interview that runs in this browser, or an empty text."""
    token = _here(interview, utc_now()).get(str(interview.poster.id))
    return url_for(".question", token=token) if token else ""


def _note_here(interview: AtPoster, now: datetime, token: str) -> None:
    begun_today = _here(interview, now) | {str(interview.poster.id): token}
    session["posters"] = {"day": _today(interview, now), "begun": begun_today}


def _forget_here(interview: AtPoster) -> None:
    """The link of what is over, not that it was."""
    now = utc_now()
    if _was_begun(interview, now):
        _note_here(interview, now, "")
