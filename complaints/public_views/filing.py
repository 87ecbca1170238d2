"""Complaining without an account."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from sqlalchemy import select

from complaints import services
from complaints.forms import PublicComplaintForm
from complaints.public_views.base import bp, remember, remembered
from complaints.queries.cases import case_view, thread
from complaints.services.people import known_customer
from complaints.services.texts import code_of
from contacts.models import Principal
from foundation.accounts.security import limiter
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language


@bp.route("/complain", methods=["GET", "POST"])
@bp.route("/complain/<key>", methods=["GET", "POST"])
@public("anybody may complain; what is sent is shown to nobody but who sent it")
@limiter.limit("30 per hour", methods=["POST"])
def complain(key: str | None = None) -> Any:
    """Take a complaint, with or without an address to answer to: about one of all, or about the one in the address."""
    taking = select(Principal).where(Principal.takes_complaints).order_by(Principal.brand, Principal.id)
    principals = [one for one in db.session.scalars(taking) if key in (None, one.key)]
    if not principals:
        return render_template("complaint/closed.html"), 200 if key is None else 404
    form = PublicComplaintForm()
    form.principal.choices = [(one.key, one.brand) for one in principals]
    if key is not None and request.method == "POST":
        form.principal.data, form.principal.raw_data = key, [key]
    chosen = next((one for one in principals if one.key == request.args.get("principal")), None)
    if request.method == "GET":
        form.principal.data = chosen.key if chosen else principals[0].key if len(principals) == 1 else None
    if form.validate_on_submit():
        principal = next(one for one in principals if one.key == form.principal.data)
        return _file(form, principal)
    alone = principals[0] if len(principals) == 1 else None
    shown = {"principals": principals, "principal": alone or chosen, "alone": alone}
    return render_template("complaint/complain.html", form=form, **shown), form.status


def _file(form: PublicComplaintForm, principal: Principal) -> Any:
    now, addresses = utc_now(), form.addresses()
    case = services.file_complaint(
        services.Filing(
            filing_key=f"web:{form.key.data}",
            principal_id=principal.id,
            words=form.words.data,
            channel="web",
            sent_at=now,
            received_at=now,
            language=current_language(),
            customer_id=known_customer(principal.id, addresses["phone"], addresses["email"]),
            **addresses,
        ),
        now,
    )
    db.session.commit()
    remember("receipt", case, now)
    return redirect(url_for(".receipt"))


@bp.get("/complain/receipt")
@public("shows a case only to the browser that sent it, and for half an hour")
def receipt() -> Any:
    """Give reference, code and a dated copy of the customer's words."""
    case = remembered("receipt", utc_now())
    if case is None:
        return redirect(url_for(".complain"))
    g.language = case.language
    words = next(item for item in thread(case.id, with_notes=False) if item.kind == "complaint")
    return render_template("complaint/receipt.html", view=case_view(case, utc_now()), code=code_of(case), said=words)
