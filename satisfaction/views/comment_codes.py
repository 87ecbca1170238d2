"""The page of a principal's code frame: its tags, what each means, and how many comments bear it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.comments import Wanted
from satisfaction.forms.comments import COMMENT_REFUSALS, CodeForm
from satisfaction.models import CommentCode
from satisfaction.queries import comment_tags, programmes
from satisfaction.services.comments import Act, CommentRefused, add_code, retire_code
from satisfaction.views.blueprint import bp
from surveys.themes import THEMES


@bp.route("/comments/tags", methods=["GET", "POST"])
@permitted("satisfaction.comments")
def comment_codes() -> Any:
    """Show the tags of a principal; whoever edits comments adds to them here."""
    principals = programmes.principals(current_scope())
    principal = _chosen(principals)
    form = CodeForm()
    form.theme.choices = [("", "–"), *((theme, theme) for theme in THEMES)]
    if request.method == "POST" and not _may_edit():
        abort(403)
    if form.validate_on_submit():
        act = Act(current_user.id, utc_now())
        try:
            add_code(principal.id, form.label.data or "", form.theme.data or "", form.meaning.data or "", act)
        except CommentRefused as refusal:
            form.label.errors = [COMMENT_REFUSALS[refusal.code]]
        else:
            db.session.commit()
            flash(_("The tag is in the list."))
            return redirect(url_for(".comment_codes", principal=principal.key))
    page = render_template(
        "satisfaction/comment_codes.html",
        principals=principals,
        principal=principal,
        form=form,
        codes=comment_tags.codes(principal.id, retired=True),
        borne={one.code_id: one.comments for one in comment_tags.by_code(Wanted(principal.id), current_scope())},
        may_edit=_may_edit(),
    )
    return page, form.status


@bp.post("/comments/tags/<int:code_id>/retire")
@permitted("satisfaction.edit_comments")
def retire_comment_code(code_id: int) -> Any:
    """Give a tag to no comment any more."""
    code = db.session.get(CommentCode, code_id)
    if code is None or not current_scope().sees_principal(code.principal_id) or not _may_edit():
        abort(404)
    retire_code(code, Act(current_user.id, utc_now()))
    db.session.commit()
    flash(_("The tag is given no more. Comments that bear it keep it."))
    return redirect(url_for(".comment_codes", principal=db.session.get_one(Principal, code.principal_id).key))


def _chosen(principals: list[Principal]) -> Principal:
    key = request.args.get("principal")
    found = [each for each in principals if key in (None, "", each.key)]
    return found[0] if found else abort(404)


def _may_edit() -> bool:
    """The list is one for all sites of a principal."""
    return "satisfaction.edit_comments" in current_user.permissions and current_scope().site_ids is None
