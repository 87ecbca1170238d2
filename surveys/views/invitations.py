"""Pages of invitations: who of a draw stands where, and every step of one of them. Nobody's identity is shown."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_permissions, current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys import histories, pages
from surveys.anonymity import ANONYMOUS
from surveys.dispositions import DISPOSITIONS
from surveys.forms.withdrawals import REASONS, WithdrawAnswersForm
from surveys.models import Invitation
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
from surveys.queries.withdrawals import standing_answers, withdrawals_of
from surveys.refusals import SurveyRefused
from surveys.services.answer_withdrawals import is_over, withdraw_answers
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
    return invitation_page(invitation_or_404(public_id), WithdrawAnswersForm(formdata=None))


def invitation_or_404(public_id: str) -> Invitation:
    """The invitation of that public id in the scope of whoever asks."""
    return invitation_in_scope(public_id, current_scope()) or abort(404)


def invitation_page(found: Invitation, form: WithdrawAnswersForm) -> str:
    """The page of an invitation, with ``form`` as it was filled in."""
    now = utc_now()
    withdrawn = withdrawals_of(found.id)
    form.offer(found, standing_answers(found.id))
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
        may_go_on="notifications.handle" in current_permissions() and waits_for_person(found, now),
        form=form,
        reasons=REASONS,
        may_withdraw=_may_withdraw(found, form, now),
        withdrawn=withdrawn,
        names=user_names({row.withdrawn_by for row in withdrawn if row.withdrawn_by}),
    )


def _may_withdraw(found: Invitation, form: WithdrawAnswersForm, now: datetime) -> bool:
    is_anonymous = found.draw.terms.promise == ANONYMOUS
    return "contacts.erase" in current_permissions() and not is_anonymous and form.has_answers and is_over(found, now)


@bp.post("/invitations/<public_id>/withdraw-answers")
@permitted("contacts.erase")
def withdraw_from(public_id: str) -> Any:
    """Let answers of an interview that is over count no more, and delete their words."""
    found, form = invitation_or_404(public_id), WithdrawAnswersForm()
    form.offer(found, standing_answers(found.id))
    if not form.validate():
        return invitation_page(found, form), 400
    try:
        row = withdraw_answers(
            found.id, form.questions.data or [], form.reason.data, (form.note.data or "").strip(), utc_now(),
            current_user.id,
        )  # fmt: skip
    except SurveyRefused as refusal:
        db.session.rollback()
        flash(pages.refused(refusal))
        return redirect(url_for(".invitation", public_id=public_id))
    db.session.commit()
    flash(ngettext("%(num)s answer counts no more.", "%(num)s answers count no more.", row.answers))
    return redirect(url_for(".invitation", public_id=public_id))


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
    found = invitation_or_404(public_id)
    secret, public_url = current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"]
    sent = go_on(found.id, utc_now(), secret=secret, public_url=public_url)
    db.session.commit()
    flash(_("The open question is sent.") if sent else _("This interview was not left to a person, or is over."))
    return redirect(url_for(".invitation", public_id=public_id))
