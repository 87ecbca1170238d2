"""The outbox: what waits, what was sent, why not, and one message with all its events."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import services
from notifications.errors import NotificationRefused
from notifications.forms import DecideForm, SearchForm
from notifications.masking import mask_text
from notifications.models import OutboxMessage
from notifications.queries import outbox
from notifications.states import STATES
from notifications.views.base import bp

#: What is written to one person about their complaint.
LETTERS = frozenset({"acknowledgement", "reply", "decision"})


@bp.get("/")
@permitted("notifications.read")
def index() -> str:
    """Show what waits, what went out, what did not and why."""
    group, to, before = request.args.get("show"), request.args.get("to"), request.args.get("before", type=int)
    if group is not None and group not in outbox.GROUPS:
        abort(404)
    scope, now = current_scope(), utc_now()
    found = outbox.messages(scope, group, to, before)
    counts = outbox.counts_by_state(scope)
    return render_template(
        "notifications/index.html",
        counts=counts,
        states=[state for state in STATES if state in counts],
        backlog=outbox.backlog(scope, now),
        held_back=outbox.held_back(scope, now),
        reasons=outbox.reasons(scope, now),
        pauses=outbox.pauses(now),
        messages=found[: outbox.PAGE],
        older=found[outbox.PAGE - 1].id if len(found) > outbox.PAGE else None,
        group=group,
        to=to,
        form=SearchForm(),
    )


@bp.post("/search")
@permitted("notifications.read")
def search() -> Any:
    """Find a recipient; posted, so that no number stands in an address or a server's log."""
    form = SearchForm()
    found = outbox.find_recipient(current_scope(), form.recipient.data) if form.validate_on_submit() else None
    if found is None:
        flash(_("No message went to this number or address."))
        return redirect(url_for(".index"))
    return redirect(url_for(".index", to=found))


@bp.get("/<int:message_id>")
@permitted("notifications.read")
def show(message_id: int) -> str:
    return _page(_message(message_id), DecideForm())


@bp.post("/<int:message_id>/decide")
@permitted("notifications.handle")
def decide(message_id: int) -> Any:
    """Settle a message in doubt as a person found it."""
    message, form = _message(message_id), DecideForm()
    if not form.validate_on_submit():
        return _page(message, form), 400
    try:
        services.decide_by_hand(message_id, form.sent.data == "yes", utc_now(), current_user.id)
    except NotificationRefused:
        flash(_("Meanwhile it is known what became of this message."))
    db.session.commit()
    return redirect(url_for(".show", message_id=message_id))


def _body(message: OutboxMessage) -> str | None:
    """Return the text without links and codes: who may read it may not answer in the customer's place.

    A letter about a complaint names the customer: None for those who only check (an auditor).
    """
    checks_only = "notifications.handle" not in current_permissions()
    return None if checks_only and message.purpose in LETTERS else mask_text(message.body, message.secrets)


def _page(message: OutboxMessage, form: DecideForm) -> str:
    events = outbox.events(message.id)
    return render_template(
        "notifications/show.html",
        message=message,
        body=_body(message),
        events=events,
        names=user_names({event.actor_id for event in events if event.actor_id is not None}),
        form=form,
        may_decide=message.state == "needs_human" and "notifications.handle" in current_permissions(),
        now=utc_now(),
    )


def _message(message_id: int) -> OutboxMessage:
    return outbox.message(current_scope(), message_id) or abort(404)
