"""What the pages of outcomes are about: the programme or draw of the address, its days, and what strata are called."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from foundation.accounts.queries import current_scope
from foundation.cells import csv_file
from surveys import pages
from surveys.anonymity import TOGETHER
from surveys.models import Draw, Programme
from surveys.queries.coverage import Coverage, programme_coverage
from surveys.queries.draws import draw_in_scope, site_names, strata_values
from surveys.queries.programmes import programme_in_scope

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for something else


def names_of(draw: Draw) -> dict[str, str]:
    """What each stratum of a draw is called on a page."""
    fields, sites = draw.allocation["strata"], site_names()
    said = {stratum: pages.stratum_words(fields, values, sites) for stratum, values in strata_values(draw.id).items()}
    return said | {TOGETHER: _("several small strata together")}


def strata_names(covered: Coverage) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in covered.draws:
        names |= names_of(one.draw)
    return names


def covered_of(programme: Programme) -> Coverage:
    days = {name: date.fromisoformat(written) for name, written in asked_days().items()}
    return programme_coverage(programme, days.get("from"), days.get("to"))


def asked_days() -> dict[str, str]:
    """The days asked for, as they stand in the address; what is no day is left out."""
    return {name: said for name in ("from", "to") if _is_day(said := request.args.get(name, ""))}


def _is_day(written: str) -> bool:
    try:
        return bool(date.fromisoformat(written))
    except ValueError:
        return False


def asked_programme(key: str) -> Programme:
    found = programme_in_scope(key, current_scope())
    if found is None:
        abort(404)
    return found


def asked_draw(draw_id: int) -> Draw:
    found = draw_in_scope(draw_id, current_scope())
    if found is None or found.state != "drawn":
        abort(404)
    return found


def as_csv(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]], name: str) -> Response:
    return as_file(BOM.encode() + csv_file(head, rows), name)


def as_file(content: Any, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)
