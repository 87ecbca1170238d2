"""Pages of a draw: its ladder, its frame, and sending its invitations."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, redirect, render_template, stream_with_context, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contacts.models import Principal
from contacts.queries import unexplained
from contacts.queries.reasons import reason_labels
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.jobs.services import enqueue
from foundation.ledger.services import record
from foundation.timing.calendars import region_of_zone
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.outbox import lawful_moment
from notifications.queries.windows import current
from surveys import pages
from surveys.anonymity import FEWEST
from surveys.continuous import CONTINUOUS, EVERY_STRATUM, Plan
from surveys.forms import WithdrawForm
from surveys.frames import stratum_parts
from surveys.histories import BEFORE_SENT
from surveys.ladder import Ladder, by_code, lines
from surveys.models import Draw
from surveys.queries.anonymous import told
from surveys.queries.continuous import continuous_file, left_out, so_far, strata_so_far
from surveys.queries.draw_files import draw_files
from surveys.queries.draws import (
    draw_in_scope,
    frame_file,
    ladder_in_scope,
    period_of,
    site_names,
    waiting_to_be_sent,
)
from surveys.refusals import SurveyRefused
from surveys.services import withdrawing
from surveys.views.blueprint import bp
from surveys.views.outcomes import UNTOLD, as_csv, asked_ladder, names_of, own_sites, refuse_to_some_sites
from surveys.views.rungs import rung_opener


@bp.get("/draws/<int:draw_id>")
@permitted("surveys.read")
def draw(draw_id: int) -> str:
    """Show a draw: its ladder when it is drawn, its progress before, its refusal otherwise."""
    found = _draw(draw_id)
    shared = _shared(found)
    if found.state == "running":
        return _running(found, shared, WithdrawForm(formdata=None))
    if found.state != "drawn":
        return render_template("surveys/draw_waiting.html", **shared)
    ladder, is_narrowed = ladder_in_scope(found, current_scope()), current_scope().site_ids is not None
    if ladder is None:
        return render_template("surveys/not_of_sites.html", **shared, reason=UNTOLD)
    # Sending sends to all of them, so all are counted, for everybody.
    waiting = waiting_to_be_sent(draw_id) if is_narrowed else ladder.overall.dispositions["drawn"]
    return render_template(
        "surveys/draw.html",
        **shared,
        ladder=ladder,
        codes=by_code(ladder.overall),
        told=told([draw_id]).get(draw_id),
        is_narrowed=is_narrowed,
        sites=own_sites(),
        chances={row.stratum: row.drawn / row.eligible for row in found.strata if row.eligible},
        fewest=FEWEST,
        quiet=BEFORE_SENT,
        names=names_of(found),
        opens=rung_opener(found),
        unsent=waiting if found.terms.uses_addresses else 0,
        goes=_goes(found, shared["principal"]) if waiting and found.terms.uses_addresses else None,
        awaited=0 if found.terms.uses_addresses else waiting,
    )


def _shared(found: Draw) -> dict[str, Any]:
    period = period_of(found)
    return {
        "draw": found,
        "programme": found.programme,
        "principal": db.session.get_one(Principal, found.principal_id),
        "period": period,
        "gaps": len(unexplained(found.principal_id, period.first_day, period.last_day, utc_now(), current_scope())),
    }


def _running(found: Draw, shared: dict[str, Any], form: WithdrawForm) -> str:
    """What has been decided so far: counts, and no figure."""
    plan, strata = Plan.from_json(found.allocation), so_far(found)
    return render_template(
        "surveys/draw_running.html",
        **shared,
        strata=strata,
        left_out=left_out(found.id),
        names=_names_so_far(found),
        plan=plan,
        form=form,
        unmatched=sorted(plan.rates.keys() - {EVERY_STRATUM, *(line.stratum for line in strata)}) if strata else [],
    )


def _names_so_far(found: Draw) -> dict[str, str]:
    fields, known = found.allocation["strata"], (site_names(), reason_labels(found.principal_id, str(get_locale())))
    said = {stratum: pages.stratum_words(fields, stratum_parts(stratum), *known) for stratum in strata_so_far(found.id)}
    return said | {"": _("all contacts")} if not fields else said


def _goes(found: Draw, principal: Principal) -> datetime:
    """When an invitation sent now goes out to somebody in the principal's zone."""
    window = current(found.terms.sending_window, principal.id)
    return lawful_moment(window, principal.zone, region_of_zone(principal.zone), utc_now())


