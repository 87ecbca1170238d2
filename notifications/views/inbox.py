"""What people wrote that a person must read."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import services
from notifications.errors import NotificationRefused
from notifications.forms import HandledForm
from notifications.queries import inbox
from notifications.views.base import bp


@bp.get("/inbox")
@permitted("notifications.read")
def received() -> str:
    scope = current_scope()
    handled = inbox.handled_messages(scope)
    return render_template(
        "notifications/inbox.html",
        waiting=inbox.open_messages(scope),
        handled=handled,
        names=user_names({message.handled_by for message in handled if message.handled_by is not None}),
        may_handle="notifications.handle" in current_permissions(),
    )


@bp.route("/inbox/<int:message_id>", methods=["GET", "POST"])
@permitted("notifications.handle")
def handle(message_id: int) -> Any:
    """Mark one message as dealt with, saying how."""
    message, form = inbox.message(current_scope(), message_id) or abort(404), HandledForm()
    if form.validate_on_submit():
        try:
            services.mark_handled(message_id, form.note.data or "", utc_now(), current_user.id)
        except NotificationRefused:
            db.session.refresh(message)
            names = user_names({message.handled_by or 0})
            return render_template("notifications/handle.html", message=message, form=form, names=names), 409
        db.session.commit()
        flash(_("Marked as handled."))
        return redirect(url_for(".received"))
    return render_template("notifications/handle.html", message=message, form=form, names={}), form.status
