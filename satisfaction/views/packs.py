"""Who gets the figures of a principal by mail, and what that mail says."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response

from contacts.models import Principal
from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.forms.packs import RHYTHM_NAMES, PackForm
from satisfaction.queries import programmes
from satisfaction.queries.regular_mails import packs, readers_of
from satisfaction.services import regular_mails
from satisfaction.views.blueprint import bp


@bp.route("/packs", methods=["GET", "POST"])
@permitted("satisfaction.agree")
def mailed() -> Any:
    """Show who gets the pack of a principal, and let somebody be added."""
    scope, now = current_scope(), utc_now()
    principals = programmes.principals(scope)
    principal = _chosen(principals)
    form = PackForm()
    form.offer(readers_of(principal.id) if principal else [])
    if principal and form.validate_on_submit():
        begin_writing()
        regular_mails.schedule_pack(principal.id, form.reader.data, form.rhythm.data, now, current_user.id)
        db.session.commit()
        flash(_("Saved. The first one goes out on the next of these days."))
        return redirect(url_for(".mailed", principal=principal.key))
    return render_template(
        "satisfaction/packs.html",
        principals=principals,
        principal=principal,
        form=form,
        packs=packs(scope).get(principal.id, []) if principal else [],
        rhythms=RHYTHM_NAMES,
        said=regular_mails.pack_mail(current_user, principal, now, current_app.config["PUBLIC_URL"])
        if principal
        else None,
    ), form.status


@bp.post("/packs/<int:principal_id>/<int:user_id>/stop")
@permitted("satisfaction.agree")
def stop_pack(principal_id: int, user_id: int) -> Response:
    """Send somebody the pack of a principal no more."""
    principal = next((each for each in programmes.principals(current_scope()) if each.id == principal_id), None)
    if principal is None:
        abort(404)
    begin_writing()
    regular_mails.end_pack(principal_id, user_id, utc_now(), current_user.id)
    db.session.commit()
    flash(_("This pack is sent to them no more."))
    return redirect(url_for(".mailed", principal=principal.key))


def _chosen(principals: list[Principal]) -> Principal | None:
    """The principal named in the address, else the first one seen."""
    key = request.values.get("principal")
    if not key:
        return principals[0] if principals else None
    return next((each for each in principals if each.key == key), None) or abort(404)
