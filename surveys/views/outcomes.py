"""What the pages of outcomes are about: the programme or draw of the address, its days, and what strata are called."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from flask import Response, abort, make_response, render_template, request
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from contacts.models import Principal
from contacts.queries.reasons import reason_labels
from foundation.accounts.queries import current_scope
from foundation.cells import csv_file
from foundation.database import db
from surveys import pages
from surveys.anonymity import TOGETHER
from surveys.ladder import Ladder
from surveys.models import Draw, Programme
from surveys.queries.coverage import Coverage, programme_coverage
from surveys.queries.draws import draw_in_scope, ladder_in_scope, period_of, site_names, sites_seen, strata_values
from surveys.queries.programmes import programme_in_scope

UNTOLD = lazy_gettext(
    "An anonymous draw is told by whole strata, so that nobody can be found out, and no stratum of this draw that may "
    "be told is of your sites alone. Whoever sees every site can read its counts."
)
BOM = "\ufeff"  # without it spreadsheets take UTF-8 for something else


def names_of(draw: Draw) -> dict[str, str]:
    """What each stratum of a draw is called on a page."""
    fields, known = draw.allocation["strata"], (site_names(), reason_labels(draw.principal_id, str(get_locale())))
    said = {stratum: pages.stratum_words(fields, values, *known) for stratum, values in strata_values(draw.id).items()}
    return said | {TOGETHER: _("several small strata together")}


def strata_names(covered: Coverage) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in covered.draws:
        names |= names_of(one.draw)
    return names


def covered_of(programme: Programme) -> Coverage:
    days = {name: date.fromisoformat(written) for name, written in asked_days().items()}
    return programme_coverage(programme, days.get("from"), days.get("to"), current_scope())


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


def asked_ladder(draw: Draw) -> Ladder:
    """The ladder of the sites that whoever asks may see; 403 with the reason where it does not tell them apart."""
    found = ladder_in_scope(draw, current_scope())
    if found is None:
        refuse_to_some_sites(draw, UNTOLD)
    return found


def refuse_to_some_sites(draw: Draw, reason: Any) -> NoReturn:
    """Answer 403 with the reason."""
    abort(make_response(_refusal(draw, reason), 403))


def _refusal(draw: Draw, reason: Any) -> str:
    principal = db.session.get_one(Principal, draw.principal_id)
    head = {"draw": draw, "programme": draw.programme, "principal": principal, "period": period_of(draw)}
    return render_template("surveys/not_of_sites.html", **head, reason=reason)


def own_sites() -> list[str]:
    """The names of the sites of whoever asks; empty for who sees all of them."""
    return list(sites_seen(current_scope()).values())


def as_csv(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]], name: str) -> Response:
    """The rows as a file. One of some sites only says which, in a column ``of_sites`` and in its name."""
    sites = sites_seen(current_scope())
    if current_scope().site_ids is not None:
        said = " | ".join(sites)
        head, rows, name = (*head, "of_sites"), ((*row, said) for row in rows), name.replace(".csv", "-own-sites.csv")
    return as_file(BOM.encode() + csv_file(head, rows), name)


def as_file(content: Any, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)
