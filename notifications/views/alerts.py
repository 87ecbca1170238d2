"""What somebody is told by itself, and how they want to be told."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from foundation.accounts.queries import current_permissions
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language
from foundation.web.navigation import Banner
from notifications import pages, services
from notifications.alerting import KINDS
from notifications.forms.alerts import AlertsForm
from notifications.queries import alerts as queries
from notifications.queries.troubles import troubles
from notifications.services.troubles import path_of
from notifications.views.base import bp


@bp.route("/alerts", methods=["GET", "POST"])
@permitted("notifications.alerts")
def alerts() -> Any:
    """Show what concerns whoever is signed in, and let them say how they want to be told."""
    now, reader = utc_now(), queries.reader_of(current_user.id)
    hows = queries.preferences_of(current_user)
    form = AlertsForm(data=AlertsForm.values_of(reader) | hows)
    form.offer([kind for kind in KINDS if kind in hows], reader.zone)
    if form.validate_on_submit():
        services.save_preferences(current_user, form.hows(), form.reader(), now)
        db.session.commit()
        flash(_("Saved. You are told so from now on."))
        return redirect(url_for(".alerts"))
    return render_template(
        "notifications/alerts.html",
        found=[(told, told.alert.text[current_language()]) for told in queries.recent(current_user, now)],
        hows=hows,
        form=form,
    ), form.status


def trouble_banners() -> list[Banner]:
    """Return a banner for each thing that keeps messages from going out; for administrators, on every page.

    A mail about a stuck dispatcher may be stuck itself, and a silent worker writes none.
    """
    if "accounts.manage" not in current_permissions():
        return []
    try:
        found = troubles(utc_now())
    except SQLAlchemyError:
        db.session.rollback()
        return []
    return [Banner(pages.trouble_line(trouble), path_of(trouble.code)) for trouble in found]


def trouble_codes() -> dict[str, Any]:
    """Return what is wrong, in codes and counts, for whoever watches the installation."""
    return {trouble.code: trouble.count for trouble in troubles(utc_now())}
