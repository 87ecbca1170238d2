"""The outbox: what waits, what goes out, what did not and why, and the list of messages."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.forms.lists import ListForm, SearchForm
from notifications.listing import Listing, UnknownChoice, read_listing
from notifications.queries import outbox, watching
from notifications.views.base import bp, principal_choices


@bp.get("/")
@permitted("notifications.read")
def index() -> Any:
    """Show the state of the messages, and those of them that the address asks for."""
    form = ListForm(request.args, principals=principal_choices())
    listing = _listing(form)
    scope, now = current_scope(), utc_now()
    found = outbox.messages(scope, listing, now, request.args.get("before", type=int)) if listing else []
    page = render_template(
        "notifications/index.html",
        overview=watching.overview(scope, now),
        messages=found[: outbox.PAGE],
        older=found[outbox.PAGE - 1].id if len(found) > outbox.PAGE else None,
        listing=listing or Listing(),
        form=form,
        search=SearchForm(),
    )
    return page, 200 if listing else 400


@bp.post("/search")
@permitted("notifications.read")
def search() -> Any:
    """Find a recipient; posted, so that no number stands in an address or a server's log."""
    form = SearchForm()
    found = outbox.find_recipient(current_scope(), form.recipient.data) if form.validate_on_submit() else None
    if found is None:
        flash(_("No message went to this number or address."))
        return redirect(url_for(".index"))
    return redirect(url_for(".index", recipient=found, _anchor="list"))


def _listing(form: ListForm) -> Listing | None:
    """Return what the address asks for; None when a field of the form says what is wrong with it."""
    if not form.validate():
        return None
    try:
        listing = read_listing(request.args)
    except UnknownChoice:
        abort(404)
    return listing.bounded(utc_now().astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date())
