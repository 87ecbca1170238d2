"""The folder that stands for the customers' mailboxes: what we wrote, and what they write back."""

import secrets
from typing import Any

from flask import abort, current_app, redirect, render_template, url_for

from foundation.accounts.queries import current_permissions, current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import engines
from notifications.forms.simulated import MailForm, MailReplyForm
from notifications.letters import writing
from notifications.mailbox import read_letter
from notifications.mailbox.receiving import receive
from notifications.mailbox.storage import mail_files
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries import inbox, phones, threads
from notifications.views.base import bp

_WRITES = {"answer": writing.answer, "absence": writing.absence, "bounce": writing.bounce}


@bp.get("/mail")
@permitted("notifications.simulate")
def mail_list() -> str:
    _folder()
    written = phones.mails(current_scope(), of_accounts=_may_see_accounts())
    return render_template("notifications/mails.html", mails=written)


@bp.route("/mail/new", methods=["GET", "POST"])
@permitted("notifications.simulate")
def write_mail() -> Any:
    """Write to the centre as anybody may; it comes in as any e-mail does."""
    _folder()
    form = MailForm()
    if not form.validate_on_submit():
        return render_template("notifications/mail_new.html", form=form), form.status
    sender, to, subject, body = (field.data or "" for field in (form.sender, form.to, form.subject, form.body))
    return _came_in(writing.letter(sender, to, subject, body, utc_now(), secrets.token_hex(8)))


@bp.route("/mail/<public_id>", methods=["GET", "POST"])
@permitted("notifications.simulate")
def mail(public_id: str) -> Any:
    """Show one mail with all that were written about the same matter, and let its reader answer."""
    message = phones.mail(current_scope(), public_id, of_accounts=_may_see_accounts()) or abort(404)
    ours, form = read_letter(_folder(), message.public_id) or abort(404), MailReplyForm()
    if form.validate_on_submit():
        write = _WRITES[form.what.data or "answer"]
        return _came_in(write(ours, form.body.data or "", utc_now(), secrets.token_hex(8)))
    page = render_template("notifications/mail.html", letter=ours, message=message, form=form, thread=_thread(message))
    return page, form.status


def _came_in(raw: bytes) -> Any:
    now = utc_now()
    message = receive(raw, now, now, mail_files(current_app))
    if inbox.message(current_scope(), message.id) is None:
        # Written to nobody's address, it is for those who see every principal.
        return redirect(url_for(".mail_list"))
    return redirect(url_for(".incoming", message_id=message.id))


def _thread(message: OutboxMessage) -> list[tuple[Any, OutboxMessage | InboundMessage]]:
    """Return what both sides wrote about the same matter, oldest first."""
    scope = current_scope()
    ours = [(one.sent_at, one) for one in threads.mails_about(scope, message)]
    theirs = [(one.received_at, one) for one in threads.came_back(scope, message)]
    return sorted([*ours, *theirs], key=lambda entry: entry[0])


def _may_see_accounts() -> bool:
    return "accounts.manage" in current_permissions()


def _folder() -> Any:
    return engines.mail_folder(current_app) or abort(404)
