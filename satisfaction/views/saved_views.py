"""The views somebody keeps: pages with their filters, by name."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response

from foundation.database import begin_writing, db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.forms.saved_views import SavedViewForm, is_own_page
from satisfaction.queries.saved_views import saved_view, saved_views
from satisfaction.services.saved_views import forget_view, save_view
from satisfaction.views.blueprint import bp


@bp.route("/views", methods=["GET", "POST"])
@permitted("satisfaction.read")
def views() -> Any:
    """Show the views of whoever looks, and keep the page they came from under a name."""
    form = SavedViewForm()
    if form.validate_on_submit():
        begin_writing()
        kept = save_view(current_user.id, form.name.data.strip(), form.address.data, utc_now())
        db.session.commit()
        flash(_("Kept as “%(name)s”.", name=kept.name))
        return redirect(url_for(".views"))
    if request.method == "GET":
        asked = request.args.get("address", "")
        form.address.data = asked if is_own_page(asked) else ""
    return render_template("satisfaction/views.html", form=form, views=saved_views(current_user.id)), form.status


@bp.post("/views/<int:view_id>/forget")
@permitted("satisfaction.read")
def forget(view_id: int) -> Response:
    """Keep one of one's own views no more."""
    kept = saved_view(view_id, current_user.id)
    if kept is None:
        abort(404)
    begin_writing()
    forget_view(kept)
    db.session.commit()
    flash(_("It is kept no more."))
    return redirect(url_for(".views"))
