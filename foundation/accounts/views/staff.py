"""Pages of staff accounts."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts import queries, services
from foundation.accounts.forms import ROLE_NAMES, ChangedUserForm, NewUserForm, UserForm
from foundation.accounts.models import User
from foundation.accounts.views.blueprint import bp
from foundation.database import db
from foundation.web.access import permitted, public
from foundation.web.clock import utc_now
from foundation.web.navigation import menu_for


@bp.get("/")
@public("it leads on to the sign-in page, or to what the visitor's role needs first")
def home() -> Any:
    """An administrator lands on the state of the house; everybody else on the first page of their menu."""
    if "accounts.manage" in queries.current_permissions():
        return redirect(url_for("jobs.index"))
    menu = menu_for(current_app, queries.current_permissions())
    if menu:
        return redirect(url_for(menu[0].endpoint))
    if current_user.is_authenticated:
        return redirect(url_for("complaints.new"))
    return redirect(url_for("security.login"))


@bp.get("/accounts")
@permitted("accounts.manage")
def index() -> str:
    principals, sites = (dict(pairs) for pairs in _choices())
    return render_template(
        "accounts/index.html",
        users=queries.users(),
        roles=ROLE_NAMES,
        principals=principals,
        sites=sites,
        names=_names,
    )


def _names(ids: list[int], known: dict[int, str]) -> str:
    return ", ".join(known.get(key, "?") for key in ids)


@bp.route("/accounts/new", methods=["GET", "POST"])
@permitted("accounts.manage")
def new() -> Any:
    """Add somebody who may sign in."""
    form = NewUserForm()
    form.offer(*_choices())
    if form.validate_on_submit():
        try:
            services.create_user(
                form.email.data, form.name.data, form.role.data, form.password.data, utc_now(), *_scope(form)
            )
        except services.AccountRefused:
            form.email.errors = [_("Somebody already signs in with this address.")]
        else:
            db.session.commit()
            flash(_("%(name)s can sign in now.", name=form.name.data))
            return redirect(url_for(".index"))
    return render_template("accounts/edit.html", form=form, user=None), form.status


@bp.route("/accounts/<int:user_id>", methods=["GET", "POST"])
@permitted("accounts.manage")
def edit(user_id: int) -> Any:
    user = db.get_or_404(User, user_id)
    form = ChangedUserForm(obj=None if request.method == "POST" else user)
    form.offer(*_choices())
    if form.validate_on_submit() and _leaves_a_key(user, form):
        services.change_user(user, form.name.data, form.role.data, form.active.data, *_scope(form))
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for(".index"))
    return render_template("accounts/edit.html", form=form, user=user), form.status


def _leaves_a_key(user: User, form: ChangedUserForm) -> bool:
    """Nobody locks themselves out: one's own account keeps its role and its right to sign in."""
    if user.id == current_user.id and (form.role.data != user.role or not form.active.data):
        form.role.errors = [_("You cannot take your own rights away. Ask another administrator.")]
        return False
    return True


def _choices() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    return current_app.extensions["scope_choices"]()


def _scope(form: UserForm) -> tuple[list[int] | None, list[int] | None]:
    return form.principal_ids.data or None, form.site_ids.data or None
