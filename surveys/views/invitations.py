"""Pages of invitations: who of a draw stands where, and every step of one of them. Nobody's identity is shown."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from contacts.models import Principal
from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys import histories, pages
from surveys.anonymity import ANONYMOUS
from surveys.dispositions import DISPOSITIONS
from surveys.queries.draws import draw_in_scope, period_of
from surveys.queries.interviews import waits_for_person
from surveys.queries.invitations import (
    ON_A_PAGE,
    contact_name,
    invitation_in_scope,
    invitations_of,
    messages_about,
    steps,
)
from surveys.services.interviews import go_on
from surveys.views.blueprint import bp


@bp.get("/draws/<int:draw_id>/invitations")
@permitted("surveys.read")
def draw_invitations(draw_id: int) -> str:
    """List the invitations of a draw, a page at a time; ``stands`` narrows them to one disposition."""
    found = _drawn(draw_id)
    stands = request.args.get("stands", "")
    page = max(1, request.args.get("page", 1, type=int))
    is_anonymous = found.terms.promise == ANONYMOUS
    if stands and (stands not in DISPOSITIONS or histories.told(stands, is_anonymous) != stands):
        abort(404)
    count, rows = invitations_of(draw_id, current_scope(), stands, page, is_anonymous)
    return render_template(
        "surveys/invitations.html",
        draw=found,
        programme=found.programme,
        principal=db.session.get_one(Principal, found.principal_id),
        period=period_of(found),
        stands=stands,
        count=count,
        rows=rows,
        page=page,
        last=max(1, -(-count // ON_A_PAGE)),
        codes=DISPOSITIONS,
        is_anonymous=is_anonymous,
        told=histories.told,
    )


@bp.get("/invitations/<public_id>")
@permitted("surveys.read")
def invitation(public_id: str) -> str:
    """Show every step of one invitation, and the messages that it led to."""
    found = invitation_in_scope(public_id, current_scope())
    if found is None:
        abort(404)
    stands = histories.told(found.disposition, found.draw.terms.promise == ANONYMOUS)
    taken = steps(current_scope(), invitation_id=found.id)
    return render_template(
        "surveys/invitation.html",
        invitation=found,
        terms=found.draw.terms,
        principal=db.session.get_one(Principal, found.principal_id),
        contact=contact_name(found),
        stands=stands,
        code=DISPOSITIONS[stands].aapor,
        steps=[(step, DISPOSITIONS[step.disposition].aapor) for step in taken],
        messages=messages_about(found),
        message_words=pages.MESSAGES,
        may_go_on="notifications.handle" in current_permissions() and waits_for_person(found, utc_now()),
    )


@bp.get("/draws/<int:draw_id>/dispositions.csv")
@permitted("surveys.read")
def dispositions_csv(draw_id: int) -> Response:
    """Every step of every invitation of a draw."""
    _drawn(draw_id)
    lines = stream_with_context(_lines(draw_id))
    name = f"attachment; filename=dispositions-{draw_id}.csv"
    return Response(lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _lines(draw_id: int) -> Iterator[str]:
    yield "\ufeff"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(histories.HEADER)
    for row in histories.rows(steps(current_scope(), draw_id=draw_id)):
        writer.writerow(row)
        if text.tell() > 60_000:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _drawn(draw_id: int) -> Any:
    found = draw_in_scope(draw_id, current_scope())
    if found is None or found.state != "drawn":
        abort(404)
    return found


@bp.post("/invitations/<public_id>/go-on")
@permitted("notifications.handle")
def go_on_with(public_id: str) -> Any:
    """Send the open question of an interview by SMS that was left to a person."""
    found = invitation_in_scope(public_id, current_scope())
    if found is None:
        abort(404)
    secret, public_url = current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"]
    sent = go_on(found.id, utc_now(), secret=secret, public_url=public_url)
    db.session.commit()
    flash(_("The open question is sent.") if sent else _("This interview was not left to a person, or is over."))
    return redirect(url_for(".invitation", public_id=public_id))
