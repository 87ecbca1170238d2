"""The interview on the web, for whoever holds the link: one question per screen, or the pages its author made.

A GET changes no fact: a score in the link is only proposed. Unknown, expired and used links show one page in one
wording, so that nobody learns which it was.
"""

import secrets
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from sqlalchemy.exc import IntegrityError

from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.i18n import LANGUAGES
from surveys.engine import Ask, Done
from surveys.public_views import posted, screens
from surveys.public_views.screens import Entered
from surveys.queries.interviews import Interview, interview_by_token
from surveys.services import interviews
from surveys.services.recording import take

bp = Blueprint("survey", __name__)

HOLDER = "the link is a secret that only the person invited has"
MOST_REMEMBERED = 3


@bp.get("/s/<token>")
@public(HOLDER)
def question(token: str) -> Any:
    """Show the current screen, an earlier one (``?q=``), or how it ended to the browser that ended it."""
    interview = interview_by_token(token)
    if interview is None:
        return no_interview()
    choose_language(interview)
    step = screens.shown(interview, utc_now(), request.args.get("q"))
    if isinstance(step, Ask):
        return _page(interview, step, token)
    if isinstance(step, Done) and step.how != "closed" and interview.invitation.id in session.get("answered", []):
        return screens.ending_page(interview, step.how, interview.events, url_for(".question", token=token))
    return no_interview()


@bp.post("/s/<token>")
@public(HOLDER)
def answer(token: str) -> Any:
    """Record a page of answers, a refusal or "this is not my call", and go on to what is next."""
    try:
        return _answered(token)
    except IntegrityError:
        # The very first answer came from elsewhere while this one waited for the lock: now it is seen.
        db.session.rollback()
        return _answered(token)


def _answered(token: str) -> Any:
    interview = interview_by_token(token, for_change=True)
    if interview is None:
        return no_interview()
    if wanted := posted.wanted_language():
        return _in_another_language(interview, token, wanted)
    choose_language(interview)
    now, invitation_id = utc_now(), interview.invitation.id
    over = interview.closed(now) or interview.state.ended is not None
    key = posted.key(invitation_id, interview.state, interview.keys, over)
    outcome = take(interview, posted.incoming(), key, now)
    db.session.commit()
    if outcome.refusals and isinstance(outcome.step, Ask):
        return again(token, Entered(posted.answers(), outcome.refusals))
    if isinstance(outcome.step, Done) and outcome.step.how != "closed":
        # Shown at once, not behind a redirect: to load it again posts the same answers, which happen only once.
        _remember(invitation_id)
        link = url_for(".question", token=token)
        return screens.ending_page(interview, outcome.step.how, [*interview.events, *outcome.events], link)
    return redirect(url_for(".question", token=token), 303)


@bp.route("/s/<token>/privacy", methods=["GET", "POST"])
@public(HOLDER)
def privacy(token: str) -> Any:
    """Say who uses the answers and what one's rights are; a POST objects to further surveys."""
    interview = interview_by_token(token)
    if interview is None or (interview.state.ended and request.method == "GET"):
        return no_interview()
    choose_language(interview)
    if request.method == "POST":
        interviews.object_to_surveys(interview.invitation.id, utc_now())
        db.session.commit()
        _remember(interview.invitation.id)
        return redirect(url_for(".question", token=token), 303)
    return privacy_page(interview, token)


def _in_another_language(interview: Interview, token: str, wanted: str) -> Any:
    """The same screen in the language asked for, with what was typed; it is recorded with the next answer."""
    if wanted in interview.version.languages:
        session["lang"] = wanted
    db.session.rollback()
    return again(token, Entered(posted.answers(), why="language"), 200)


def again(token: str, entered: Entered, status: int = 400) -> Any:
    """The screen that was posted once more, with what was typed in it."""
    interview = interview_by_token(token)
    if interview is None:
        return no_interview()
    choose_language(interview, posted=entered.why != "language")
    first = next(iter(entered.refusals or entered.raw), None)
    step = screens.shown(interview, utc_now(), first)
    if not isinstance(step, Ask):
        return redirect(url_for(".question", token=token), 303)
    return _page(interview, step, token, entered), status


def _page(interview: Interview, step: Ask, token: str, entered: Entered | None = None) -> str:
    link, key = url_for(".question", token=token), secrets.token_hex(8)
    return screens.question_page(interview, step, link, key, entered, request.args.get("score", "")[:10])


def privacy_page(interview: Interview, token: str, expired: bool = False) -> str:
    """The page of rights; ``expired``: its button was pressed when the page had become too old."""
    return render_template(
        "survey/privacy.html", link=url_for(".question", token=token), expired=expired, **screens.privacy(interview)
    )


def no_interview() -> tuple[str, int]:
    """The one page for every link that leads nowhere."""
    return render_template("survey/no_interview.html"), 404


def choose_language(interview: Interview, posted: bool = True) -> None:
    """Let the page speak the language chosen on it, else that of the interview; never one its version does not have.

    Where the house does not speak it, its own words around the question are in a language that the browser wants.
    """
    of_form = request.form.get("lang") if posted else None
    wanted = [request.args.get("lang"), of_form, session.get("lang"), interview.language]
    g.wording = next(language for language in wanted if language in interview.version.languages)
    g.language = g.wording if g.wording in LANGUAGES else None


def _remember(invitation_id: int) -> None:
    """Let this browser see how the interview ended; to every other one the link is used."""
    session["answered"] = [*session.get("answered", []), invitation_id][-MOST_REMEMBERED:]
