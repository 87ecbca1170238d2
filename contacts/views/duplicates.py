"""Rows that may be one person, for a person to decide about."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.forms.people import DecideForm
from contacts.queries.duplicates import link_seen, undecided
from contacts.queries.parties import principals
from contacts.queries.persons import customer_seen
from contacts.services.merging import MergeRefused, keep_apart, merge, undo_merge
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now

AT_ONCE = 50


@bp.get("/contacts/people/duplicates")
@permitted("contacts.people")
def duplicates() -> str:
    """Rows of one principal that may be one person, and that no rule may merge by itself."""
    scope = current_scope()
    pairs = undecided(principals(scope), AT_ONCE) if scope.site_ids is None else []
    may_decide = "contacts.erase" in current_user.permissions
    return render_template("contacts/duplicates.html", pairs=pairs, form=DecideForm(), may_decide=may_decide)


@bp.post("/contacts/people/duplicates/<any(merge, apart):verdict>")
@permitted("contacts.erase")
def decide_duplicate(verdict: str) -> Any:
    """Write down what was decided, and merge if it was that."""
    form = DecideForm()
    kept, other = (_row(field.data) for field in (form.kept, form.other))
    if not form.validate_on_submit() or kept is None or other is None:
        abort(404)
    act = merge if verdict == "merge" else keep_apart
    try:
        act(kept, other, utc_now(), current_user.id)
    except MergeRefused:
        db.session.rollback()
        flash(_("Somebody else decided about these two in the meantime."))
    else:
        db.session.commit()
        flash(_("They are one person now.") if verdict == "merge" else _("They stay two people."))
    return redirect(url_for(".duplicates"))


@bp.post("/contacts/people/links/<int:link_id>/undo")
@permitted("contacts.erase")
def undo_link(link_id: int) -> Any:
    """Tell two rows apart again."""
    scope = current_scope()
    link = link_seen(link_id, scope) if scope.site_ids is None else None
    if link is None:
        abort(404)
    customer_id = link.kept_id
    try:
        undo_merge(link_id, utc_now(), current_user.id)
    except MergeRefused:
        db.session.rollback()
        flash(_("This merge cannot be undone: it was undone before, or somebody was erased since."))
    else:
        db.session.commit()
        flash(_("They are two people again."))
    return redirect(url_for(".person", customer_id=customer_id))


def _row(customer_id: int | None) -> int | None:
    customer = customer_seen(customer_id, current_scope()) if customer_id is not None else None
    return customer.id if customer is not None else None