@bp.get("/draws/<int:draw_id>/ladder.csv")
@permitted("surveys.read")
def ladder_csv(draw_id: int) -> Response:
    """The ladder as a table: codes as they are, so that a program reads the same file in every language."""
    rows = _ladder_rows(asked_ladder(_drawn(draw_id)))
    return as_csv(("stratum", "step", "reason", "aapor", "count"), rows, f"ladder-{draw_id}.csv")


def _ladder_rows(ladder: Ladder) -> Iterator[tuple[Any, ...]]:
    for name, rungs in (("", ladder.overall), *ladder.strata.items()):
        yield from ((name, *line) for line in lines(rungs))


@bp.get("/draws/<int:draw_id>/frame.jsonl")
@permitted("surveys.read")
def frame(draw_id: int) -> Response:
    """The frame file: public ids only. Its SHA-256 is the frame hash."""
    found = _whole(draw_id)
    lines = continuous_file(found) if found.kind == CONTINUOUS else frame_file(found.id)
    return _file(stream_with_context(lines), "application/jsonl", f"frame-{draw_id}.jsonl")


@bp.get("/draws/<int:draw_id>/files.zip")
@permitted("surveys.read")
def files(draw_id: int) -> Response:
    """Everything a stranger needs to draw again, with the script that does it."""
    found, written = _whole(draw_id), io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in draw_files(found).items():
            archive.writestr(f"draw-{draw_id}/{name}", content)
    return _file(written.getvalue(), "application/zip", f"draw-{draw_id}.zip")


@bp.post("/draws/<int:draw_id>/send")
@permitted("surveys.draw")
def send(draw_id: int) -> Any:
    """Let the worker put the invitations into the outbox. Pressed twice, nobody is written to twice."""
    found, now = _drawn(draw_id), utc_now()
    waiting = waiting_to_be_sent(draw_id) if found.terms.uses_addresses else 0
    if waiting and enqueue("surveys.send", {"draw_id": draw_id}, f"draw:{draw_id}", now):
        facts = {"invitations": waiting, "principal_id": found.principal_id}
        record("draw.sent", f"draw:{draw_id}", facts, now, actor_id=current_user.id)
        db.session.commit()
        flash(_("The invitations are being put into the outbox."))
    return redirect(url_for(".draw", draw_id=draw_id))


@bp.post("/draws/<int:draw_id>/withdraw")
@permitted("surveys.draw")
def withdraw_draw(draw_id: int) -> Any:
    """End a continuous draw that runs, for a reason; where it does not run any more its page says what became of it."""
    found, form = _draw(draw_id), WithdrawForm()
    if found.state == "running" and not form.validate():
        return _running(found, _shared(found), form), 400
    try:
        withdrawing.withdraw_draw(draw_id, (form.reason.data or "").strip(), utc_now(), current_user.id)
    except SurveyRefused as refusal:
        db.session.rollback()
        flash(pages.refused(refusal), "bad")
        return redirect(url_for(".draw", draw_id=draw_id))
    db.session.commit()
    flash(_("The draw is withdrawn; the ledger keeps it."))
    return redirect(url_for(".draw", draw_id=draw_id))


def _draw(draw_id: int) -> Draw:
    found = draw_in_scope(draw_id, current_scope())
    if found is None:
        abort(404)
    return found


def _drawn(draw_id: int) -> Draw:
    found = _draw(draw_id)
    if found.state != "drawn":
        abort(404)
    return found


def _whole(draw_id: int) -> Draw:
    """The draw, for who sees the contacts of all its sites: its files are of all of them or prove nothing."""
    found = _drawn(draw_id)
    if current_scope().site_ids is not None:
        refuse_to_some_sites(
            found,
            _(
                "The files of a draw are whole or nothing: their hash proves all of it, and they list the contacts of "
                "other sites. Whoever sees every site can take them."
            ),
        )
    return found


def _file(content: Any, kind: str, name: str) -> Response:
    return Response(
        content, mimetype=None, content_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"}
    )
