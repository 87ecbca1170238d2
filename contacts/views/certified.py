"""The certified scope of one site, edited as a whole."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts import services
from contacts.certified import BadSpans, Span
from contacts.forms.scope import CertifiedForm
from contacts.forms.wording import SCOPE_REFUSALS
from contacts.models import Site
from contacts.queries.certified import certified_spans
from contacts.queries.parties import principals
from contacts.services import PartyRefused
from contacts.views.blueprint import bp
from contacts.views.choices import seen_sites
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now

#: So many empty lines wait for further spans.
SPARE = 2


@bp.route("/contacts/scope/sites/<int:site_id>/certified", methods=["GET", "POST"])
@permitted("accounts.manage")
def certified(site_id: int) -> Any:
    site = next((one for one in seen_sites() if one.id == site_id), None) or abort(404)
    form = _form(site)
    status = form.status
    if form.validate_on_submit():
        status = _certified(form, site)
        if status == 302:
            return redirect(url_for(".site", site_id=site.id))
    saved = certified_spans().get(site.id, []) if status == 409 else None
    names = {one.id: one.name for one in principals()}
    page = render_template("contacts/certified.html", form=form, site=site, saved=saved, principal_names=names)
    return page, status


def _form(site: Site) -> CertifiedForm:
    known = [vars(span) for span in certified_spans().get(site.id, [])]
    form = CertifiedForm(data={"version": site.version, "spans": known + [{}] * SPARE})
    form.offer(principals(current_scope()))
    return form


def _certified(form: CertifiedForm, site: Site) -> int:
    try:
        services.certify(site, form.version.data, list(_spans(form)), utc_now(), current_user.id)
    except BadSpans as bad:
        db.session.rollback()
        form.spans.errors = [SCOPE_REFUSALS[bad.code]]
        return 400
    except PartyRefused:
        db.session.rollback()
        form.version.data = form.version.raw_data = None
        form.version.data = site.version
        return 409
    db.session.commit()
    flash(_("Saved."))
    return 302


def _spans(form: CertifiedForm) -> Any:
    """The spans that were typed; a last day without a first one is a span that cannot be read."""
    for line in form.spans:
        first, last = line.form.first_day.data, line.form.last_day.data
        if first is None and last is not None:
            raise BadSpans("span-reversed", Span(last, last))
        if first is not None:
            yield Span(first, last, line.form.principal_id.data)
