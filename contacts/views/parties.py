"""Principals and sites, for whoever installs and manages the product."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts import services
from contacts.forms.parties import REGION_NAMES, NewPrincipalForm, NewSiteForm, PartyForm, PrincipalForm, SiteForm
from contacts.forms.wording import SITE_KIND_NAMES
from contacts.models import Principal, Site
from contacts.queries.parties import principals, sharing_sender, sites
from contacts.services import PartyRefused
from contacts.services.parties import PRINCIPAL_FIELDS, SITE_FIELDS, set_logo
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.get("/contacts/scope/parties")
@permitted("accounts.manage")
def scope() -> str:
    return render_template(
        "contacts/scope.html",
        principals=principals(current_scope()),
        sites=sites(current_scope()),
        region_names=REGION_NAMES,
        site_kind_names=SITE_KIND_NAMES,
    )


@bp.route("/contacts/scope/principals/new", methods=["GET", "POST"])
@permitted("accounts.manage")
def new_principal() -> Any:
    form = NewPrincipalForm()
    if form.validate_on_submit() and _added(form, _with_logo(form, services.create_principal), _principal_values(form)):
        return redirect(url_for(".scope"))
    return render_template("contacts/principal.html", form=form, principal=None, saved=None), form.status


@bp.route("/contacts/scope/principals/<int:principal_id>", methods=["GET", "POST"])
@permitted("accounts.manage")
def principal(principal_id: int) -> Any:
    found = _seen(principals(current_scope()), principal_id)
    form = PrincipalForm(data=_principal_data(found))
    status = form.status
    if form.validate_on_submit():
        status = _changed(form, _with_logo(form, services.update_principal), found, _principal_values(form))
        if status == 302:
            return redirect(url_for(".scope"))
    saved = _principal_data(found) if status == 409 else None
    sharing = sharing_sender(found)
    page = render_template("contacts/principal.html", form=form, principal=found, saved=saved, sharing=sharing)
    return page, status


@bp.route("/contacts/scope/sites/new", methods=["GET", "POST"])
@permitted("accounts.manage")
def new_site() -> Any:
    form = NewSiteForm()
    if form.validate_on_submit() and _added(form, services.create_site, _values(form, SITE_FIELDS)):
        return redirect(url_for(".scope"))
    return render_template("contacts/site.html", form=form, site=None, saved=None), form.status


@bp.route("/contacts/scope/sites/<int:site_id>", methods=["GET", "POST"])
@permitted("accounts.manage")
def site(site_id: int) -> Any:
    found = _seen(sites(current_scope()), site_id)
    form = SiteForm(data=_data(found, SITE_FIELDS))
    status = form.status
    if form.validate_on_submit():
        status = _changed(form, services.update_site, found, _values(form, SITE_FIELDS))
        if status == 302:
            return redirect(url_for(".scope"))
    saved = _data(found, SITE_FIELDS) if status == 409 else None
    return render_template("contacts/site.html", form=form, site=found, saved=saved), status


def _seen(parties: list[Any], party_id: int) -> Any:
    return next((party for party in parties if party.id == party_id), None) or abort(404)


def _with_logo(form: PrincipalForm, act: Callable[..., Any]) -> Callable[..., Any]:
    """``act`` on a principal, and after it what the form says of the logo, in one transaction."""

    def acted(subject: Any, *arguments: Any) -> None:
        principal = act(subject, *arguments) or subject
        if form.read is not None or form.no_logo.data:
            set_logo(principal, form.read, utc_now(), current_user.id)

    return acted


def _added(form: PartyForm, create: Any, values: dict[str, Any]) -> bool:
    """Create the party, or put the refusal beside the key."""
    try:
        create(form["key"].data, values, utc_now(), current_user.id)
    except PartyRefused:
        form["key"].errors = [_("This key is taken.")]
        return False
    db.session.commit()
    flash(_("%(name)s was added.", name=values["name"]))
    return True


def _changed(form: PartyForm, update: Any, party: Principal | Site, values: dict[str, Any]) -> int:
    """Change the party; 302 when it is saved, 409 when somebody else was quicker, 400 when it may not be."""
    try:
        update(party, form.version.data, values, utc_now(), current_user.id)
    except PartyRefused as refusal:
        db.session.rollback()
        if refusal.code == "zone-in-use":
            form.zone.errors = [_("A period of this principal is closed: its days were counted in the present zone.")]
            return 400
        # Whoever saves again has seen the other's text beside their own.
        form.version.data = form.version.raw_data = None
        form.version.data = party.version
        return 409
    db.session.commit()
    flash(_("Saved."))
    return 302


def _data(party: Principal | Site, names: tuple[str, ...]) -> dict[str, Any]:
    return {"version": party.version, **{name: getattr(party, name) for name in names}}


def _principal_data(principal: Principal) -> dict[str, Any]:
    notice = principal.privacy_notice
    data = _data(principal, PRINCIPAL_FIELDS)
    del data["privacy_notice"]
    return {**data, "notice_fr": notice.get("fr", ""), "notice_en": notice.get("en", "")}


def _values(form: PartyForm, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: (form[name].data or "").strip() for name in names}


def _principal_values(form: PrincipalForm) -> dict[str, Any]:
    plain = _values(form, tuple(name for name in PRINCIPAL_FIELDS if name not in _NO_TEXT))
    other = {name: form[name].data for name in _NO_TEXT if name != "privacy_notice"}
    return {**plain, **other, "privacy_notice": {"fr": form.notice_fr.data or "", "en": form.notice_en.data or ""}}


#: What is no line of text.
_NO_TEXT = ("privacy_notice", "takes_complaints", "identity_months", "link_months", "text_months", "complaint_months")
