"""What people wrote: what a person must read, and where the rest went and why."""

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
from notifications.forms.inbox import HandledForm
from notifications.masking import mask_quoted
from notifications.models import InboundMessage
from notifications.queries import inbox
from notifications.views import inbox_words
from notifications.views.base import bp


@bp.get("/inbox")
@permitted("notifications.read")
def received() -> str:
    scope = current_scope()
    handled = inbox.handled_messages(scope)
    return render_template(
        "notifications/inbox.html",
        waiting=inbox.open_messages(scope),
        placed=inbox.placed_messages(scope),
        handled=handled,
        names=user_names({message.handled_by for message in handled if message.handled_by is not None}),
        may_handle=_may_handle(),
        legible=_is_legible,
        masked=mask_quoted,
        said=inbox_words,
    )


@bp.get("/inbox/<int:message_id>")
@permitted("notifications.read")
def incoming(message_id: int) -> str:
    """Show one incoming message whole: its words, its file's hash, where it went and why."""
    return _page(_message(message_id), HandledForm(formdata=None))


@bp.post("/inbox/<int:message_id>")
@permitted("notifications.handle")
def handle(message_id: int) -> Any:
    """Mark one message as dealt with, saying how."""
    message, form = _message(message_id), HandledForm()
    if not form.validate_on_submit():
        return _page(message, form), form.status
    try:
        services.mark_handled(message_id, form.note.data or "", utc_now(), current_user.id)
    except NotificationRefused:
        db.session.refresh(message)
        return _page(message, form), 409
    db.session.commit()
    flash(_("Marked as handled."))
    return redirect(url_for(".received"))


def _page(message: InboundMessage, form: HandledForm) -> str:
    return render_template(
        "notifications/incoming.html",
        message=message,
        form=form,
        names=user_names({message.handled_by} if message.handled_by else set()),
        may_handle=_may_handle(),
        legible=_is_legible(message),
        masked=mask_quoted,
        said=inbox_words,
    )


def _may_handle() -> bool:
    return "notifications.handle" in current_permissions()


def _is_legible(message: InboundMessage) -> bool:
    """Whether the reader may see the words: a mail bears its writer's name, which is not for those who only check."""
    return message.channel != "email" or _may_handle()


def _message(message_id: int) -> InboundMessage:
    return inbox.message(current_scope(), message_id) or abort(404)
