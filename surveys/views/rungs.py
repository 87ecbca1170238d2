"""Pages that open a rung of the ladder to its contacts: public ids, and nobody's identity."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Response, abort, render_template, request, stream_with_context, url_for
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_scope
from foundation.cells import safe_cell
from foundation.database import begin_writing, db
from foundation.ledger.services import log_access
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys import histories
from surveys.anonymity import ANONYMOUS
from surveys.dispositions import DISPOSITIONS
from surveys.models import Draw, Programme
from surveys.queries.draws import site_names
from surveys.queries.rungs import ON_A_PAGE, TOLD_OF_ALL, Asked, RungContact, all_rung_contacts, rung_contacts
from surveys.views.blueprint import bp
from surveys.views.outcomes import (
    BOM,
    as_file,
    asked_days,
    asked_draw,
    asked_programme,
    covered_of,
    names_of,
    strata_names,
)

COLUMNS = (
    "contact", "draw", "stratum", "site", "channel", "started_at", "standing", "reason", "disposition", "aapor",
)  # fmt: skip


@bp.get("/draws/<int:draw_id>/contacts")
@permitted("surveys.read")
def draw_contacts(draw_id: int) -> str:
    """List the contacts on a rung of a draw's ladder, a page at a time. Nobody's identity is shown."""
    found = asked_draw(draw_id)
    asked = _asked([draw_id], found.terms.promise == ANONYMOUS)
    back = url_for(".draw", draw_id=draw_id)
    return _contacts(asked, found.programme, {"draw_id": draw_id}, "draw_contacts", back, names_of(found))


@bp.get("/programmes/<key>/contacts")
@permitted("surveys.read")
def programme_contacts(key: str) -> str:
    """The same of all draws of a programme."""
    found = asked_programme(key)
    covered = covered_of(found)
    asked = _asked(covered.draw_ids, covered.is_anonymous)
    back, arguments = url_for(".coverage", key=key, **asked_days()), {"key": key, **asked_days()}
    return _contacts(asked, found, arguments, "programme_contacts", back, strata_names(covered))


def _contacts(
    asked: Asked, programme: Programme, named: dict[str, Any], endpoint: str, back: str, names: dict[str, str]
) -> str:
    page = max(1, request.args.get("page", 1, type=int))
    count, rows = rung_contacts(asked, current_scope(), page)
    chosen = {name: request.args[name] for name in ("rung", "reason", "stratum", "stands") if name in request.args}
    return render_template(
        "surveys/rung_contacts.html",
        programme=programme,
        principal=db.session.get_one(Principal, programme.principal_id),
        asked=asked,
        count=count,
        rows=rows,
        page=page,
        last=max(1, -(-count // ON_A_PAGE)),
        back=back,
        turn=lambda number: url_for(f".{endpoint}", **named, **chosen, page=number),
        csv=url_for(f".{endpoint}_csv", **named, **chosen),
        stands=_stands,
        codes=DISPOSITIONS,
        names=names,
        sites=site_names(),
        anonymous=_anonymous(asked.draw_ids),
        narrowed=current_scope().site_ids is not None,
    )


@bp.get("/draws/<int:draw_id>/contacts.csv")
@permitted("surveys.read")
def draw_contacts_csv(draw_id: int) -> Response:
    """All contacts on a rung of a draw's ladder, by public id; that they were taken is noted."""
    found = asked_draw(draw_id)
    return _contacts_csv(_asked([draw_id], found.terms.promise == ANONYMOUS), f"draw:{draw_id}", f"draw-{draw_id}")


@bp.get("/programmes/<key>/contacts.csv")
@permitted("surveys.read")
def programme_contacts_csv(key: str) -> Response:
    """The same of all draws of a programme."""
    covered = covered_of(asked_programme(key))
    return _contacts_csv(_asked(covered.draw_ids, covered.is_anonymous), f"programme:{key}", key)


def _contacts_csv(asked: Asked, subject: str, name: str) -> Response:
    begin_writing()
    log_access(f"surveys:rung:{subject}", utc_now(), current_user.id, rung=asked.rung, stands=asked.stands)
    db.session.commit()
    rows, is_anonymous = all_rung_contacts(asked, current_scope()), _anonymous(asked.draw_ids)
    written = stream_with_context(_written(rows, is_anonymous))
    return as_file(written, f"contacts-{name}-{asked.rung}.csv")


def _written(rows: Iterable[RungContact], is_anonymous: set[int]) -> Iterator[str]:
    yield BOM
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        stands = _stands(row, row.draw in is_anonymous)
        said = (*row[:5], row.started_at.isoformat(), row.status, row.reason)
        writer.writerow([safe_cell(value) for value in (*said, stands, DISPOSITIONS[stands].aapor if stands else "")])
        if text.tell() > 60_000:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _stands(row: RungContact, is_anonymous: bool) -> str | None:
    """Where a drawn contact may be said to stand."""
    return None if row.disposition is None else histories.told(row.disposition, is_anonymous)


def _anonymous(draw_ids: Iterable[int]) -> set[int]:
    return {one for one in draw_ids if db.session.get_one(Draw, one).terms.promise == ANONYMOUS}


def _asked(draw_ids: list[int], is_anonymous: bool) -> Asked:
    said = request.args
    asked = Asked(
        draw_ids, said.get("rung", "population"), said.get("reason", ""), said.get("stratum"), said.get("stands", "")
    )
    if not asked.is_known(is_anonymous):
        abort(404)
    return asked


def rung_opener(draw: Draw) -> Callable[..., str | None]:
    """What gives the address of the contacts on a rung; none where they are not told apart."""
    return opener("draw_contacts", draw.terms.promise == ANONYMOUS, {"draw_id": draw.id})


def opener(endpoint: str, is_anonymous: bool, named: dict[str, Any]) -> Callable[..., str | None]:
    def opens(rung: str, **more: Any) -> str | None:
        told = rung in TOLD_OF_ALL or not is_anonymous
        return url_for(f".{endpoint}", **named, rung=rung, **more) if told else None

    return opens
