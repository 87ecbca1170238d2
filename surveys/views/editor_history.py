"""Who did what to a draft and when; going back to any state of it, and giving it up."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys.queries.drafts import revisions
from surveys.refusals import SurveyRefused
from surveys.services import drafts
from surveys.views.blueprint import bp
from surveys.views.drafting import back_to, may_write, open_draft, outline_page, seen, wording
from surveys.views.editor import EDIT

A_PAGE = 50


@bp.get(f"{EDIT}/history")
@permitted("surveys.read")
def draft_history(key: str) -> str:
    """The newest acts, and older ones page by page."""
    found = open_draft(key)
    before = request.args.get("before", type=int)
    rows = revisions(found.questionnaire.id, A_PAGE + 1, before)
    return render_template(
        "surveys/editor_history.html",
        found=found,
        key=key,
        rows=rows[:A_PAGE],
        older=rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        names=user_names({row.by for row in rows if row.by}),
        may_write=may_write(),
        **wording(),
    )


@bp.post(f"{EDIT}/restore")
@permitted("surveys.write")
def restore_draft(key: str) -> Any:
    """Make an older state the draft again; that is an act like any other, and can be undone."""
    found = open_draft(key)
    wanted = request.form.get("revision", type=int)
    try:
        drafts.restore(found.questionnaire, seen(), wanted or 0, utc_now(), current_user.id)
    except SurveyRefused as refusal:
        db.session.rollback()
        return (outline_page(key, stale=True), 409) if refusal.code == "draft-changed" else abort(404)
    db.session.commit()
    return back_to(url_for(".editor", key=key), _("The draft is as it was then."))


@bp.post(f"{EDIT}/discard")
@permitted("surveys.write")
def discard_draft(key: str) -> Any:
    """Give up the draft; what is published stays."""
    found = open_draft(key)
    try:
        drafts.discard(found.questionnaire, seen(), utc_now(), current_user.id)
    except SurveyRefused:
        db.session.rollback()
        return outline_page(key, stale=True), 409
    db.session.commit()
    return back_to(url_for(".editor", key=key), _("The draft is discarded; Undo brings it back."))
