"""The senders: how fast each may send, and letting one wait or go on."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from notifications import services
from notifications.errors import NotificationRefused
from notifications.forms.senders import PauseForm, RateForm
from notifications.queries import controls
from notifications.views.base import bp


@bp.get("/senders")
@permitted("notifications.read")
def senders_page() -> str:
    """Show every sender, what it may send and what it does send."""
    return render_template(
        "notifications/senders.html", senders=controls.senders(current_scope(), utc_now()), may_control=_may_control()
    )


@bp.get("/senders/<int:sender_id>")
@permitted("notifications.control")
def sender(sender_id: int) -> str:
    return _page(_sender(sender_id))


@bp.post("/senders/<int:sender_id>/rate")
@permitted("notifications.control")
def rate(sender_id: int) -> Any:
    """Set how many parts may leave in a second."""
    one, form = _sender(sender_id), RateForm()
    if not form.validate_on_submit():
        return _page(one, rate_form=form), 400
    parts = None if form.rate.data is None else float(form.rate.data)
    services.change_rate(one.id, parts, utc_now(), current_user.id)
    return _done(one, _("The rate holds from now on."))


@bp.post("/senders/<int:sender_id>/pause")
@permitted("notifications.control")
def pause(sender_id: int) -> Any:
    """Let a sender wait until somebody lets it go on."""
    one, form = _sender(sender_id), PauseForm()
    if not form.validate_on_submit():
        return _page(one, pause_form=form), 400
    services.pause_sender(one.id, form.reason.data or "", utc_now(), current_user.id)
    return _done(one, _("This sender waits until somebody lets it go on. Nothing is lost."))


@bp.post("/senders/<int:sender_id>/resume")
@permitted("notifications.control")
def resume(sender_id: int) -> Any:
    """Let a sender go on at once."""
    one = _sender(sender_id)
    if not Form().validate_on_submit():
        abort(400)
    try:
        services.resume_sender(one.id, utc_now(), current_user.id)
    except NotificationRefused:
        return _done(one, _("This sender does not wait any more."))
    return _done(one, _("This sender goes on."))


def _done(one: controls.SenderState, words: str) -> Any:
    db.session.commit()
    flash(words)
    return redirect(url_for(".sender", sender_id=one.id))


def _page(one: controls.SenderState, rate_form: RateForm | None = None, pause_form: PauseForm | None = None) -> str:
    changes = controls.changes(one)
    return render_template(
        "notifications/sender.html",
        sender=one,
        changes=changes,
        names=user_names({change.actor_id for change in changes if change.actor_id is not None}),
        rate_form=rate_form or RateForm(formdata=None, rate=one.allowed),
        pause_form=pause_form or PauseForm(formdata=None),
    )


def _sender(sender_id: int) -> controls.SenderState:
    if not _may_control():
        abort(403)
    return controls.sender(sender_id, current_scope(), utc_now()) or abort(404)


def _may_control() -> bool:
    """A sender serves every principal, so only those who see all of them may slow it down."""
    return "notifications.control" in current_permissions() and current_scope().principal_ids is None
