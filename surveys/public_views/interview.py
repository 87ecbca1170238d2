"""The interview on the web, for whoever holds the link: one question per screen.

A GET changes no fact: a score in the link is only pre-selected. Unknown, expired and used links show one page in one
wording, so that nobody learns which it was.
"""

import secrets
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError

from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.i18n import LANGUAGES
from surveys.engine import Ask, Done, Ending, Incoming, WebPage
from surveys.interview_events import state_of
from surveys.public_views import screens
from surveys.queries.interviews import Interview, interview_by_token
from surveys.services import interviews
from surveys.services.recording import take

bp = Blueprint("survey", __name__)

HOLDER = "the link is a secret that only the person invited has"
ACTS = {"refuse": "refused", "wrong_person": "wrong_person"}
MOST_REMEMBERED = 3
#: More than any page has.
MOST_ASKED = 50


@bp.get("/s/<token>")
@public(HOLDER)
def question(token: str) -> Any:
    """Show the current question, an earlier one (``?q=``), or how it ended to the browser that ended it."""
    interview = interview_by_token(token)
    if interview is None:
        return _no_interview()
    _choose_language(interview)
    step = screens.shown(interview, utc_now(), request.args.get("q"))
    if isinstance(step, Ask):
        return _question_page(interview, step, token)
    if interview.invitation.id in session.get("answered", []):
        return render_template("survey/done.html", **screens.ending(interview, step))
    return _no_interview()


@bp.post("/s/<token>")
@public(HOLDER)
def answer(token: str) -> Any:
    """Record an answer, a refusal or "this is not my call", and go on to what is next."""
    interview = interview_by_token(token, for_change=True)
    if interview is None:
        return _no_interview()
    _choose_language(interview)
    invitation_id = interview.invitation.id  # read before the commit, after which it would be a further statement
    key = f"web:{invitation_id}:{request.form.get('key', '')[:40]}"
    outcome = take(interview, _incoming(), key, utc_now())
    db.session.commit()
    if outcome.refusals and isinstance(outcome.step, Ask):
        return _refused(token, next(iter(outcome.refusals.values())))
    if isinstance(outcome.step, Done) and outcome.step.how != "closed":
        _remember(invitation_id)
    return redirect(url_for(".question", token=token), 303)


@bp.route("/s/<token>/privacy", methods=["GET", "POST"])
@public(HOLDER)
def privacy(token: str) -> Any:
    """Say who uses the answers and what one's rights are; a POST objects to further surveys."""
    interview = interview_by_token(token)
    if interview is None or (state_of(interview.events).ended and request.method == "GET"):
        return _no_interview()
    _choose_language(interview)
    if request.method == "POST":
        interviews.object_to_surveys(interview.invitation.id, utc_now())
        db.session.commit()
        _remember(interview.invitation.id)
        return redirect(url_for(".question", token=token), 303)
    return render_template("survey/privacy.html", token=token, **screens.frame(interview))


@bp.errorhandler(CSRFError)
def expired_form(_error: CSRFError) -> Any:
    """Show the page again with what was typed: it had only become too old."""
    token = (request.view_args or {}).get("token", "")
    interview = interview_by_token(token)
    if interview is None:
        return _no_interview()
    if request.endpoint == "survey.privacy":
        _choose_language(interview)
        return render_template("survey/privacy.html", token=token, expired=True, **screens.frame(interview)), 400
    return _refused(token, "expired-form")


def _incoming() -> Incoming:
    ending = ACTS.get(request.form.get("act", ""))
    if ending:
        return Ending(ending, "web")
    asked = request.form.getlist("asked")[:MOST_ASKED]
    answers = {name: tuple(request.form.getlist(f"q.{name}")) for name in asked}
    return WebPage(request.form.get("step", "")[:60], answers, request.form.get("lang", "")[:10])


def _refused(token: str, code: str) -> Any:
    """The question that was answered once more, with the reason and with what was typed."""
    interview = interview_by_token(token)
    if interview is None:
        return _no_interview()
    _choose_language(interview)
    asked = request.form.get("step", "").partition(".")[0]
    step = screens.shown(interview, utc_now(), asked)
    if not isinstance(step, Ask):
        return redirect(url_for(".question", token=token), 303)
    return _question_page(interview, step, token, code, request.form.get(f"q.{asked}")), 400


def _question_page(
    interview: Interview, step: Ask, token: str, refusal: str | None = None, typed: str | None = None
) -> str:
    proposed = request.args.get("score") if step.question is interview.version.score else None
    screen = screens.question(interview, step, typed if typed is not None else proposed)
    return render_template(
        "survey/question.html",
        token=token,
        key=secrets.token_hex(8),
        refusal=refusal,
        **screens.frame(interview),
        **screen,
    )


def _no_interview() -> tuple[str, int]:
    return render_template("survey/no_interview.html"), 404


def _choose_language(interview: Interview) -> None:
    """The one chosen on the page, else that of the invitation; never one the questionnaire does not have."""
    spoken = [language for language in LANGUAGES if language in interview.version.languages] or list(LANGUAGES)
    wanted = [request.args.get("lang"), request.form.get("lang"), session.get("lang"), interview.language]
    g.language = next((language for language in wanted if language in spoken), spoken[0])


def _remember(invitation_id: int) -> None:
    """Let this browser see how the interview ended; to every other one the link is used."""
    session["answered"] = [*session.get("answered", []), invitation_id][-MOST_REMEMBERED:]
