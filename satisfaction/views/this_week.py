"""What was promised for this week, what waits, what is missing."""

from flask import render_template

from foundation.accounts.queries import current_permissions, current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction.services.week import week_of
from satisfaction.views.blueprint import bp


@bp.get("/week")
@permitted("satisfaction.read")
def this_week() -> str:
    now = utc_now()
    week = week_of(now, current_scope(), current_permissions())
    return render_template("satisfaction/this_week.html", week=week, now=now)
