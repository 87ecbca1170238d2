"""Writing a complaint down for a customer, and saying whether an answer is one."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from complaints import services
from complaints.errors import ActRefused, AlreadyQualified, DatesOutOfOrder
from complaints.forms import QualifyForm, RegisterForm
from complaints.models import Case, Proposal
from complaints.queries.cases import case_view, proposal_by_id
from complaints.queries.dues import days_of, due_of
from complaints.services.people import known_customer
from complaints.services.places import place_of
from complaints.services.texts import code_of
from complaints.views.base import QUALIFY, bp
from contacts.models import Principal, Site
from foundation.accounts.queries import current_permissions, current_scope, scoped
from foundation.database import db
from foundation.timing.calendars import CalendarExhausted, local_day
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.route("/new", methods=["GET", "POST"])
@permitted("complaints.register")
def new() -> Any:
    """Register a complaint that came by phone, by post or otherwise."""
    form = RegisterForm()
    form.principal_id.choices = _named(scoped(select(Principal), current_scope(), principal=Principal.id))
    form.site_id.choices = [(0, _("Not known")), *_named(scoped(select(Site), current_scope(), site=Site.id))]
    if form.validate_on_submit():
        try:
            case = services.file_complaint(_filing(form), utc_now())
        except DatesOutOfOrder:
            db.session.rollback()
            form.sent_on.errors = [_("A complaint is sent first, received next, and both by today.")]
        except CalendarExhausted:
            db.session.rollback()
            form.sent_on.errors = [_("No delay can be counted from so far back. Please check the year.")]
        else:
            db.session.commit()
            return redirect(url_for(".registered", reference=case.reference))
    return render_template("complaints/new.html", form=form), form.status


@bp.get("/new/<reference>")
@permitted("complaints.register")
def registered(reference: str) -> str:
    """Show reference and code to whoever registered the complaint, to be read aloud."""
    mine = select(Case).filter_by(reference=reference, registered_by=current_user.id)
    case = db.session.scalars(scoped(mine, current_scope(), principal=Case.principal_id, site=Case.site_id)).first()
    if case is None:
        abort(404)
    return render_template("complaints/registered.html", view=case_view(case, utc_now()), code=code_of(case))


@bp.route("/proposals/<int:proposal_id>", methods=["GET", "POST"])
@permitted("complaints.read")
def proposal(proposal_id: int) -> Any:
    """Say whether an answer is a complaint; show who said so once it is said."""
    found = proposal_by_id(proposal_id, current_scope()) or abort(404)
    form = QualifyForm()
    if form.validate_on_submit():
        try:
            done = services.qualify(
                found.id,
                form.is_complaint.data == "yes",
                form.reason.data,
                current_user.id,
                utc_now(),
                form.category.data or None,
            )
        except ActRefused:
            abort(403)
        except AlreadyQualified:
            db.session.rollback()
            return _render_proposal(proposal_by_id(proposal_id, current_scope()), form, too_late=True), 409
        db.session.commit()
        return _after_qualifying(done)
    return _render_proposal(found, form), form.status


def _after_qualifying(done: Proposal) -> Any:
    if done.case_id is None:
        flash(_("Kept: it is no complaint."))
        return redirect(url_for(".index"))
    flash(_("Kept: it is a complaint, and its case is open."))
    return redirect(url_for(".case", reference=db.session.get_one(Case, done.case_id).reference))


def _render_proposal(found: Any, form: QualifyForm, too_late: bool = False) -> str:
    place = place_of(found.principal_id, found.site_id)
    case = db.session.get(Case, found.case_id) if found.case_id else None
    return render_template(
        "complaints/proposal.html",
        proposal=found,
        principal=db.session.get_one(Principal, found.principal_id),
        site=db.session.get(Site, found.site_id) if found.site_id else None,
        due=due_of(found, "qualification", place.zone, utc_now()),
        days=days_of(found) if request.args.get("why") else [],
        zone=place.zone,
        form=form,
        case=case,
        too_late=too_late,
        may_qualify=QUALIFY in current_permissions(),
    )


def _named(statement: Any) -> list[tuple[int, str]]:
    return sorted(((row.id, row.name) for row in db.session.scalars(statement)), key=lambda pair: pair[1])


def _filing(form: RegisterForm) -> services.Filing:
    now, site_id = utc_now(), form.site_id.data or None
    zone = ZoneInfo(place_of(form.principal_id.data, site_id).zone)
    received_at = _moment(form.received_on.data, zone, now)
    addresses = form.addresses()
    return services.Filing(
        filing_key=f"desk:{form.key.data}",
        principal_id=form.principal_id.data,
        site_id=site_id,
        words=form.words.data,
        channel=form.channel.data,
        language=form.language.data,
        sent_at=_moment(form.sent_on.data, zone, received_at),
        received_at=received_at,
        category=form.category.data or None,
        customer_id=known_customer(form.principal_id.data, addresses["phone"], addresses["email"]),
        registered_by=current_user.id,
        **addresses,
    )


def _moment(day: date | None, zone: ZoneInfo, otherwise: datetime) -> datetime:
    """Noon of a day before ``otherwise``'s, since nobody knows the hour; ``otherwise`` where no other day is given."""
    if day is None or day == local_day(otherwise, zone):
        return otherwise
    return datetime.combine(day, time(12), zone)
