"""What comments lead to: complaints, and the list of what is to be done."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.filters import local_date
from satisfaction.forms.comments import COMMENT_REFUSALS, CaseForm, DoneForm
from satisfaction.queries import comment_actions as queries
from satisfaction.queries import programmes
from satisfaction.services.comment_actions import finish_action, open_action, open_case
from satisfaction.services.comments import Act, CommentRefused
from satisfaction.views.blueprint import bp
from satisfaction.views.comment import action_form, found_or_404, show


@bp.post("/comments/<key>/complaint")
@permitted("satisfaction.edit_comments")
def complain(key: str) -> Any:
    """Open the complaint that a comment is."""
    found, form = found_or_404(key), CaseForm()
    if found.invitation is None:
        abort(404)
    if form.validate_on_submit():
        act = Act(current_user.id, utc_now())
        try:
            case = open_case(found.comment, found.invitation, form.why.data or "", form.category.data or None, act)
        except CommentRefused as refusal:
            db.session.rollback()
            form.why.errors = [COMMENT_REFUSALS[refusal.code]]
        else:
            reference = case.reference
            db.session.commit()
            flash(_("The complaint %(reference)s is open.", reference=reference))
            return redirect(url_for(".comment", key=key))
    return show(found_or_404(key), case=form), 400


@bp.post("/comments/<key>/action")
@permitted("satisfaction.edit_comments")
def act_on_comment(key: str) -> Any:
    """Note what somebody is to do because of a comment."""
    found = found_or_404(key)
    form = action_form(found, posted=True)
    if not form.validate_on_submit():
        return show(found, action=form), 400
    act = Act(current_user.id, utc_now())
    open_action(found.comment, found.asked, form.what.data or "", form.owner.data, form.due_on.data, act)
    db.session.commit()
    flash(_("Noted. It stands in the list of what is to be done."))
    return redirect(url_for(".comment", key=key))


@bp.get("/comments/actions")
@permitted("satisfaction.comments")
def comment_actions() -> str:
    """Show what is to be done because of comments, and what was done."""
    return _listed(DoneForm(formdata=None))


@bp.post("/comments/actions/<int:action_id>/done")
@permitted("satisfaction.edit_comments")
def finish_comment_action(action_id: int) -> Any:
    """Say what came of it."""
    row = queries.action(action_id, current_scope()) or abort(404)
    form = DoneForm()
    if not form.validate_on_submit():
        return _listed(form, action_id), 400
    if finish_action(row, form.result.data or "", Act(current_user.id, utc_now())):
        db.session.commit()
        flash(_("Noted: it is done."))
    else:
        db.session.rollback()
        flash(_("Somebody else has said so already."), "bad")
    return redirect(url_for(".comment_actions"))


def _listed(form: DoneForm, about: int | None = None) -> str:
    scope = current_scope()
    waiting, done = queries.open_actions(scope), queries.done_actions(scope)
    about = about or request.args.get("done", type=int)
    return render_template(
        "satisfaction/comment_actions.html",
        waiting=waiting,
        done=done,
        form=form,
        about=next((row for row in waiting if row.id == about), None),
        staff=user_names({one for row in (*waiting, *done) for one in (row.owner_id, row.done_by) if one}),
        principals={each.id: each.name for each in programmes.principals(scope)},
        today=local_date(utc_now()),
        may_act="satisfaction.edit_comments" in current_user.permissions,
    )
