"""Pages of the keys by which programs are let in."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts import keys, queries
from foundation.accounts.forms import KEY_PERMISSION_NAMES, KeyForm
from foundation.accounts.models import ApiKey
from foundation.accounts.views.blueprint import bp
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@bp.get("/accounts/keys")
@permitted("accounts.manage")
def list_keys() -> str:
    found = keys.keys()
    principals, sites = (dict(pairs) for pairs in current_app.extensions["scope_choices"]())
    return render_template(
        "accounts/keys.html",
        keys=found,
        now=utc_now(),
        permissions_named=KEY_PERMISSION_NAMES,
        principals=principals,
        sites=sites,
        makers=queries.user_names({key.created_by for key in found if key.created_by}),
    )


@bp.route("/accounts/keys/new", methods=["GET", "POST"])
@permitted("accounts.manage")
def new_key() -> Any:
    """Make a key; its secret is on this one answer and nowhere else."""
    form = KeyForm()
    form.offer(*current_app.extensions["scope_choices"]())
    if form.validate_on_submit():
        sites = form.site_ids.data or None
        key, secret = keys.issue_key(
            form.name.data,
            form.permissions.data,
            form.principal_id.data,
            sites,
            _end(form.days.data),
            utc_now(),
            current_user.id,
        )
        db.session.commit()
        address = current_app.config["PUBLIC_URL"] + url_for("contacts-api.add_contact")
        return render_template("accounts/key_made.html", key=key, secret=secret, address=address)
    return render_template("accounts/new_key.html", form=form), form.status


def _end(days: int | None) -> datetime | None:
    return utc_now() + timedelta(days=days) if days else None


@bp.route("/accounts/keys/<int:key_id>/revoke", methods=["GET", "POST"])
@permitted("accounts.manage")
def revoke_key(key_id: int) -> Any:
    """Ask, then take the key back: the program that shows it stops at once."""
    key = db.get_or_404(ApiKey, key_id)
    if request.method == "GET" and key.revoked_at is None:
        return render_template("accounts/revoke_key.html", key=key)
    if request.method == "POST" and keys.revoke_key(key, utc_now(), current_user.id):
        db.session.commit()
        flash(_("The key “%(name)s” opens nothing any more.", name=key.name))
    return redirect(url_for(".list_keys"))
