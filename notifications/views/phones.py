"""The simulated customers' phones, and the folder that stands for their mailboxes."""

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for

from foundation.accounts.queries import current_permissions, current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import engines, inbound, mailbox, simulator
from notifications.forms import ReplyForm
from notifications.models import SimulatedMessage
from notifications.queries import phones
from notifications.views.base import bp

# A page without script looks again this often, this long, after the customer wrote.
EXPECTING_SECONDS = 20


@bp.get("/phone")
@permitted("notifications.simulate")
def phone_list() -> Any:
    """Show the phone that received something last."""
    _only_when_simulated()
    known = phones.phones(current_scope())
    if known:
        return redirect(url_for(".phone", key=known[0].key))
    return render_template("notifications/phone.html", phones=[], phone=None, thread=[], form=None)


@bp.get("/phone/<key>")
@permitted("notifications.simulate")
def phone(key: str) -> str:
    _only_when_simulated()
    return _page(_phone(key), ReplyForm(formdata=None))


@bp.post("/phone/<key>")
@permitted("notifications.simulate")
def write(key: str) -> Any:
    """Write as the customer; it comes in as any SMS does."""
    _only_when_simulated()
    owner, form = _phone(key), ReplyForm()
    if not form.validate_on_submit():
        return _page(owner, form), 400
    now, number = utc_now(), _last_number(owner.number)
    body = form.body.data or ""
    provider_id = simulator.write(owner.number, number, body, now)
    inbound.receive(provider_id=provider_id, sender=owner.number, recipient=number, body=body, now=now)
    return redirect(url_for(".phone", key=key, _anchor="reply"))


@bp.get("/phone/<key>/thread")
@permitted("notifications.simulate")
def thread(key: str) -> Any:
    """The messages alone, for the page to look again; nothing when nothing is new since ``after``."""
    _only_when_simulated()
    owner = _phone(key)
    rows = phones.thread(current_scope(), owner.number)
    if (rows[-1].id if rows else 0) <= request.args.get("after", 0, type=int):
        return "", 204
    return render_template("notifications/_thread.html", phone=owner, thread=rows)


@bp.get("/mail")
@permitted("notifications.simulate")
def mail_list() -> str:
    _folder()
    return render_template(
        "notifications/mails.html", mails=phones.mails(current_scope(), of_accounts=_may_see_accounts())
    )


@bp.get("/mail/<public_id>")
@permitted("notifications.simulate")
def mail(public_id: str) -> str:
    message = phones.mail(current_scope(), public_id, of_accounts=_may_see_accounts()) or abort(404)
    letter = mailbox.read_letter(_folder(), message.public_id) or abort(404)
    return render_template("notifications/mail.html", letter=letter, message=message)


def _page(owner: phones.Phone, form: ReplyForm) -> str:
    rows = phones.thread(current_scope(), owner.number)
    known = phones.phones(current_scope())
    return render_template(
        "notifications/phone.html",
        phone=owner,
        phones=known if owner.key in {one.key for one in known} else [owner, *known],
        thread=rows,
        form=form,
        expecting=_is_expecting(rows),
    )


def _is_expecting(rows: list[SimulatedMessage]) -> bool:
    """Whether the customer wrote last, a moment ago, so that an answer is likely on its way."""
    if not rows or rows[-1].direction == "out":
        return False
    return (utc_now() - rows[-1].created_at).total_seconds() < EXPECTING_SECONDS


def _last_number(number: str) -> str:
    received = [row.number for row in simulator.thread(number) if row.direction == "out"]
    return received[-1] if received else simulator.NUMBER


def _phone(key: str) -> phones.Phone:
    return phones.phone(current_scope(), key) or abort(404)


def _only_when_simulated() -> None:
    if not engines.is_simulated(current_app):
        abort(404)


def _may_see_accounts() -> bool:
    return "accounts.manage" in current_permissions()


def _folder() -> Any:
    return engines.mail_folder(current_app) or abort(404)
