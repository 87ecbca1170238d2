"""The page of the figures and its CSV."""

from typing import Any

from flask import Response, abort, render_template, request
from flask_login import current_user

from contacts.vocabulary import CHANNELS
from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages, services
from satisfaction.pages import Choice
from satisfaction.queries import explanations, programmes
from satisfaction.tables import report_csv
from satisfaction.views.blueprint import bp


@bp.get("/figures")
@permitted("satisfaction.read")
def figures() -> str:
    choice = pages.choice(current_scope(), request.args)
    place = pages.place_of(current_scope(), request.args)
    report = _report(choice, tuple(place) or services.DIMENSIONS) if choice.span else None
    return render_template(
        "satisfaction/figures.html", choice=choice, place=place, report=report, page=pages, channels=CHANNELS,
        sites=programmes.site_names(current_scope()), permissions=current_permissions(),
        answering=explanations.answering(choice.programme, choice.span, current_scope()),
    )  # fmt: skip


@bp.get("/report.csv")
@permitted("satisfaction.read")
def export() -> Response:
    """Give the figures as a file, and note that they were taken."""
    choice = pages.choice(current_scope(), request.args)
    if choice.span is None:
        abort(404)
    address = choice.address
    written = report_csv(_report(choice, services.DIMENSIONS))
    begin_writing()
    ledger.log_access(f"report:{address['principal']}", utc_now(), current_user.id, **address)
    db.session.commit()
    name = "-".join(["satisfaction", *address.values()]).replace("/", "_")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)


def _report(choice: Choice, by: tuple[str, ...]) -> dict[str, Any]:
    assert choice.span and choice.principal
    return services.report(
        first_day=choice.span[0],
        last_day=choice.span[1],
        now=utc_now(),
        scope=current_scope(),
        survey_key=choice.programme and choice.programme.key,
        principal_key=choice.principal.key,
        by=by,
    )
