"""What principals agreed to share about people."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.forms.agreements import PLACES, REFUSALS, WIDENING_NAMES, AgreementForm
from contacts.queries.agreements import AgreementCard
from contacts.queries.agreements import agreements as all_agreements
from contacts.queries.parties import principals
from contacts.services.agreements import AgreementRefused, change_agreement, record_agreement
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.get("/contacts/agreements")
@permitted("contacts.read")
def agreements() -> str:
    """Every agreement with a principal the reader sees."""
    return render_template(
        "contacts/agreements.html",
        agreements=all_agreements(current_scope()),
        widening_names=WIDENING_NAMES,
        today=utc_now().date(),
        may_write=_may_write(),
    )


@bp.get("/contacts/agreements/<int:agreement_id>")
@permitted("contacts.read")
def agreement(agreement_id: int) -> str:
    """One agreement with every version it ever had."""
    card = _card(agreement_id)
    names = user_names({one.recorded_by for one in card.versions if one.recorded_by})
    shown = {"card": card, "names": names, "widening_names": WIDENING_NAMES, "today": utc_now().date()}
    return render_template("contacts/agreement.html", **shown, may_write=_may_write())


@bp.route("/contacts/agreements/new", methods=["GET", "POST"])
@permitted("accounts.manage")
def new_agreement() -> Any:
    form = _form()
    if form.validate_on_submit() and (saved := _saved(form, None)):
        return redirect(url_for(".agreement", agreement_id=saved))
    return render_template("contacts/agreement_edit.html", form=form, card=None), form.status


@bp.route("/contacts/agreements/<int:agreement_id>/change", methods=["GET", "POST"])
@permitted("accounts.manage")
def edit_agreement(agreement_id: int) -> Any:
    """Write the next version: a change, or the last day it holds. What was agreed before stays readable."""
    card = _card(agreement_id)
    now = card.now
    data = {name: getattr(now, name) for name in ("widens", "legal_basis", "signed_on", "signed_by")}
    data |= {"first_day": now.first_day, "last_day": now.last_day, "version": card.agreement.version}
    form = _form(data={**data, "parties": [one.id for one in card.parties[now.id]]})
    status = form.status
    if form.validate_on_submit():
        if _saved(form, card):
            return redirect(url_for(".agreement", agreement_id=agreement_id))
        status = 409 if form.version.errors else 400
    return render_template("contacts/agreement_edit.html", form=form, card=card), status


def _form(**known: Any) -> AgreementForm:
    if current_scope().principal_ids is not None:
        abort(403)
    form = AgreementForm(**known)
    form.parties.choices = [(one.id, one.name) for one in principals(current_scope())]
    return form


def _saved(form: AgreementForm, card: AgreementCard | None) -> int | None:
    """The id of the agreement, or None where it is refused, with the reason in the form."""
    parties = form.parties.data or []
    try:
        if card is None:
            found = record_agreement(parties, form.agreed(), utc_now(), current_user.id)
        else:
            agreed = form.agreed((card.now.document_name, card.now.document_hash))
            found = change_agreement(
                card.agreement.id, form.version.data or 0, parties, agreed, utc_now(), current_user.id
            )
    except AgreementRefused as refusal:
        db.session.rollback()
        if refusal.code == "changed-meanwhile":
            return _stale(form, card)
        form[PLACES[refusal.code]].errors = [REFUSALS[refusal.code]]
        return None
    db.session.commit()
    flash(_("Saved."))
    return found.id


def _stale(form: AgreementForm, card: AgreementCard | None) -> None:
    """Whoever saves again has seen the other's text beside their own."""
    form.version.data = form.version.raw_data = None
    form.version.data = card.agreement.version if card else 0
    form.version.errors = [_("Somebody else changed this in the meantime. Read what stands now, then save again.")]


def _card(agreement_id: int) -> AgreementCard:
    found = all_agreements(current_scope(), agreement_id)
    return found[0] if found else abort(404)


def _may_write() -> bool:
    return "accounts.manage" in current_user.permissions and current_scope().principal_ids is None
