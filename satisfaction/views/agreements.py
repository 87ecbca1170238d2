"""Commitments to a principal: what was agreed, what was said of it at each close, and the matrix of all of them."""

from typing import Any

from flask import abort, current_app, flash, get_template_attribute, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug import Response

from contacts.models import Principal
from contacts.vocabulary import CHANNELS
from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import begin_writing, db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.cadences import Span
from satisfaction.forms.agreements import CADENCE_NAMES, AgreementForm, SignatureForm, typed
from satisfaction.matrix import grids
from satisfaction.models import TargetAgreement
from satisfaction.queries import programmes
from satisfaction.queries import verdicts as kept
from satisfaction.services import agreeing
from satisfaction.services.agreeing import TargetRefused
from satisfaction.services.commitments import so_far
from satisfaction.targets import TARGETS
from satisfaction.views.blueprint import bp
from satisfaction.views.verdicts import asked_span, points_of

REFUSALS = {
    "target-out-of-range": _l("This result cannot have such a value. Shares are typed in percent."),
    "tolerance-out-of-range": _l("A tolerance is nought or more, and less than the whole scale."),
    "too-few-answers": _l("Under five answers no figure is shown, so fewer cannot be agreed."),
    "response-out-of-range": _l("A response is agreed for surveys only, up to 100 percent."),
    "days-out-of-order": _l("The last day comes before the first."),
    "programme-missing": _l("This result comes from a survey: choose the programme that asks for it."),
    "population-missing": _l("Choose the programme whose customers the result speaks of."),
    "channel-of-register": _l("Complaints are told by site, not by channel."),
    "changed-meanwhile": _l("Somebody changed this commitment meanwhile. Open it again and look at what it says now."),
    "already-signed": _l("This version is signed already."),
    "signatory-missing": _l("Say who signed."),
    "signed-later": _l("Nobody has signed on a day that is still to come."),
    "unknown": _l("This cannot be agreed on."),
}


@bp.get("/agreements")
@permitted("satisfaction.read")
def agreements() -> str:
    scope = current_scope()
    principals = programmes.principals(scope)
    principal = _principal(principals, request.args.get("principal"))
    mine = kept.agreements(scope, principal.id) if principal else []
    cards = kept.verdicts(scope, principal_id=principal.id) if principal else []
    spans = sorted({card.span for card in cards}, reverse=True)
    span = asked_span(spans, request.args)
    shown = [card for card in cards if card.span == span]
    return render_template(
        "satisfaction/agreements.html", principals=principals, principal=principal, agreements=mine,
        grids=grids(shown), permanent=_permanent(principal, span) if principal and span else "",
        spans=spans, span=span, chance=kept.chance_of(shown), page=pages, sites=programmes.site_names(scope),
        permissions=current_permissions(), cadences=CADENCE_NAMES, units=_units(),
    )  # fmt: skip


def _permanent(principal: Principal, span: Span) -> str:
    """The address that always opens the verdicts of these days."""
    here = url_for(".agreements", principal=principal.key, period=pages.written_span(*span))
    return str(current_app.config["PUBLIC_URL"].rstrip("/") + here)


@bp.get("/agreements/<int:agreement_id>")
@permitted("satisfaction.read")
def agreement(agreement_id: int) -> Any:
    return _shown(_found(agreement_id), SignatureForm())


@bp.route("/agreements/new", methods=["GET", "POST"])
@permitted("satisfaction.agree")
def new_agreement() -> Any:
    """Write a commitment down; it holds once it is signed."""
    principals = programmes.principals(current_scope())
    principal = _principal(principals, request.args.get("principal"))
    if principal is None:
        abort(404)
    form = AgreementForm()
    _offer(form, principal)
    if form.validate_on_submit():
        try:
            begin_writing()
            written = agreeing.write_agreement(principal.id, form.terms(), utc_now(), current_user.id)
            db.session.commit()
        except TargetRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, str(REFUSALS[refused.code]))
        else:
            flash(_("Written down. It holds once both sides have signed."))
            return redirect(url_for(".agreement", agreement_id=written.id))
    return _asked(form, principal, None)


@bp.route("/agreements/<int:agreement_id>/change", methods=["GET", "POST"])
@permitted("satisfaction.agree")
def change_agreement(agreement_id: int) -> Any:
    """Write the next version; what is signed holds until that one is, and no verdict is given again."""
    found = _found(agreement_id)
    principal = db.session.get_one(Principal, found.principal_id)
    form = AgreementForm() if request.method == "POST" else AgreementForm(formdata=None, data=typed(found.versions[0]))
    _offer(form, principal)
    if form.validate_on_submit():
        try:
            begin_writing()
            agreeing.change_agreement(found.id, _number(form.seen.data), form.terms(), utc_now(), current_user.id)
            db.session.commit()
        except TargetRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, str(REFUSALS[refused.code]))
        else:
            flash(_("The next version is written down. It holds once both sides have signed."))
            return redirect(url_for(".agreement", agreement_id=agreement_id))
    return _asked(form, principal, found)


@bp.post("/agreements/<int:agreement_id>/sign")
@permitted("satisfaction.agree")
def sign_agreement(agreement_id: int) -> Response | Any:
    """Record who signed the last version."""
    found, form = _found(agreement_id), SignatureForm()
    if form.validate_on_submit():
        try:
            begin_writing()
            agreeing.sign_agreement(found.id, _number(form.seen.data), form.signature(), utc_now(), current_user.id)
            db.session.commit()
        except TargetRefused as refused:
            db.session.rollback()
            form[refused.field if refused.field in form else "signed_on"].errors = [str(REFUSALS[refused.code])]
        else:
            flash(_("Signed. It is the rule of every period that begins from now on."))
            return redirect(url_for(".agreement", agreement_id=agreement_id))
    return _shown(_found(agreement_id), form)


def _shown(found: TargetAgreement, form: SignatureForm) -> Any:
    cards = kept.verdicts(current_scope(), agreement_id=found.id)
    return render_template(
        "satisfaction/agreement.html", agreement=found, principal=db.session.get_one(Principal, found.principal_id),
        cards=cards, soon=so_far(found, current_scope(), utc_now()),
        points={card.id: points_of(card) for card in cards}, form=form, page=pages,
        sites=programmes.site_names(current_scope()), permissions=current_permissions(), cadences=CADENCE_NAMES,
        units=_units(), programmes=kept.programme_keys([v.programme_id for v in found.versions if v.programme_id]),
    ), form.status  # fmt: skip


def _asked(form: AgreementForm, principal: Principal, found: TargetAgreement | None) -> Any:
    return render_template(
        "satisfaction/agreement_form.html", form=form, principal=principal, agreement=found
    ), form.status


def _offer(form: AgreementForm, principal: Principal) -> None:
    name, scope = get_template_attribute("satisfaction/_words.html", "name"), current_scope()
    form.offer(
        [(code, str(name(code)).strip()) for code in TARGETS],
        programmes.programmes(scope, principal.id),
        list(programmes.site_names(scope).items()),
        [(code, pages.channel_words(code)) for code in CHANNELS],
    )


def _found(agreement_id: int) -> TargetAgreement:
    return next(iter(kept.agreements(current_scope(), agreement_id=agreement_id)), None) or abort(404)


def _principal(found: list[Principal], key: str | None) -> Principal | None:
    if key and key not in {each.key for each in found}:
        abort(404)
    return next((each for each in found if not key or each.key == key), None)


def _number(typed_in: str | None) -> int:
    return int(typed_in) if typed_in and typed_in.isdecimal() else 0


def _units() -> dict[str, str]:
    return {code: target.unit for code, target in TARGETS.items()}
