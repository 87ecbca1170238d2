"""Stops: who asked for what (masked), one looked up by its address, recorded and lifted for a customer who asks."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, current_scope, user_names
from foundation.cells import csv_file
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications import services
from notifications.errors import NotificationRefused
from notifications.forms.stops import AddressForm, LiftStopForm, TellStopForm
from notifications.keywords import START_WORDS, STOP_WORDS
from notifications.masking import mask_address
from notifications.models import OptOut
from notifications.queries import opt_outs
from notifications.searching import address_typed
from notifications.views import stop_words
from notifications.views.base import bp

COLUMNS = ("stop", "principal", "topic", "source", "means", "recorded_at", "lifted_at", "lifted_how")


@bp.get("/opt-outs")
@permitted("notifications.read")
def stop_list() -> str:
    return _list(AddressForm(formdata=None))


@bp.post("/opt-outs/search")
@permitted("notifications.read")
def find_stop() -> Any:
    """Look an address up; posted and never in an address, so that it stands in no server's log."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _list(form), 400
    typed = form.address.data or ""
    found = opt_outs.stops_of(opt_outs.hashes_typed(typed), current_scope())
    return _list(form, found=found, about=mask_address(address_typed(typed) or ""))


@bp.route("/opt-outs/new", methods=["GET", "POST"])
@permitted("notifications.stop")
def tell_stop() -> Any:
    """Record what a customer told a member of staff."""
    form = TellStopForm(data={"address": request.form.get("found", "")} if "found" in request.form else None)
    form.principal_id.choices = stop_words.principal_choices(everyone=_("All of them"))
    if form.validate_on_submit():
        address = address_typed(form.address.data or "") or ""
        services.record_told_stop(
            address,
            form.principal_id.data or None,
            form.topic.data,
            form.means.data,
            form.note.data or "",
            utc_now(),
            current_user.id,
        )
        db.session.commit()
        flash(_("It is recorded for %(address)s, and obeyed from now on.", address=mask_address(address)))
        return redirect(url_for(".stop_list" if "notifications.read" in current_permissions() else ".tell_stop"))
    return render_template("notifications/stop_new.html", form=form), form.status


@bp.get("/opt-outs/<int:opt_out_id>")
@permitted("notifications.read")
def show_stop(opt_out_id: int) -> str:
    return _page(_stop(opt_out_id), LiftStopForm(formdata=None))


@bp.post("/opt-outs/<int:opt_out_id>/lift")
@permitted("notifications.handle")
def lift(opt_out_id: int) -> Any:
    """Lift one stop because the customer asked for it, and keep how they did."""
    found, form = _stop(opt_out_id), LiftStopForm()
    if not form.validate_on_submit():
        return _page(found, form), 400
    try:
        services.lift_told(opt_out_id, form.reason.data or "", utc_now(), current_user.id)
    except NotificationRefused:
        db.session.refresh(found)
        return _page(found, form, too_late=True), 409
    db.session.commit()
    flash(_("The stop is lifted."))
    return redirect(url_for(".show_stop", opt_out_id=opt_out_id))


@bp.get("/opt-outs.csv")
@permitted("notifications.read")
def stops_csv() -> Response:
    """Every stop as a table for auditors, and note who took it: nothing in it leads to a person."""
    begin_writing()
    ledger.log_access("notifications:stops", utc_now(), current_user.id, how="csv")
    db.session.commit()
    names = dict(stop_words.principals())
    rows = (
        (one.id, names.get(one.principal_id or 0, "*"), one.topic, one.source, one.means,
         one.at.isoformat(), one.lifted_at.isoformat() if one.lifted_at else None, one.lifted_how)
        for one in opt_outs.every_stop(current_scope())
    )  # fmt: skip
    headers = {"Content-Disposition": "attachment; filename=stops.csv"}
    return Response(csv_file(COLUMNS, rows), mimetype="text/csv", headers=headers)


def _list(form: AddressForm, found: list[OptOut] | None = None, about: str = "") -> str:
    scope = current_scope()
    before = request.args.get("before", type=int)
    stops = opt_outs.stops(scope, before) if found is None else found
    lost, since = opt_outs.unrecognisable()
    return render_template(
        "notifications/stops.html",
        form=form,
        stops=stops[: opt_outs.PAGE] if found is None else stops,
        older=stops[opt_outs.PAGE - 1].id if found is None and len(stops) > opt_outs.PAGE else None,
        found=found,
        about=about,
        sees_all=scope.principal_ids is None,
        standing=opt_outs.standing_count(scope),
        lost=lost,
        lost_since=since,
        texts=stop_words,
        names=dict(stop_words.principals()),
        stop_keywords={language: sorted(words) for language, words in STOP_WORDS.items()},
        start_keywords={language: sorted(words) for language, words in START_WORDS.items()},
    )


def _page(found: OptOut, form: LiftStopForm, too_late: bool = False) -> str:
    return render_template(
        "notifications/stop.html",
        stop=found,
        form=form,
        too_late=too_late,
        texts=stop_words,
        names=dict(stop_words.principals()),
        staff=user_names({one for one in (found.actor_id, found.lifted_by) if one is not None}),
        may_lift=found.lifted_at is None and "notifications.handle" in current_permissions(),
        may_read_notes="notifications.handle" in current_permissions(),
    )


def _stop(opt_out_id: int) -> OptOut:
    return opt_outs.stop(current_scope(), opt_out_id) or abort(404)
