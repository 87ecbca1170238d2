"""The page of the figures of agents, and of the information of staff that switches them on."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_scope, user_names
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.agents import FLOOR, KEPT_MONTHS
from satisfaction.forms.agents import NOTICE_REFUSALS, NoticeForm
from satisfaction.queries import agents as queries
from satisfaction.services.agents import NoticeRefused, record_notice, withdraw_notice
from satisfaction.views.blueprint import bp


@bp.route("/agents", methods=["GET", "POST"])
@permitted("satisfaction.agents")
def agents() -> Any:
    """Show the figures of agents where their information is recorded; that somebody looked is written down."""
    scope, form = current_scope(), NoticeForm()
    sites = queries.sites(scope)
    form.site.choices = [(site.id, site.name) for site in sites]
    if form.validate_on_submit():
        try:
            record_notice(form.site.data, form.informed_on.data, form.how.data or "", current_user.id, utc_now())
        except NoticeRefused as refusal:
            form.informed_on.errors = [NOTICE_REFUSALS[refusal.code]]
        else:
            db.session.commit()
            flash(_("Recorded. The figures are computed within the hour."))
            return redirect(url_for(".agents"))
    notices, kept = queries.notices(scope), queries.kept(scope)
    page = render_template(
        "satisfaction/agents.html",
        form=form,
        notices=notices,
        figures_kept=kept,
        sites={site.id: site.name for site in sites},
        staff=user_names({notice.recorded_by for notice in notices}),
        floor=FLOOR,
        months=KEPT_MONTHS,
        page=pages,
    )
    if kept:
        begin_writing()
        ledger.log_access("agents", utc_now(), current_user.id)
        db.session.commit()
    return page, form.status


@bp.post("/agents/<int:notice_id>/withdraw")
@permitted("satisfaction.agents")
def withdraw_agent_notice(notice_id: int) -> Any:
    """Switch the figures of a site off."""
    notice = next((one for one in queries.notices(current_scope()) if one.id == notice_id), None) or abort(404)
    withdraw_notice(notice, current_user.id, utc_now())
    db.session.commit()
    flash(_("The figures of this site are switched off and deleted."))
    return redirect(url_for(".agents"))
