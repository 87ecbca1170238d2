"""``/api/v1/reports``: the report of ``flask satisfaction report``, for programs."""

import json
from datetime import date
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from marshmallow import Schema, fields
from werkzeug.exceptions import BadRequest, NotFound

from foundation.accounts.keys import current_key
from foundation.accounts.queries import current_scope
from foundation.accounts.security import limiter
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import for_keys
from foundation.web.api import Refusal, api_blueprint
from foundation.web.clock import utc_now
from satisfaction.services import DIMENSIONS, ReportRefused, report

bp = api_blueprint("reports-api", "/reports", "Figures with their intervals, as the pages and the binder show them.")
DAY = {"type": "string", "format": "date"}


def _parameter(name: str, description: str, schema: dict[str, str] | None = None, required: bool = False) -> Any:
    shape = schema or {"type": "string"}
    return {"in": "query", "name": name, "description": description, "schema": shape, "required": required}


PARAMETERS = [
    _parameter("from", "First day, included.", DAY, required=True),
    _parameter("to", "Last day, included.", DAY, required=True),
    _parameter("survey", "Key of a programme; without it, all of them."),
    _parameter("principal", "Key of a principal; without it, that of the key."),
    _parameter("by", "site, channel or both with a comma, crossed; the whole always comes with it."),
]


class ReportOut(Schema):
    """The report; docs/report.md says what each key means. More keys may come, none changes its name."""

    survey = fields.String(allow_none=True, required=True)
    period = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    population_name = fields.String(required=True)
    as_of = fields.DateTime(required=True)
    coverage = fields.List(fields.Dict(), required=True)
    series_breaks = fields.List(fields.Dict(), required=True)
    results = fields.List(fields.Dict(), required=True)


@bp.get("")
@bp.doc(parameters=PARAMETERS)
@bp.response(200, ReportOut, description="Every figure that the key may see.")
@bp.alt_response(400, schema=Refusal, description="A day or a dimension cannot be read.")
@bp.alt_response(401, schema=Refusal, description="No key that may be used was shown.")
@bp.alt_response(403, schema=Refusal, description="The key may not do this.")
@bp.alt_response(404, schema=Refusal, description="There is no such programme or principal for this key.")
@bp.alt_response(429, schema=Refusal, description="Too many requests.")
@bp.alt_response(503, schema=Refusal, description="Send it again.")
@limiter.limit("60 per minute")
@for_keys("satisfaction.read")
def give_report() -> Response:
    """Give every figure of the closed periods between two days. It is noted that it was taken."""
    asked = request.args
    first_day, last_day = _day("from"), _day("to")
    try:
        found = report(
            first_day=first_day,
            last_day=last_day,
            now=utc_now(),
            scope=current_scope(),
            survey_key=asked.get("survey") or None,
            principal_key=asked.get("principal") or None,
            by=[name.strip() for name in asked.get("by", "").split(",") if name.strip()],
        )
    except ReportRefused as refusal:
        raise _refused(refusal) from refusal
    _note(found)
    return Response(json.dumps(found, ensure_ascii=False), mimetype="application/json")


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError as error:
        raise BadRequest(_("Give %(name)s as a day, like 2026-10-01.", name=name)) from error


def _refused(refusal: ReportRefused) -> BadRequest | NotFound:
    if refusal.code == "bad-period":
        return BadRequest(_("The last day comes before the first."))
    if refusal.code == "bad-dimension":
        return BadRequest(_("“by” takes one or both of: %(names)s.", names=", ".join(DIMENSIONS)))
    return NotFound(_("There is no such programme or principal for this key."))


def _note(found: dict[str, Any]) -> None:
    """Note which key took which figures."""
    key = current_key()
    begin_writing()
    facts = {"key": key.id if key else None, "survey": found["survey"], **found["period"]}
    ledger.log_access("report:api", utc_now(), None, **facts)
    db.session.commit()
