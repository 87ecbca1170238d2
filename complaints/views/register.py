"""The registers, on a page and as CSV: the same rows."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, render_template, request
from flask_login import current_user

from complaints import queries
from complaints.exports import csv_of
from complaints.forms import RegisterDaysForm
from complaints.views.base import bp
from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now

REGISTERS: dict[str, tuple[Callable[..., list[Any]], type[Any]]] = {
    "complaints": (queries.complaint_register, queries.ComplaintRow),
    "appeals": (queries.appeal_register, queries.AppealRow),
    "proposals": (queries.proposal_register, queries.ProposalRow),
}


@bp.get("/register")
@permitted("complaints.read")
def register() -> Any:
    """Show a register, without identity, for the days asked for."""
    form = RegisterDaysForm(request.args)
    kind = _kind()
    rows = _rows(kind, form) if form.validate() else []
    status = 400 if form.errors else 200
    return render_template("complaints/register.html", kind=kind, kinds=REGISTERS, rows=rows, form=form), status


@bp.get("/register.csv")
@permitted("complaints.read")
def register_csv() -> Response:
    """Give the same rows as a file, and note that they were taken."""
    form = RegisterDaysForm(request.args)
    kind = _kind()
    if not form.validate():
        abort(400)
    rows = _rows(kind, form)
    begin_writing()
    ledger.log_access(f"register:{kind}", utc_now(), current_user.id, rows=len(rows))
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return Response(csv_of(rows, REGISTERS[kind][1]), mimetype="text/csv", headers=headers)


def _kind() -> str:
    kind = request.args.get("kind", "complaints")
    return kind if kind in REGISTERS else abort(404)


def _rows(kind: str, form: RegisterDaysForm) -> list[Any]:
    return REGISTERS[kind][0](utc_now(), current_scope(), form.first_day.data, form.last_day.data)
