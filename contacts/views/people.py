"""One person across the whole product: found, shown, exported, erased."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts import exports
from contacts.forms.people import ELSEWHERE, EraseForm, SearchForm, kept_words, kind_name
from contacts.models import Customer, Principal
from contacts.queries.duplicates import links_of
from contacts.queries.parties import principals, sharing_sender
from contacts.queries.persons import customer_seen, erasures_of, find, parts, rows_of
from contacts.services.complainants import open_person
from contacts.services.erasing import ErasureRefused, erase_person, planned
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.context_processor
def _people_words() -> dict[str, Any]:
    return {
        "kind_name": lambda kind: kind_name(parts(), kind),
        "kept_words": lambda kept: kept_words(parts(), kept),
    }


@bp.route("/contacts/people", methods=["GET", "POST"])
@permitted("contacts.people")
def people() -> Any:
    """Look for a person. The term is posted, so that it stands in no address and in no log."""
    form, scope = SearchForm(), current_scope()
    found = None
    if form.validate_on_submit():
        found = find(form.term.data or "", scope)
        if len(found) == 1 and found[0].customer_id is not None:
            return redirect(url_for(".person", customer_id=found[0].customer_id))
    names = {row.id: row.name for row in principals(scope)}
    page = render_template("contacts/people.html", form=form, found=found, names=names, whole=scope.site_ids is None)
    return page, 404 if found == [] else form.status if found is None else 200


@bp.post("/contacts/people/open")
@permitted("contacts.people")
def open_complainant() -> Any:
    """Give somebody who is known by a complaint only a page of their own."""
    form, scope = SearchForm(), current_scope()
    found = find(form.term.data or "", scope) if form.validate_on_submit() else []
    wanted = [one for one in found if one.customer_id is None]
    if not wanted:
        return redirect(url_for(".people"))
    customer = open_person(wanted[0], utc_now(), current_user.id)
    db.session.commit()
    return redirect(url_for(".person", customer_id=customer.id))


@bp.get("/contacts/people/<int:customer_id>")
@permitted("contacts.people")
def person(customer_id: int) -> Any:
    """Everything held of one person by one principal; that somebody looked is written down."""
    customer = _customer(customer_id)
    if customer.id != customer_id:
        return redirect(url_for(".person", customer_id=customer.id))
    principal = db.session.get_one(Principal, customer.principal_id)
    page = render_template(
        "contacts/person.html",
        customer=customer,
        principal=principal,
        rows=rows_of(customer),
        sections=list(exports.sections(customer, principal.zone)),
        links=links_of(tuple(row.id for row in rows_of(customer))),
        erasures=erasures_of(customer),
        sharing=sharing_sender(principal),
        elsewhere=ELSEWHERE,
        may_erase="contacts.erase" in current_user.permissions,
    )
    _looked(customer, "page")
    return page


@bp.post("/contacts/people/<int:customer_id>/export.<any(json, html):form>")
@permitted("contacts.people")
def export_person(customer_id: int, form: str) -> Any:
    """Hand out all that is held. A POST, because it is written down that somebody took it."""
    customer, now = _customer(customer_id), utc_now()
    content = exports.as_json(customer, now) if form == "json" else exports.as_html(customer, now)
    _looked(customer, f"export.{form}")
    headers = {"Content-Disposition": f'attachment; filename="person-{customer.id}.{form}"'}
    kind = "application/json" if form == "json" else "text/html"
    return Response(content, mimetype=kind, headers=headers)


@bp.route("/contacts/people/<int:customer_id>/erase", methods=["GET", "POST"])
@permitted("contacts.erase")
def erase(customer_id: int) -> Any:
    """Say what would go and what would stay, then, asked once more, do it."""
    customer = _customer(customer_id)
    if customer.erased_at is not None:
        return redirect(url_for(".person", customer_id=customer.id))
    form = EraseForm()
    if form.validate_on_submit():
        try:
            erase_person(customer.id, utc_now(), note=form.note.data or "", actor_id=current_user.id)
        except ErasureRefused:
            db.session.rollback()
        else:
            db.session.commit()
            flash(_("This person was erased."))
        return redirect(url_for(".person", customer_id=customer_id))
    plans = planned(customer, utc_now())
    page = render_template("contacts/person_erase.html", form=form, customer=customer, plans=plans, elsewhere=ELSEWHERE)
    return page, form.status


def _customer(customer_id: int) -> Customer:
    return customer_seen(customer_id, current_scope()) or abort(404)


def _looked(customer: Customer, how: str) -> None:
    """Note that somebody saw all of this, in a transaction of its own."""
    customer_id = customer.id
    db.session.rollback()
    begin_writing()
    ledger.log_access(f"person:{customer_id}", utc_now(), actor_id=current_user.id, how=how)
    db.session.commit()
