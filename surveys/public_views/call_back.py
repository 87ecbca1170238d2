"""A wish to be called after an anonymous survey: a page of its own, which carries no answer."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from foundation.accounts.security import limiter
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from foundation.web.i18n import current_language
from surveys.public_views import screens
from surveys.public_views.interview import HOLDER, bp, choose_language, no_interview
from surveys.queries.interviews import Interview, interview_by_token
from surveys.services.calls import ask_for_call


class CallForm(Form):
    """Both may stay empty: the number is then the one we have, and what it is about is said on the phone."""

    phone = StringField(_l("Telephone number"), validators=[Optional(), Length(max=40)])
    words = TextAreaField(_l("What is it about?"), validators=[Optional(), Length(max=2000)])


@bp.route("/s/<token>/call", methods=["GET", "POST"])
@public(HOLDER)
@limiter.limit("30 per hour", methods=["POST"])
def call_back(token: str) -> Any:
    """Take a wish to be called from whoever ended an anonymous survey."""
    interview = interview_by_token(token)
    if interview is None or not may_ask(interview):
        return no_interview()
    choose_language(interview)
    form = CallForm()
    if not form.validate_on_submit():
        return page(interview, form), form.status
    said = (form.words.data or "").strip(), (form.phone.data or "").strip()
    ask_for_call(interview, *said, current_language(), utc_now())
    db.session.commit()
    return page(interview, form, wished=True)


def may_ask(interview: Interview) -> bool:
    """Whether this page is for whoever holds the link: while an interview runs, its own questions are."""
    return interview.is_anonymous and interview.state.ended is not None


def page(interview: Interview, form: CallForm, wished: bool = False, expired: bool = False) -> str:
    """The page of that wish; ``expired``: it was sent when the page had become too old."""
    said = {"form": form, "wished": wished, "expired": expired}
    return render_template("survey/call_back.html", **said, **screens.privacy(interview))
