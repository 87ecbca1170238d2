"""One figure's page: a sentence to quote, how answers are spread, how it went, how it was worked out; and its CSV."""

from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.vocabulary import CHANNELS
from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.charts.course import course_chart
from satisfaction.charts.spread import spread_chart
from satisfaction.pages import Choice
from satisfaction.queries import explanations, programmes
from satisfaction.services.one_figure import OneFigure, Subject, one_figure
from satisfaction.tables import figure_csv
from satisfaction.views.blueprint import bp


@bp.get("/figures/<indicator>")
@permitted("satisfaction.read")
def figure(indicator: str) -> str:
    """Show one figure with all that stands around it."""
    choice, place, found = _found(indicator)
    address = {"indicator": indicator, **choice.address, **place}
    return render_template(
        "satisfaction/figure.html",
        choice=choice,
        place=place,
        found=found,
        page=pages,
        address=address,
        permanent=current_app.config["PUBLIC_URL"].rstrip("/") + url_for(".figure", **address),
        sites=programmes.site_names(current_scope()),
        permissions=current_permissions(),
        answering=explanations.answering(choice.programme, choice.span, current_scope()) if found.coverage else None,
        channels=CHANNELS,
        spread=spread_chart(_bars(found), _("Share of the answers")) if found.spread else None,
        course=_course(found) if len(found.course) > 1 else None,
    )


@bp.get("/figures/<indicator>.csv")
@permitted("satisfaction.read")
def figure_file(indicator: str) -> Response:
    """Give the figure and what stands around it as a file, and note that it was taken."""
    choice, place, found = _found(indicator)
    address = {**choice.address, **place}
    parts = {"figure": [found.row], "spread": found.spread, "course": found.course, "instead": found.coarser}
    written = figure_csv(parts, found.row["period"])
    begin_writing()
    ledger.log_access(f"figure:{indicator}", utc_now(), current_user.id, **address)
    db.session.commit()
    name = "-".join([indicator, *address.values()]).replace("/", "_")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)


def _found(indicator: str) -> tuple[Choice, dict[str, str], OneFigure]:
    """What the address asks for; NotFound where there is no such figure."""
    scope = current_scope()
    choice, place = pages.choice(scope, request.args), pages.place_of(scope, request.args)
    if choice.span is None or choice.principal is None:
        abort(404)
    subject = Subject(indicator, choice.principal, choice.programme, place, scope, utc_now())
    return choice, place, one_figure(subject, choice.span) or abort(404)


def _bars(found: OneFigure) -> list[dict[str, Any]]:
    yes_no = {1: _("Yes"), 0: _("No")} if found.row["indicator"] == "solved" else {}
    return [
        {
            "label": yes_no.get(row["value"], str(row["value"])),
            "share": row["estimate"],
            "lower": row["lower"],
            "upper": row["upper"],
        }
        for row in found.spread
    ]


def _course(found: OneFigure) -> dict[str, Any]:
    points = [
        {
            "label": pages.span_words(pages.dated(row["period"])),
            "value": row["estimate"],
            "lower": row["lower"],
            "upper": row["upper"],
            "series": row["series"],
            "chosen": row is found.row,
        }
        for row in found.course
    ]
    return course_chart(points, found.row["unit"], _("Result"), _("asked anew"))
