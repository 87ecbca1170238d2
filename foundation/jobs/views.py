"""The page for whoever looks after the installation: what waits, what failed, what happens by itself."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.jobs import queries, services
from foundation.jobs.states import STATES, State
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.forms import Form

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
@permitted("accounts.manage")
def index() -> str:
    """Show whether the worker lives, what waits and what failed."""
    state = request.args.get("state", State.FAILED)
    if state not in STATES:
        abort(404)
    now = utc_now()
    health = queries.worker_health()
    return render_template(
        "jobs/index.html",
        state=state,
        counts=queries.job_counts(),
        jobs=queries.jobs_in(state),
        schedule=queries.schedule_rows(),
        worker=health,
        worker_lives=health.lives(now),
        overdue_since=queries.overdue_since(now),
        label_of=current_app.extensions["jobs"].label_of,
        form=Form(),
    )


@bp.post("/jobs/<int:job_id>/retry")
@permitted("accounts.manage")
def retry(job_id: int) -> Any:
    if not Form().validate_on_submit():
        abort(400)
    if services.retry(job_id, utc_now()):
        flash(_("The job will run again in a moment."))
    else:
        flash(_("The job is no longer among those that failed."))
    db.session.commit()
    return redirect(url_for(".index"))
