"""The send log: what was asked for on some days, what became of it, and the file an auditor takes."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, jsonify, render_template, request, stream_with_context
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db, reading
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.forms.lists import DaysForm
from notifications.queries import figures, send_log
from notifications.send_log import Statement, csv_lines
from notifications.views.base import bp, principal_choices, principal_keys

#: Up to so many messages the page adds up the lines itself; more take their time, as a file.
AT_SIGHT = 20_000


@bp.get("/log")
@permitted("notifications.read")
def log() -> Any:
    """Show what a send log would hold, counted, and what it proves."""
    form = _form()
    if not form.validate():
        return render_template("notifications/log.html", form=form, states=None, statement=None), 400
    states = figures.counts_by_state(current_scope(), *_chosen(form))
    few = sum(sum(counts.values()) for counts in states.values()) <= AT_SIGHT
    statement = _statement(form) if few else None
    return render_template("notifications/log.html", form=form, states=states, statement=statement)


@bp.get("/log.csv")
@permitted("notifications.read")
def log_csv() -> Response:
    """Give the log line by line, as it is read, and note that it was taken."""
    form = _taken("csv")
    # Asked now: when the pieces are read, the request and whoever made it are gone.
    lines = send_log.lines(current_scope(), *_chosen(form), principals=principal_keys())
    pieces = stream_with_context(_pieces(lines))
    return Response(pieces, mimetype="text/csv", headers=_named(form, "csv"))


@bp.get("/log.json")
@permitted("notifications.read")
def log_statement() -> Response:
    """Give what the lines of the log add up to, with its two proofs."""
    form = _taken("json")
    with reading():
        document = _about(form) | _statement(form).document()
    answer = jsonify(document)
    answer.headers.update(_named(form, "json"))
    return answer


def _form() -> DaysForm:
    """What the address asks for; this month where it asks for nothing."""
    today = utc_now().astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date()
    month = MultiDict({"first_day": today.replace(day=1).isoformat(), "last_day": today.isoformat()})
    return DaysForm(request.args if "first_day" in request.args else month, principals=principal_choices())


def _taken(how: str) -> DaysForm:
    """Return the days asked for, having noted in the access log who takes them."""
    form = _form()
    if not form.validate():
        abort(400)
    begin_writing()
    ledger.log_access("notifications:log", utc_now(), current_user.id, how=how, **_about(form))
    db.session.commit()
    return form


def _pieces(lines: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    # Whoever downloads slowly must not hold SQLite's one write lock meanwhile.
    with reading():
        yield from csv_lines(lines)


def _statement(form: DaysForm) -> Statement:
    return send_log.add_up(current_scope(), *_chosen(form), principals=principal_keys())


def _chosen(form: DaysForm) -> tuple[Any, Any, int | None]:
    return form.first_day.data, form.last_day.data, int(form.principal.data) if form.principal.data else None


def _about(form: DaysForm) -> dict[str, Any]:
    first_day, last_day, principal_id = _chosen(form)
    principal = principal_keys().get(principal_id) if principal_id is not None else None
    return {"from": first_day.isoformat(), "to": last_day.isoformat(), "principal": principal}


def _named(form: DaysForm, suffix: str) -> dict[str, str]:
    parts = ["messages", *(value for value in _about(form).values() if value)]
    return {"Content-Disposition": f'attachment; filename="{"-".join(parts)}.{suffix}"'}
