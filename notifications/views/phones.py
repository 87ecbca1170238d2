"""The simulated customers' phones, and the folder that stands for their mailboxes."""

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for

from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import engines, inbound, simulator
from notifications.forms.simulated import ReplyForm
from notifications.queries import phones
from notifications.quick_replies import ALWAYS, quick_replies
from notifications.states import UNDERWAY
from notifications.views.base import bp

# A page without script looks again this often, this long, after the customer wrote.
EXPECTING_SECONDS = 20


@bp.get("/phone")
@permitted("notifications.simulate")
def phone_list() -> Any:
    """Show the phone that received something last."""
    only_when_simulated()
    known = phones.phones(current_scope())
    if known:
        return redirect(url_for(".phone", key=known[0].key))
    return render_template("notifications/phones.html", phones=[])


@bp.get("/phone/all")
@permitted("notifications.simulate")
def phones_all() -> str:
    """The phones alone, for a screen too narrow to show them beside their messages."""
    only_when_simulated()
    return render_template("notifications/phones.html", phones=phones.phones(current_scope()))


@bp.get("/phone/<key>")
@permitted("notifications.simulate")
def phone(key: str) -> str:
    only_when_simulated()
    return _page(_phone(key), ReplyForm(formdata=None))


@bp.post("/phone/<key>")
@permitted("notifications.simulate")
def write(key: str) -> Any:
    """Write as the customer; it comes in as any SMS does."""
    only_when_simulated()
    owner, form = _phone(key), ReplyForm()
    if not form.validate_on_submit():
        return _page(owner, form), 400
    now, number = utc_now(), _last_number(owner.number)
    body = form.said
    provider_id, keyword = simulator.write(owner.number, number, body, now)
    inbound.receive(
        provider_id=provider_id,
        sender=owner.number,
        recipient=number,
        body=body,
        provider_keyword=keyword,
        now=now,
    )
    return redirect(url_for(".phone", key=key, _anchor="reply"))


@bp.get("/phone/<key>/thread")
@permitted("notifications.simulate")
def thread(key: str) -> Any:
    """The messages and ready answers alone, for the page to look again; nothing where all is as it was ``seen``."""
    only_when_simulated()
    owner = _phone(key)
    bubbles = phones.thread(current_scope(), owner.number)
    if phones.fingerprint(bubbles) == request.args.get("seen"):
        return "", 204
    return render_template("notifications/_thread.html", renewed=True, **_screen(owner, bubbles))


def _page(owner: phones.Phone, form: ReplyForm) -> str:
    bubbles = phones.thread(current_scope(), owner.number)
    known = phones.phones(current_scope())
    return render_template(
        "notifications/phone.html",
        **_screen(owner, bubbles),
        phones=known if owner.key in {one.key for one in known} else [owner, *known],
        form=form,
        expecting=_is_expecting(bubbles),
    )


def _screen(owner: phones.Phone, bubbles: list[phones.Bubble]) -> dict[str, Any]:
    asked = next((one.body for one in reversed(bubbles) if one.got), "")
    return {
        "phone": owner,
        "thread": bubbles,
        "seen": phones.fingerprint(bubbles),
        "quick": quick_replies(asked),
        "always": ALWAYS,
    }


def _is_expecting(bubbles: list[phones.Bubble]) -> bool:
    """Whether something is likely to change soon: the customer wrote a moment ago, or a message is under way."""
    if not bubbles:
        return False
    last = bubbles[-1]
    return last.state in UNDERWAY or (not last.got and (utc_now() - last.at).total_seconds() < EXPECTING_SECONDS)


def _last_number(number: str) -> str:
    received = [row.number for row in simulator.thread(number) if row.direction == "out"]
    return received[-1] if received else simulator.NUMBER


def _phone(key: str) -> phones.Phone:
    return phones.phone(current_scope(), key) or abort(404)


def only_when_simulated() -> None:
    """Refuse the page where messages go out for real."""
    if not engines.is_simulated(current_app):
        abort(404)
