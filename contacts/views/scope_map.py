"""The scope map: on the page, printed, and as CSV."""

import csv
import io
from datetime import date
from typing import Any

from flask import Response, current_app, render_template
from flask_babel import gettext as _
from flask_login import current_user

from contacts.forms.wording import CERTIFIED_NAMES, CHANNEL_NAMES, DIRECTION_NAMES, MARK_NAMES, SITE_KIND_NAMES
from contacts.models import Principal
from contacts.queries.certified import certified_spans
from contacts.queries.parties import principals
from contacts.queries.scope_map import counted_places, points_of
from contacts.scope_map import Line, SiteLine, scope_map, site_lines
from contacts.views.blueprint import bp
from contacts.views.choices import chosen_days, chosen_principal, seen_sites
from foundation.accounts.queries import current_scope
from foundation.cells import safe_cell
from foundation.web.access import permitted


@bp.get("/contacts/scope")
@permitted("contacts.scope")
def scope_map_page() -> str:
    """Every entry and exit point of one principal, with its contacts and answers of a period."""
    principal = chosen_principal()
    days = chosen_days(principal) if principal else None
    lines, sites = _lines(principal, days) if principal and days else ([], [])
    return render_template(
        "contacts/scope_map.html",
        principal=principal,
        principals=principals(current_scope()),
        days=days,
        lines=lines,
        site_lines=sites,
        sites={site.id: site for site in seen_sites()},
        counts_answers=_counts_answers(),
        marks={mark: sum(mark in line.marks for line in lines) for mark in MARK_NAMES},
        mark_names=MARK_NAMES,
        channel_names=CHANNEL_NAMES,
        direction_names=DIRECTION_NAMES,
        certified_names=CERTIFIED_NAMES,
        site_kind_names=SITE_KIND_NAMES,
        may_open="contacts.read" in current_user.permissions,
        may_write="contacts.write" in current_user.permissions,
        may_manage="accounts.manage" in current_user.permissions,
    )


@bp.get("/contacts/scope.csv")
@permitted("contacts.scope")
def scope_map_file() -> Response:
    """The same as a CSV, one line each."""
    principal = chosen_principal()
    days = chosen_days(principal) if principal else None
    lines = _lines(principal, days)[0] if principal and days else []
    names = {site.id: site.key for site in seen_sites()}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_header())
    for line in lines:
        writer.writerow([safe_cell(str(cell)) for cell in _cells(principal, days, line, names)])
    response = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="scope.csv")
    return response


def _lines(principal: Principal, days: tuple[date, date]) -> tuple[list[Line], list[SiteLine]]:
    scope = current_scope()
    counted = counted_places(principal.id, *days, scope)
    count_answers = _counts_answers()
    answers = count_answers(principal.id, *days, scope) if count_answers else None
    spans = certified_spans(scope)
    lines = scope_map(points_of(principal.id, scope), counted, answers, spans, principal.id, days)
    return lines, site_lines([site.id for site in seen_sites()], counted, spans, principal.id, days)


def _counts_answers() -> Any:
    """What counts the answers of a principal by place; the app knows who does."""
    return current_app.extensions.get("answered_places")


def _header() -> list[str]:
    return [
        *(_("Principal"), _("First day"), _("Last day"), _("Direction"), _("Channel"), _("Name"), _("Address")),
        *(_("Site"), _("Open from"), _("Open until"), _("Contacts"), _("Taken charge of"), _("Answers")),
        *(_("Certified scope"), _("To be looked at")),
    ]


def _cells(principal: Any, days: Any, line: Line, names: dict[int, str]) -> list[Any]:
    point = line.point
    return [
        *(principal.key, *days, DIRECTION_NAMES[line.place.direction], CHANNEL_NAMES[line.place.channel]),
        *(point.name if point else "", line.place.address, names.get(line.place.site_id or 0, "")),
        *((point.first_day or "", point.last_day or "") if point else ("", "")),
        *(line.contacts, line.taken, "" if line.answers is None else line.answers),
        CERTIFIED_NAMES.get(line.certified, ""),
        ", ".join(str(MARK_NAMES[mark]) for mark in line.marks),
    ]
