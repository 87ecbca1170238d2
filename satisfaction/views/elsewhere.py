"""The page of what was collected elsewhere: its own series, its table, and the file that brings more of it."""

import csv
import io
import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from contacts.models import Principal
from contacts.rejects import rejects_csv
from foundation.accounts.queries import current_scope
from foundation.cells import safe_cell
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web import charts
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.charts.elsewhere import MOST_SOURCES, sources_over_time
from satisfaction.elsewhere import BadElsewhere, Given, given
from satisfaction.forms.elsewhere import LINE_FAULTS, ElsewhereForm, file_fault
from satisfaction.indicators import SHARE, SURVEY_INDICATORS
from satisfaction.queries import elsewhere as collected
from satisfaction.queries import programmes
from satisfaction.queries.elsewhere import Point
from satisfaction.services.elsewhere import Opened, Tally, open_file, take_in
from satisfaction.services.one_figure import Subject, one_figure
from satisfaction.views.blueprint import bp

SHOWN_REJECTS = 50
#: Above it a link with the lines in it would be more than browsers take: the command writes them to a file.
LARGEST_REJECTS = 1_000_000
COLUMNS = ("source", "indicator", "site", "from", "to", "estimate", "lower", "upper", "n", "how")


@bp.route("/elsewhere", methods=["GET", "POST"])
@permitted("satisfaction.read")
def elsewhere() -> Any:
    """Show what was collected elsewhere; whoever imports brings a file here."""
    choice = pages.choice(current_scope(), request.args)
    form = ElsewhereForm()
    if request.method == "POST" and not (choice.principal and _may_import()):
        abort(403)
    tally, opened = Tally(), None
    if choice.principal and form.validate_on_submit():
        opened = _taken(choice.principal, form, tally)
    return _page(choice, form, tally, opened), 400 if request.method == "POST" and opened is None else 200


@bp.get("/elsewhere.csv")
@permitted("satisfaction.read")
def elsewhere_csv() -> Response:
    """Give the series as a file, and note that they were taken."""
    principal = pages.choice(current_scope(), request.args).principal or abort(404)
    written, key = _csv(collected.points(principal, current_scope())), principal.key
    begin_writing()
    ledger.log_access(f"elsewhere:{key}", utc_now(), current_user.id)
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="elsewhere-{key}.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)


def _taken(principal: Principal, form: ElsewhereForm, tally: Tally) -> Opened | None:
    try:
        opened = open_file(
            principal, form.kind.data, form.source.data or "", form.file.data.read(), _mapping(form),
            form.indicator.data or "",
        )  # fmt: skip
        for _lines in take_in(opened, tally, current_user.id, utc_now()):
            db.session.commit()
    except BadElsewhere as fault:
        db.session.rollback()
        form.file.errors = [file_fault(fault)]
        return None
    return opened


def _mapping(form: ElsewhereForm) -> Given:
    if not form.mapping.data:
        return Given()
    try:
        return given(json.loads(form.mapping.data.read()))
    except ValueError as error:
        raise error if isinstance(error, BadElsewhere) else BadElsewhere("bad-map") from None


def _may_import() -> bool:
    """A file speaks of all sites of a principal."""
    return "satisfaction.import" in current_user.permissions and current_scope().site_ids is None


def _page(choice: pages.Choice, form: ElsewhereForm, tally: Tally, opened: Opened | None) -> str:
    found = collected.points(choice.principal, current_scope()) if choice.principal else []
    known = [one.code for one in SURVEY_INDICATORS if any(point.indicator == one.code for point in found)]
    indicator = request.args.get("indicator") if request.args.get("indicator") in known else next(iter(known), None)
    shown = [point for point in found if point.indicator == indicator]
    ours = _ours(choice, indicator) if shown else []
    return render_template(
        "satisfaction/elsewhere.html", choice=choice, form=form, tally=tally, opened=opened, known=known,
        indicator=indicator, points=shown, ours=ours, chart_points=_drawn(shown), our_points=_pointed(ours),
        sources_over_time=sources_over_time, drawn=charts.chart,
        is_share=bool(shown) and shown[0].unit == SHARE, page=pages, sites=_sites(), faults=LINE_FAULTS,
        rejects=tally.rejects[:SHOWN_REJECTS], rejects_file=_rejects_file(opened, tally), may_import=_may_import(),
        files=collected.files(choice.principal) if choice.principal and _may_import() else [],
    )  # fmt: skip


def _sites() -> dict[int, str]:
    return programmes.sites_by_id(current_scope())


def _ours(choice: pages.Choice, indicator: str | None) -> list[Point]:
    """The same figure as drawn here, period by period, the latest first: beside the others and in none of them."""
    if not (choice.principal and choice.programme and choice.span and indicator):
        return []
    subject = Subject(indicator, choice.principal, choice.programme, {}, current_scope(), utc_now())
    found = one_figure(subject, choice.span)
    rows = [row for row in found.course if row["estimate"] is not None] if found else []
    return [_own(row) for row in reversed(rows)]


def _own(row: dict[str, Any]) -> Point:
    first_day, last_day = pages.dated(row["period"])
    values = row["estimate"], row["lower"], row["upper"], row["n"]
    return Point(_("Drawn here"), row["indicator"], None, first_day, last_day, *values, counted=False)


def _drawn(points: Sequence[Point]) -> list[dict[str, Any]]:
    """What the chart shows: the whole of each source, the first few of them."""
    whole = [one for one in points if one.site_id is None and one.estimate is not None]
    names = sorted({one.source for one in whole})[: MOST_SOURCES - 1]
    return _pointed([one for one in whole if one.source in names])


def _pointed(points: Sequence[Point]) -> list[dict[str, Any]]:
    """As the chart takes them, the earliest first."""
    return [
        {
            "source": one.source, "day": one.first_day.isoformat(), "value": one.estimate, "lower": one.lower,
            "upper": one.upper,
        }
        for one in reversed(points)
    ]  # fmt: skip


def _rejects_file(opened: Opened | None, tally: Tally) -> str | None:
    """The lines that go back, as a link that holds them: nothing of them is kept here."""
    if opened is None or not tally.rejects:
        return None
    rows = ((one.line, one.cells, one.column, str(LINE_FAULTS[one.code])) for one in tally.rejects)
    written = "".join(rejects_csv(opened.table.columns, opened.table.separator, rows)).encode("utf-8-sig")
    return f"data:text/csv;base64,{b64encode(written).decode()}" if len(written) <= LARGEST_REJECTS else None


def _csv(points: Sequence[Point]) -> str:
    text, names = io.StringIO(), _sites()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in points:
        place = "" if one.site_id is None else names.get(one.site_id, "")
        figures = ["" if value is None else value for value in (one.estimate, one.lower, one.upper, one.n)]
        how = "not drawn here, counted" if one.counted else "not drawn here, as stated"
        writer.writerow(
            [safe_cell(one.source), one.indicator, safe_cell(place), one.first_day, one.last_day, *figures, how]
        )
    return text.getvalue()
