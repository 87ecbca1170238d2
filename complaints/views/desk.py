"""The worklist."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from complaints.queries import desk
from complaints.references import read_reference
from complaints.views.base import bp
from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.get("")
@permitted("complaints.read")
def index() -> Any:
    """Show what waits: proposals first, then cases by the date they are due."""
    typed = request.args.get("reference", "").strip()
    if read := read_reference(typed):
        return redirect(url_for(".case", reference=str(read)))
    view = request.args.get("view", "all")
    view = view if view in desk.VIEWS else "all"
    page = max(request.args.get("page", 1, type=int), 1)
    scope, now = current_scope(), utc_now()
    counts = desk.desk_counts(scope, current_user.id, now)
    return render_template(
        "complaints/index.html",
        view=view,
        counts=counts,
        rows=desk.desk_rows(view, scope, current_user.id, now, page),
        proposals=desk.waiting_proposals(scope, now) if view == "all" and page == 1 else [],
        page=page,
        has_more=counts[view] > page * desk.AT_ONCE,
        typed=typed,
    )
