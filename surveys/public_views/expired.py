"""Forms of an interview that had become too old: each page is shown again with what was typed."""

from typing import Any

from flask import request
from flask_wtf.csrf import CSRFError

from surveys.public_views import call_back, posted
from surveys.public_views.interview import again, bp, choose_language, no_interview, privacy_page
from surveys.public_views.screens import Entered
from surveys.queries.interviews import interview_by_token


@bp.errorhandler(CSRFError)
def expired_form(_error: CSRFError) -> Any:
    """Show the page again with what was typed."""
    token = (request.view_args or {}).get("token", "")
    if request.endpoint == "survey.answer":
        return again(token, Entered(posted.answers(), why="expired-form"))
    interview = interview_by_token(token)
    if interview is None:
        return no_interview()
    choose_language(interview)
    if request.endpoint == "survey.call_back" and call_back.may_ask(interview):
        return call_back.page(interview, call_back.CallForm(), expired=True), 400
    return privacy_page(interview, token, expired=True), 400
