"""One message: its whole story, and what a person may do about it."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope, user_names
from foundation.database import db
from foundation.timing.calendars import CalendarExhausted
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import outbox as states
from notifications import services
from notifications.errors import NotificationRefused
from notifications.forms.message import CancelForm, DecideForm
from notifications.masking import mask_text
from notifications.models import OutboxMessage
from notifications.queries import controls, outbox, texts
from notifications.timeline import story
from notifications.views.base import bp, principal_names

#: What is written to one person about their complaint.
LETTERS = frozenset({"acknowledgement", "reply", "decision"})


@bp.get("/<int:message_id>")
@permitted("notifications.read")
def show(message_id: int) -> str:
    return _page(_message(message_id))


@bp.post("/<int:message_id>/decide")
@permitted("notifications.handle")
def decide(message_id: int) -> Any:
    """Settle a message in doubt as a person found it."""
    message, form = _message(message_id), DecideForm()
    if not form.validate_on_submit():
        return _page(message, decide_form=form), 400
    try:
        services.decide_by_hand(message_id, form.sent.data == "yes", utc_now(), current_user.id)
        flash(
            _("It is recorded. The message counts as sent.")
            if form.sent.data == "yes"
            else _("It is recorded. The message is sent now.")
        )
    except NotificationRefused:
        flash(_("Meanwhile it is known what became of this message."))
    db.session.commit()
    return redirect(url_for(".show", message_id=message_id))


@bp.post("/<int:message_id>/cancel")
@permitted("notifications.handle")
def cancel(message_id: int) -> Any:
    """Take back a message that has not been taken up."""
    message, form = _message(message_id), CancelForm()
    if not form.validate_on_submit():
        return _page(message, cancel_form=form), 400
    try:
        services.cancel(message_id, form.reason.data or "", utc_now(), current_user.id)
        flash(_("The message will not go out."))
    except NotificationRefused:
        flash(_("Too late: the message is no longer waiting."))
    db.session.commit()
    return redirect(url_for(".show", message_id=message_id))


def _body(message: OutboxMessage) -> str | None:
    """Return the text without links and codes: who may read it may not answer in the customer's place.

    A letter about a complaint names the customer: None for those who only check (an auditor).
    """
    checks_only = "notifications.handle" not in current_permissions()
    return None if checks_only and message.purpose in LETTERS else mask_text(message.body, message.secrets)


def _page(message: OutboxMessage, decide_form: DecideForm | None = None, cancel_form: CancelForm | None = None) -> str:
    now = utc_now()
    sender = controls.waiting_sender(message.channel, message.sender, now) if message.state == "queued" else None
    steps = story(message, outbox.events(message.id), now, sender)
    handles = "notifications.handle" in current_permissions()
    return render_template(
        "notifications/show.html",
        message=message,
        body=_body(message),
        steps=steps,
        sender=sender,
        names=user_names({step.actor_id for step in steps if step.actor_id is not None}),
        source=texts.source_of(message.text_id),
        principal=principal_names().get(message.principal_id or 0),
        decide_form=(decide_form or DecideForm()) if handles and message.state == "needs_human" else None,
        cancel_form=(cancel_form or CancelForm()) if handles and message.state == "queued" else None,
        lawful=_lawful(message, now),
        now=now,
    )


def _lawful(message: OutboxMessage, now: Any) -> Any:
    """When a waiting message may lawfully go at the earliest; None where the holidays are not known that far."""
    if message.state != "queued":
        return None
    try:
        return states.lawful_moment(message.window, message.zone, message.region, max(now, message.not_before))
    except CalendarExhausted:
        return None


def _message(message_id: int) -> OutboxMessage:
    return outbox.message(current_scope(), message_id) or abort(404)
