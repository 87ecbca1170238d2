"""A wish to be called after an anonymous survey: a page of its own, which carries no answer."""

from typing import Any

from flask import g, render_template, session
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from foundation.accounts.security import limiter
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from foundation.web.i18n import LANGUAGES
from surveys.public_views import screens
from surveys.public_views.interview import HOLDER, bp, no_interview
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
    if interview is None or not interview.is_anonymous or not interview.state.ended:
        return no_interview()
    g.language = _language(interview)
    form, wished = CallForm(), False
    if form.validate_on_submit():
        said = (form.words.data or "").strip(), (form.phone.data or "").strip()
        ask_for_call(interview, *said, g.language, utc_now())
        db.session.commit()
        wished = True
    page = render_template("survey/call_back.html", form=form, wished=wished, **screens.privacy(interview))
    return page, 200 if wished else form.status


def _language(interview: Interview) -> str:
    chosen = session.get("lang")
    return chosen if chosen in LANGUAGES and chosen in interview.version.languages else interview.language
