"""The page of the words of emergency."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_scope
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.forms.comments import EMERGENCY_KINDS, WORD_REFUSALS, EmergencyWordForm
from satisfaction.queries import emergencies
from satisfaction.services.emergencies import WordRefused, list_word, strike_word
from satisfaction.views.blueprint import bp


@bp.route("/comments/emergency-words", methods=["GET", "POST"])
@permitted("satisfaction.comments")
def emergency_words() -> Any:
    """Show the list; whoever edits comments everywhere adds to it here."""
    form, may_edit = EmergencyWordForm(), _may_edit()
    if request.method == "POST" and not may_edit:
        abort(403)
    if form.validate_on_submit():
        try:
            phrase = list_word(form.phrase.data or "", form.kind.data, current_user.id, utc_now())
        except WordRefused as refusal:
            form.phrase.errors = [WORD_REFUSALS[refusal.code]]
        else:
            db.session.commit()
            flash(_("“%(phrase)s” is on the list from the next comment on.", phrase=phrase))
            return redirect(url_for(".emergency_words"))
    page = render_template(
        "satisfaction/emergency_words.html",
        form=form,
        listed=emergencies.listed(),
        struck=emergencies.struck(),
        kinds=EMERGENCY_KINDS,
        may_edit=may_edit,
    )
    return page, form.status


@bp.post("/comments/emergency-words/strike")
@permitted("satisfaction.edit_comments")
def strike_emergency_word() -> Any:
    """Take a phrase off the list."""
    if not _may_edit():
        abort(403)
    phrase = request.form.get("phrase", "")
    strike_word(phrase, current_user.id, utc_now())
    db.session.commit()
    flash(_("“%(phrase)s” is off the list.", phrase=phrase))
    return redirect(url_for(".emergency_words"))


def _may_edit() -> bool:
    """The list is one for the house: whoever sees a part of it only does not change it."""
    return "satisfaction.edit_comments" in current_user.permissions and current_scope() == EVERYTHING
