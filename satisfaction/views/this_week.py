"""What was promised for this week, what waits, what is missing; and whether it comes by mail."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug import Response

from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import begin_writing, db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.forms.packs import RHYTHM_NAMES
from satisfaction.queries.regular_mails import packs_of, wants_week
from satisfaction.services import regular_mails
from satisfaction.services.week import week_of
from satisfaction.views.blueprint import bp


@bp.get("/week")
@permitted("satisfaction.read")
def this_week() -> str:
    now = utc_now()
    return render_template(
        "satisfaction/this_week.html",
        week=week_of(now, current_scope(), current_permissions()),
        now=now,
        wanted=wants_week(current_user),
        mine=packs_of(current_user),
        rhythms=RHYTHM_NAMES,
    )


@bp.post("/week/mail")
@permitted("satisfaction.read")
def choose_mail() -> Response:
    """Keep whether whoever is signed in wants their week by mail."""
    begin_writing()
    regular_mails.choose_week(current_user, request.form.get("wanted") == "yes", utc_now())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".this_week"))


@bp.post("/week/packs/<int:principal_id>/stop")
@permitted("satisfaction.read")
def stop_my_pack(principal_id: int) -> Response:
    """Whoever is signed in gets this pack no more."""
    begin_writing()
    regular_mails.end_pack(principal_id, current_user.id, utc_now(), current_user.id)
    db.session.commit()
    flash(_("You get this pack no more."))
    return redirect(url_for(".this_week"))
